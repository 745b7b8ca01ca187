// Is this webhook really from Mingbai, and fresh? The Standard Webhooks convention, with Node alone.
import { createHmac, timingSafeEqual } from "node:crypto";

/** Tells whether `body` (the raw bytes, before any JSON is read) was signed with our secret within the last five minutes. */
export function isGenuine(secret, headers, body, now = Date.now() / 1000) {
  const [id, timestamp, sent] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => headers[name]);
  if (!id || !/^\d+$/.test(timestamp ?? "") || !sent) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const right = Buffer.from("v1," + createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64"));
  // While a secret is changed there are two signatures, apart by spaces: one that fits is enough.
  const fits = sent.split(" ").map((each) => Buffer.from(each)).some((each) => each.length === right.length && timingSafeEqual(each, right));
  return fits && Math.abs(now - Number(timestamp)) <= 300;
}
