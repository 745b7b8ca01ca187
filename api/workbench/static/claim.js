// The claim page: fields light their boxes, keys open the decisions, and an open page notices that somebody else saved.
import { fetchAhead, heldName, heldVersion, heldVersionUrl, showAnswer, showHeld } from "./ahead.js";
import { bindKeys, focusSearch } from "./keys.js";
import { light, preparePapers, showPaper, turnPaper, zoom } from "./papers.js";
import { putToast, undo } from "./toast.js";
import { say } from "./words.js";

const LOOK_MS = 4_000;
const AHEAD_MS = 300; // after the page has come to rest
let claim = null;
const RUNNING = new Set(["SUBMITTED", "READING", "ADJUDICATED", "SCORED", "APPROVED_STRAIGHT_THROUGH", "DECIDED", "PAYING"]);

document.addEventListener("click", (event) => {
  const tab = event.target.closest("[data-paper-tab]");
  if (tab) {
    event.preventDefault();
    if (tab.dataset.spot) light(tab.dataset.spot, tab.dataset.paperTab); // a finding that speaks of one field
    else showPaper(tab.dataset.paperTab);
  }
  const zoomer = event.target.closest("[data-zoom]");
  if (zoomer?.matches("button")) zoom(zoomer.dataset.zoom);
  const box = event.target.closest("[data-box]");
  if (box) document.querySelector(`[data-field="${CSS.escape(box.dataset.box)}"]`)?.focus();
});

function litBy(target) {
  const field = target.closest?.("[data-field]");
  if (field) light(field.dataset.field, field.dataset.document);
}

document.addEventListener("focusin", (event) => litBy(event.target));
document.addEventListener("mouseover", (event) => {
  const field = event.target.closest?.("[data-field]");
  if (field && !field.contains(event.relatedTarget) && !document.querySelector(".edit[open]")) litBy(field);
});

const focusFirst = (details) => details.querySelector("input:not([type=hidden]), select, textarea")?.focus();

/** Open a form and focus it at once: the toggle event comes too late for whoever types on. */
function openForm(details) {
  details.open = true;
  focusFirst(details);
}

document.addEventListener("toggle", ({ target: details }) => {
  if (!details.matches(".choice, .edit")) return;
  if (details.open && !details.contains(document.activeElement?.closest("input, textarea"))) focusFirst(details);
}, true); // it does not bubble

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest("form[data-decision], form.comment");
  if (form && !form.querySelector("button").disabled) form.requestSubmit();
});

function decide(key) {
  const choice = document.querySelector(`.choice[data-key="${key}"]`);
  if (!choice) return false;
  openForm(choice);
}

/** Open the next claim: the page that is held, when it is still the newest. */
function openNext() {
  const link = document.querySelector("[data-next]");
  if (!link) return false;
  showFetched(link);
}

async function showFetched(link) {
  const answer = heldVersion(link.dataset.next) && (await fetch(heldVersionUrl()).catch(() => null));
  if (!answer?.ok || !showHeld(link.dataset.next, (await answer.json()).version)) location.href = link.href;
}

// A verdict goes to the server beside the page: its answer names the next claim and its version, and brings its page unless it is held.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-verdict]")) return;
  event.preventDefault();
  give(event.target);
});

async function give(form) {
  const button = form.querySelector("button");
  if (button.disabled) return;
  button.disabled = true;
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Next": heldName() } }).catch(() => null);
  if (!answer) return void form.submit(); // the browser tells what is wrong with the line
  if (answer.headers.get("Content-Type").startsWith("application/json")) {
    const { address, claim: next, version, toast, page } = await answer.json();
    putToast(toast);
    if (!(page ? showAnswer(page, address) : showHeld(next, version))) location.href = address;
  } else if (!showAnswer(await answer.text())) location.reload();
}

// A correction is shown in money before it is saved: Enter asks what it would change, Enter again saves it.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches(".edit form") || form.dataset.seen === form.elements.text.value) return;
  event.preventDefault();
  preview(form);
});

