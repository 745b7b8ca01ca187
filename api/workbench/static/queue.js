// The queue: J and K walk, Enter opens, X ticks; the list keeps itself fresh without moving the chosen row or losing ticks.
import { bindKeys, focusSearch } from "./keys.js";
import { undo } from "./toast.js";
import { say } from "./words.js";

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
  if (document.hidden || document.querySelector("dialog[open], [data-tools][open]") || ticks().some((each) => each.checked)) return;
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
  if (row && !event.target.closest("a, .pick") && !getSelection().toString()) location.href = row.dataset.href;
});

const ticks = () => [...document.querySelectorAll("[data-row] input[name=claim]")];

function tick() {
  const box = rows().find((row) => row.dataset.href === chosen)?.querySelector("input[name=claim]");
  if (!box) return false;
  box.checked = !box.checked;
  showBulk();
}

function showBulk() {
  const bar = document.querySelector("[data-bulk-bar]");
  if (!bar) return;
  const count = ticks().filter((each) => each.checked).length;
  const all = document.querySelector("[data-all-found]");
  if (all && count < ticks().length) all.checked = false;
  if (all) all.closest("label").hidden = count < ticks().length;
  bar.hidden = count === 0;
  bar.querySelector("[data-bulk-count]").textContent = all?.checked ? say("选中全部查到的案件") : say("选中 {count} 件", { count });
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-all-rows]")) ticks().forEach((each) => { each.checked = event.target.checked; });
  if (event.target.closest("[data-bulk]")) showBulk();
  if (event.target.matches("[data-column]")) {
    const wanted = [...document.querySelectorAll("[data-column]:checked")].map((each) => each.value);
    document.querySelector("[data-columns]").value = wanted.join(",");
  }
});

/** Ask for the reason where an act needs one; false when it is missing. */
function hasReason({ form, dataset }) {
  const reason = form.elements.reason;
  if (!("needsReason" in dataset)) return true;
  reason.required = true; // for this act alone: paying needs none
  const isThere = reason.reportValidity();
  reason.required = false;
  return isThere;
}

document.addEventListener("submit", (event) => {
  const words = event.submitter?.dataset.asks;
  if (words && !hasReason(event.submitter)) return event.preventDefault();
  const count = document.querySelector("[data-bulk-count]")?.textContent;
  if (words && !confirm(say("{count}：{act}。每件的结果会逐一列出。", { count, act: words }))) event.preventDefault();
});

function tools() {
  const sheet = document.querySelector("[data-tools]");
  sheet.open = !sheet.open;
  if (sheet.open) sheet.querySelector("select").focus();
}

bindKeys({ u: undo, x: tick, f: tools, j: () => walk(1), k: () => walk(-1), ArrowDown: () => walk(1), ArrowUp: () => walk(-1), Enter: open, "/": focusSearch });
rows().find((row) => row.dataset.href === chosen)?.focus({ preventScroll: true });
setInterval(refresh, REFRESH_MS);
