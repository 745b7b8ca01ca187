// The claim page: fields light their boxes, keys open the decisions, and an open page notices that somebody else saved.
import { bindKeys, focusSearch } from "./keys.js";
import { light, preparePapers, showPaper, turnPaper, zoom } from "./papers.js";

const LOOK_MS = 4_000;
const claim = document.querySelector("[data-claim]");
const RUNNING = new Set(["SUBMITTED", "READING", "ADJUDICATED", "SCORED", "APPROVED_STRAIGHT_THROUGH", "DECIDED", "PAYING"]);

preparePapers();

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

for (const field of document.querySelectorAll("[data-field]")) {
  const lit = () => light(field.dataset.field, field.dataset.document);
  field.addEventListener("focusin", lit);
  field.addEventListener("mouseenter", () => {
    if (!document.querySelector(".edit[open]")) lit();
  });
}

const focusFirst = (details) => details.querySelector("input:not([type=hidden]), textarea")?.focus();

/** Open a form and focus it at once: the toggle event comes too late for whoever types on. */
function openForm(details) {
  details.open = true;
  focusFirst(details);
}

for (const details of document.querySelectorAll(".choice, .edit")) {
  details.addEventListener("toggle", () => {
    if (details.open && !details.contains(document.activeElement?.closest("input, textarea"))) focusFirst(details);
  });
}

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

function follow(selector) {
  const link = document.querySelector(selector);
  if (!link) return false;
  location.href = link.href;
}

function editField() {
  const edit = document.activeElement.closest("[data-field]")?.querySelector(".edit");
  if (!edit) return false;
  openForm(edit);
}

bindKeys({
  ...Object.fromEntries(["a", "r", "d", "s", "i", "v", "m", "w", "o", "p", "t", "z"].map((key) => [key, () => decide(key)])),
  "[": () => turnPaper(-1),
  "]": () => turnPaper(1),
  "+": () => zoom("in"),
  "=": () => zoom("in"),
  "-": () => zoom("out"),
  0: () => zoom("fit"),
  e: editField,
  c: () => document.querySelector("[data-comment]")?.focus(),
  n: () => follow("[data-next]"),
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
  if (isBusy() || !RUNNING.has(claim.dataset.state)) document.querySelector("[data-changed]").hidden = false;
  else location.reload();
}

setInterval(look, LOOK_MS);

// Signs of life: who opened a claim first works on it; the others see who, and may take it over.
const ALIVE_MS = 15_000;

async function tellHere() {
  if (document.hidden) return;
  const answer = await fetch(claim.dataset.hereUrl, { method: "POST", headers: { "X-CSRF-Token": claim.dataset.csrf } }).catch(() => null);
  if (answer?.ok) showHere(await answer.json());
}

function showHere({ holder, since, others }) {
  const bar = document.querySelector("[data-here]");
  bar.hidden = !holder && !others.length;
  bar.querySelector("[data-here-take]").hidden = !holder;
  const words = (holder ? `${holder} 自 ${since} 起正在处理本案。` : "") + (others.length ? `${others.join("、")} 也打开了本案。` : "");
  const shown = bar.querySelector("[data-here-words]");
  if (shown.textContent !== words) shown.textContent = words;
}

if (claim.dataset.hereUrl) {
  tellHere();
  setInterval(tellHere, ALIVE_MS);
  addEventListener("visibilitychange", tellHere);
  addEventListener("pagehide", () => {
    navigator.sendBeacon(claim.dataset.leaveUrl, new URLSearchParams({ csrf: claim.dataset.csrf }));
  });
}
