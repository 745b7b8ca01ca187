// The queue: J and K walk, Enter opens, and the list keeps itself fresh without moving the chosen row.
import { bindKeys, focusSearch } from "./keys.js";

const REFRESH_MS = 10_000;
const rows = () => [...document.querySelectorAll("[data-row]")];
let chosen = sessionStorage.getItem("chosen"); // who comes back from a claim goes on where they were
sessionStorage.setItem("queue", location.pathname + location.search);

function choose(row) {
  if (!row) return;
  chosen = row.dataset.href;
  sessionStorage.setItem("chosen", chosen);
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function walk(step) {
  const all = rows();
  const place = all.findIndex((row) => row.dataset.href === chosen);
  choose(all[place < 0 ? 0 : Math.min(all.length - 1, Math.max(0, place + step))]);
}

function open() {
  if (!chosen || document.activeElement.closest("a, button")) return false;
  location.href = chosen;
}

async function refresh() {
  if (document.hidden || document.querySelector("dialog[open]")) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-live]");
  if (!fresh) return;
  page.querySelectorAll(".said").forEach((each) => each.remove());
  const hadFocus = document.activeElement.matches("[data-row]");
  document.querySelector("[data-live]").replaceWith(fresh);
  if (hadFocus) rows().find((row) => row.dataset.href === chosen)?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-row]");
  if (row && !event.target.closest("a") && !getSelection().toString()) location.href = row.dataset.href;
});
bindKeys({ j: () => walk(1), k: () => walk(-1), ArrowDown: () => walk(1), ArrowUp: () => walk(-1), Enter: open, "/": focusSearch });
rows().find((row) => row.dataset.href === chosen)?.focus({ preventScroll: true });
setInterval(refresh, REFRESH_MS);
