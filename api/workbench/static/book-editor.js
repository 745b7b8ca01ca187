// The editor of a draft. Nothing is judged here: what is wrong, passes or is missing is what the server said last.
import { bookSetup } from "./book-code.js";
import { completionSource } from "./book-completion.js";
import {
  autocompletion, Compartment, completionKeymap, EditorState, EditorView, gutter, GutterMarker, keymap, lintGutter, lintKeymap, RangeSet, setDiagnostics,
  StateEffect, StateField, unifiedMergeView,
} from "./codemirror.js";
import { bindKeys, focusSearch } from "./keys.js";

const CHECK_MS = 400;
const desk = document.querySelector("[data-desk]");
const isOwn = desk.dataset.own === "yes";
const readJson = (selector) => JSON.parse(document.querySelector(selector).textContent);
const words = readJson("[data-words]");
const said = readJson("[data-said]");
const find = (name) => document.querySelector(`[data-${name}]`);

let names = [], rules = [], texts = [], clauses = [], keywords = "zh", version = Number(desk.dataset.version), savedText = find("text").textContent;
let tests = [], missing = [], survivors = [], checkTimer, checking, mutating;

class Mark extends GutterMarker {
  constructor(kind, sign, told) { super(); Object.assign(this, { kind, sign, told }); }
  eq(other) { return this.kind === other.kind && this.sign === other.sign && this.told === other.told; }
  toDOM() {
    const mark = document.createElement("span");
    mark.className = `mark ${this.kind}`;
    mark.textContent = this.sign;
    mark.title = this.told;
    return mark;
  }
}
const merging = new Compartment();
const setMarks = StateEffect.define();
const marks = StateField.define({
  create: () => RangeSet.empty,
  update: (value, transaction) => transaction.effects.find((each) => each.is(setMarks))?.value ?? value.map(transaction.changes),
});

const view = new EditorView({
  parent: find("editor"),
  state: EditorState.create({
    doc: savedText,
    extensions: [
      keymap.of([...completionKeymap, ...lintKeymap, { key: "Enter", run: beginLine }]),
      marks, gutter({ class: "cm-marks", markers: (each) => each.state.field(marks), initialSpacer: () => new Mark("", "✓", "") }),
      lintGutter(), merging.of([]), bookSetup(said.editor, !isOwn),
      isOwn ? autocompletion({ override: [completionSource(() => ({ words: words[keywords], names }))], icons: false }) : [],
      EditorView.updateListener.of((update) => {
        if (update.docChanged) changed();
        if (update.docChanged || update.selectionSet) showClause();
      }),
    ],
  }),
});
const text = () => view.state.doc.toString();

/** A new line begins where the one before began, two further in after a colon; a comment behind a line says nothing about that. */
function beginLine({ state, dispatch }) {
  if (state.readOnly) return false;
  const { from, to } = state.selection.main, line = state.doc.lineAt(from);
  const before = line.text.slice(0, from - line.from);
  const indent = before.match(/^\s*/)[0] + (/:\s*(?:#.*)?$/.test(before) ? "  " : "");
  dispatch(state.update({ changes: { from, to, insert: `\n${indent}` }, selection: { anchor: from + 1 + indent.length }, scrollIntoView: true, userEvent: "input" }));
  return true;
}

async function ask(address, body, options = {}) {
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": desk.dataset.token };
  const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(body), ...options });
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    throw new Error([problem.detail ?? said.offline, problem.way_out].filter(Boolean).join(" | "));
  }
  return answer;
}

function complain(error) {
  if (error?.name === "AbortError") return;
  find("problem").textContent = error ? (error instanceof TypeError ? said.offline : error.message) : "";
  find("problem").hidden = !error;
}

// Checking, a moment after the last key
function changed() {
  tellState();
  clearTimeout(checkTimer);
  checkTimer = setTimeout(check, CHECK_MS);
}