document.addEventListener("input", (event) => event.target.closest(".edit form")?.classList.remove("seen"));

async function preview(form) {
  const text = form.elements.text.value;
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Preview": "yes" } }).catch(() => null);
  if (!answer?.ok) return void form.submit();
  const { words, refused } = await answer.json();
  const shown = form.querySelector("output") ?? form.appendChild(document.createElement("output"));
  shown.textContent = words;
  shown.classList.toggle("bad", refused);
  form.classList.toggle("seen", !refused);
  if (refused) delete form.dataset.seen;
  else form.dataset.seen = text;
}

function editField() {
  const edit = document.activeElement.closest("[data-field]")?.querySelector(".edit");
  if (!edit) return false;
  openForm(edit);
}

bindKeys({
  ...Object.fromEntries(["a", "r", "d", "s", "i", "v", "m", "w", "o", "p", "t", "z", "f", "g", "l"].map((key) => [key, () => decide(key)])),
  "[": () => turnPaper(-1),
  "]": () => turnPaper(1),
  "+": () => zoom("in"),
  "=": () => zoom("in"),
  "-": () => zoom("out"),
  0: () => zoom("fit"),
  e: editField,
  c: () => document.querySelector("[data-comment]")?.focus(),
  n: openNext,
  u: undo,
  q: () => { location.href = sessionStorage.getItem("queue") ?? "/"; },
  "/": focusSearch,
});

function isBusy() {
  return [...document.querySelectorAll("textarea, .choice input:not([type=hidden]), .edit[open] input")].some((each) => each.value !== each.defaultValue)
    || document.querySelector(".choice[open], .edit[open], dialog[open]") !== null;
}

async function look() {
  if (document.hidden) return;
  const answer = await fetch(claim.dataset.versionUrl).catch(() => null);
  if (!answer?.ok) return;
  const now = await answer.json();
  if (String(now.version) === claim.dataset.version) return;
  if (document.querySelector("[data-pending]")) location.reload(); // the minute is over, or it was taken back
  else if (isBusy() || !RUNNING.has(claim.dataset.state)) document.querySelector("[data-changed]").hidden = false;
  else location.reload();
}

setInterval(look, LOOK_MS);

// Signs of life: who opened a claim first works on it; the others see who, and may take it over.
const ALIVE_MS = 15_000;

async function tellHere() {
  if (document.hidden || !claim.dataset.hereUrl) return;
  const asked = claim;
  const answer = await fetch(claim.dataset.hereUrl, { method: "POST", headers: { "X-CSRF-Token": claim.dataset.csrf } }).catch(() => null);
  if (answer?.ok && asked === claim) showHere(await answer.json());
}

function leave() {
  if (claim?.dataset.leaveUrl) navigator.sendBeacon(claim.dataset.leaveUrl, new URLSearchParams({ csrf: claim.dataset.csrf }));
}

function showHere({ holder, since, others }) {
  const bar = document.querySelector("[data-here]");
  bar.hidden = !holder && !others.length;
  bar.querySelector("[data-here-take]").hidden = !holder;
  const words = [
    holder ? say("{who} 自 {since} 起正在处理本案。", { who: holder, since }) : "",
    others.length ? say("{who} 也打开了本案。", { who: others.join(say("、")) }) : "",
  ].join(" ");
  const shown = bar.querySelector("[data-here-words]");
  if (shown.textContent !== words) shown.textContent = words;
}

setInterval(tellHere, ALIVE_MS);
addEventListener("visibilitychange", tellHere);
addEventListener("pagehide", leave);

/** Make the claim ready that the page shows now. */
function begin() {
  const shown = document.querySelector("[data-claim]");
  if (claim && claim.dataset.claim !== shown.dataset.claim) leave();
  claim = shown;
  preparePapers();
  tellHere();
  const next = document.querySelector("[data-next]");
  if (next) setTimeout(() => fetchAhead(next.href), AHEAD_MS);
}

document.addEventListener("claim-shown", begin);
begin();
