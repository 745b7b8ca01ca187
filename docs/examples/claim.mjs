// Send a claim in and wait for its money, from JavaScript with nothing but Node 20 (or a browser's fetch).
//
// BASE=http://127.0.0.1:8000 APP=<secret> node docs/examples/claim.mjs claim.json FILE…
//
// claim.json is the claim as docs/api.md describes it: external_ref, insured, loss_date, payee and so on.

import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";

const { BASE, APP } = process.env;
const MOVING = new Set(["SUBMITTED", "READING", "ADJUDICATED", "SCORED", "APPROVED_STRAIGHT_THROUGH", "DECIDED", "PAYING"]);
const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

// After a failure of the network or of the server the very same call may be made again.
async function call(method, path, makeBody = () => undefined, headers = {}) {
  for (const seconds of [0, 1, 4, 16]) {
    await wait(seconds);
    try {
      const answer = await fetch(BASE + path, { method, body: makeBody(), headers: { Authorization: `Bearer ${APP}`, ...headers } });
      const told = await answer.json();
      if (answer.ok) return told;
      if (![429, 500, 502, 503].includes(answer.status) && told.type !== "urn:mingbai:conflict.in_progress") {
        throw new Error(`${told.detail} | ${told.way_out ?? ""}`);
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // fetch throws a TypeError when the network fails
      console.error(`${path}: ${error.cause ?? error}`);
    }
  }
  throw new Error("the server does not answer");
}

const [notice, ...names] = process.argv.slice(2);
const claim = JSON.parse(await readFile(notice, "utf-8"));
const files = await Promise.all(names.map(async (name) => [basename(name), new Blob([await readFile(name)])]));
const makeBody = () => {
  const body = new FormData();
  body.append("claim", new Blob([JSON.stringify(claim)], { type: "application/json" }));
  for (const [name, content] of files) body.append("files", content, name);
  return body;
};

const receipt = await call("POST", "/v1/claims", makeBody, { "Idempotency-Key": randomUUID() });
console.log(receipt.claim_id, receipt.state);
let status;
while (MOVING.has((status = await call("GET", `/v1/claims/${receipt.claim_id}`)).state)) await wait(1);
console.log(status.state, status.text, status.paid);