async function check() {
  if (!desk.dataset.check) return; // who may write books may have any draft checked, and reads the clauses beside it
  checking?.abort();
  checking = new AbortController();
  const asked = text();
  try {
    const answer = await (await ask(desk.dataset.check, { text: asked }, { signal: checking.signal })).json();
    if (asked === text()) told(answer);
    complain(null);
  } catch (error) { complain(error); }
}

function told(answer) {
  if (answer.names) ({ names, rules, texts, keywords } = answer);
  const found = answer.diagnostics, warned = answer.warnings ?? [];
  view.dispatch(setDiagnostics(view.state, [...found.map((each) => diagnosticOf(each, "error")), ...warned.map((each) => diagnosticOf(each, "warning"))]));
  find("checked").textContent = [found.length ? `${found.length} ${said.problems}` : said.sound, warned.length ? `${warned.length} ${said.warnings}` : ""].filter(Boolean).join(" · ");
  find("checked").className = found.length ? "bad" : warned.length ? "warn" : "good";
  list("problems", [...found.map((each) => problemItem(each, "bad")), ...warned.map((each) => problemItem(each, "warn"))]);
  showClause();
}

function problemItem(each, kind) {
  const entry = item(each.line, each.what, each.way_out);
  entry.classList.add(kind);
  return entry;
}

function diagnosticOf(each, severity) {
  const line = view.state.doc.line(Math.min(each.line, view.state.doc.lines));
  const from = Math.min(line.from + each.column - 1, line.to);
  const token = view.state.sliceDoc(from, line.to).match(/^[\p{L}\p{N}_.%]+|^\S/u)?.[0].length ?? 0;
  return { from, to: from + token, severity, message: `${each.what}\n${each.way_out}` };
}

// Saving, with the tests
async function save() {
  if (!isOwn) return;
  const asked = text();
  find("state").textContent = said.saving;
  try {
    const answer = await (await ask(desk.dataset.save, { text: asked, version })).json();
    version = answer.version;
    savedText = asked;
    complain(null);
    if (asked === text()) told(answer);
    tests = answer.tests ?? [];
    clauses = answer.coverage?.clauses ?? [];
    missing = answer.coverage?.missing ?? [];
    survivors = [];
    showTests(answer);
  } catch (error) { complain(error); }
  tellState();
}

function showTests(answer) {
  const failed = tests.filter((each) => !each.passed);
  const tested = find("tested");
  tested.textContent = answer.tests
    ? [failed.length ? `${failed.length} ${said.failed}` : `${tests.length} ${said.passed}`,
      answer.coverage && `${answer.coverage.reached}${said.of}${answer.coverage.places} ${said.reached}`].filter(Boolean).join(" · ")
    : "";
  tested.className = failed.length ? "bad" : missing.length ? "warn" : "good";
  list("tests", failed.map(testItem), tests.length);
  list("passed", tests.filter((each) => each.passed).map(testItem));
  list("missing", missing.map((each) => item(each.line, each.what, each.way_out)));
  list("survivors", []);
  if (isOwn) find("mutated").textContent = "";
  drawMarks();
  showClause();
}

function testItem(test) {
  const told = test.passed ? "" : `${said.expected} ${test.expected}\n${said.got} ${test.got}`;
  const steps = test.name.includes("/") ? button(said.trace, () => trace(test.line)) : ""; // of a plan: rules have no steps
  const entry = item(test.line, `${test.passed ? "✓" : "✗"} ${test.name}`, told, steps);
  entry.classList.add(test.passed ? "good" : "bad");
  return entry;
}

// The margin: tests that pass or fail, clauses that tests reach or do not, changes that nothing notices
function drawMarks() {
  const byLine = new Map();
  const put = (line, kind, sign, what) => {
    if (line < 1 || line > view.state.doc.lines) return;
    const known = byLine.get(line);
    const weight = { bad: 3, warn: 2, good: 1 };
    if (!known) byLine.set(line, { kind, sign, told: what });
    else Object.assign(known, weight[kind] > weight[known.kind] ? { kind, sign } : {}, { told: `${known.told}\n${what}` });
  };
  for (const each of tests) put(each.line, each.passed ? "good" : "bad", each.passed ? "✓" : "✗", each.passed ? each.name : `${each.name}: ${said.expected} ${each.expected}, ${said.got} ${each.got}`);
  for (const each of clauses) for (const line of each.lines) put(line, "good", String(each.tests), `${each.clause}: ${each.tests} ${said.reaches}`);
  for (const each of missing) put(each.line, "warn", "○", each.what);
  for (const each of survivors) put(each.line, "warn", "△", `${said.nobody} ${each.what}`);
  const ranges = [...byLine].sort((one, two) => one[0] - two[0]).map(([line, { kind, sign, told: what }]) => new Mark(kind, sign, what).range(view.state.doc.line(line).from));
  view.dispatch({ effects: setMarks.of(RangeSet.of(ranges)) });
}

// Changes that no test notices, as they are found
async function mutate() {
  if (mutating) return mutating.abort();
  mutating = new AbortController();
  const [run, bar, tally] = [find("do-mutate"), find("progress"), find("mutated")];
  survivors = [];
  list("survivors", []);
  run.textContent = said.stop;
  bar.hidden = false;
  bar.removeAttribute("value");
  let noticed = 0, counted = 0, done = 0, rest = "";
  try {
    const answer = await ask(desk.dataset.mutate, { text: text() }, { signal: mutating.signal });
    for await (const piece of pieces(answer.body)) {
      const lines = (rest + piece).split("\n");
      rest = lines.pop();
      for (const each of lines.map((line) => JSON.parse(line))) {
        if (each.total !== undefined) { bar.max = each.total; continue; }
        bar.value = done += 1;
        counted += !each.same;
        noticed += !each.same && !each.survived;
        if (each.survived) survivors.push(each);
      }
      tally.textContent = `${noticed}${said.of}${counted} ${said.noticed}`;
    }
    complain(null);
  } catch (error) {
    if (error.name === "AbortError") tally.textContent += ` (${said.stopped})`;
    complain(error);
  }
  list("survivors", survivors.map(survivorItem));
  drawMarks();
  run.textContent = said.mutate;
  bar.hidden = true;
  mutating = undefined;
}

async function* pieces(body) {
  const [reader, decoder] = [body.getReader(), new TextDecoder()];
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield decoder.decode(piece.value, { stream: true });
}

function survivorItem(each) {
  const entry = item(each.line, each.what, `${said.addto} ${each.plan}`);
  const proposal = document.createElement("pre");
  proposal.textContent = each.test;
  const copy = button(said.copy, async () => { await navigator.clipboard.writeText(each.test); copy.textContent = said.copied; });
  entry.append(proposal, navigator.clipboard ? copy : "");
  return entry;
}

async function trace(line) {
  try {
    const answer = await (await ask(desk.dataset.trace, { text: text(), line })).json();
    find("trace-name").textContent = answer.name;
    find("trace-html").innerHTML = answer.html; // of our own server, which escaped every name in it
    find("trace-box").showModal();
    complain(null);
  } catch (error) { complain(error); }
}

/** The contract's wording beside the rule: what the rule at the cursor cites, what the rules on its line cite, or who cites the text it stands in. */
function showClause() {
  const here = view.state.doc.lineAt(view.state.selection.main.head);
  const text = within(texts, here.number), rule = text ? undefined : within(rules, here.number);
  const shown = rule ? [rule] : text ? [] : rules.filter((each) => namesOn(here.text).includes(each.name));
  find("clause").replaceChildren(...(text ? citedBy(text) : shown.length ? shown.flatMap((each) => wordingOf(each, here.number)) : [span(said.norule)]));
}

/** Find what a line belongs to: the last that begins at or above it, in its layer. */
function within(entries, line) {
  const last = entries.filter((each) => each.line <= line).sort((one, two) => one.line - two.line).at(-1);
  return last && line < endOf(last) ? last : undefined;
}

const namesOn = (line) => line.replace(/#.*/u, "").match(/[\p{L}\p{N}_]+/gu) ?? [];

function wordingOf(rule, line) {
  const head = document.createElement("p");
  head.append(button(`${said.rule} ${rule.name}`, () => goTo(rule.line)));
  const entries = new Map(rule.cites.map((each) => [each.clause, each]));
  return [head, ...[...entries.values()].map((each) => quote(each, rule.cites.some((other) => other.clause === each.clause && other.line === line)))];
}

function quote({ clause, number }, isHere) {
  const entry = document.createElement("blockquote");
  if (isHere) entry.setAttribute("aria-current", "true");
  const text = texts.find((each) => each.number === number), tests = clauses.find((each) => each.clause === clause)?.tests;
  const head = document.createElement("p");
  head.append(text ? button(clause, () => goTo(text.line)) : span(clause), span(tests === undefined ? "" : `${tests} ${said.reaches}`, "more"));
  const wording = document.createElement("p");
  wording.lang = /\p{Script=Han}/u.test(text?.text ?? said.notext) ? "zh-CN" : "en";
  if (!text) wording.className = "warn";
  wording.textContent = text ? text.text : said.notext;
  entry.append(head, wording);
  return entry;
}

function citedBy(text) {
  const head = document.createElement("p");
  const citing = rules.filter((rule) => rule.cites.some((each) => each.number === text.number));
  head.append(span(`${text.number} · ${citing.length ? said.citedby : said.uncited} `), ...citing.map((each) => button(each.name, () => goTo(each.line))));
  return [head];
}

/** What stands in a layer ends where the next layer begins: at the next line without indentation. */
function endOf(entry) {
  const { doc } = view.state;
  for (let number = entry.line + 1; number <= doc.lines; number += 1) if (/^[^\s#]/.test(doc.line(number).text)) return number;
  return doc.lines + 1;
}

function list(name, entries, counted = entries.length) {
  document.querySelector(`[data-list="${name}"]`)?.replaceChildren(...entries);
  const count = document.querySelector(`[data-count="${name}"]`);
  if (count) count.textContent = counted || "";
}

function item(line, what, more, act = "") {
  const entry = document.createElement("li");
  entry.append(button(`${said.line} ${line}`, () => goTo(line)), span(what), act);
  if (more) entry.append(span(more, "more"));
  return entry;
}

function span(what, kind = "what") {
  const part = document.createElement("span");
  part.className = kind;
  part.textContent = what;
  return part;
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "plain";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

function goTo(number) {
  const line = view.state.doc.line(Math.min(number, view.state.doc.lines));
  view.dispatch({ selection: { anchor: line.from + line.text.search(/\S|$/) }, effects: EditorView.scrollIntoView(line.from, { y: "center" }) });
  view.focus();
}

function tellState() {
  const isSaved = text() === savedText;
  find("state").textContent = isOwn ? (isSaved ? `${said.saved} v${version}` : said.unsaved) : "";
  find("state").className = isSaved ? "quiet" : "warn";
}

let isMerged = false;
find("do-merge")?.addEventListener("click", (event) => {
  isMerged = !isMerged;
  event.target.setAttribute("aria-pressed", String(isMerged));
  view.dispatch({ effects: merging.reconfigure(isMerged ? unifiedMergeView({ original: find("published").textContent, mergeControls: false }) : []) });
});
find("do-save")?.addEventListener("click", save);
find("do-mutate")?.addEventListener("click", mutate);
addEventListener("keydown", (event) => { // wherever the focus is: in the text, in a list beside it, on a button
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.isComposing || event.key.toLowerCase() !== "s") return;
  event.preventDefault();
  save();
});
addEventListener("beforeunload", (event) => { if (isOwn && text() !== savedText) event.preventDefault(); });
bindKeys({ "/": focusSearch });
tellState();
check();
