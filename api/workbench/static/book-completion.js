// What is offered while a book is typed: the words of the language from the page, the book's own names from the newest check.

const RANK = { clause: 65, element: 50, parameter: 45, rule: 40, function: 20, value: 12, word: 10, set: 15, responsibility: 30, plan: 25, step: 5, key: 5, type: 5 };
const TYPES = { clause: "text", element: "variable", parameter: "constant", rule: "method", function: "function", key: "keyword", step: "keyword", word: "keyword", type: "type", value: "enum", set: "namespace", responsibility: "class", plan: "class" };
const NAME = /[\p{L}\p{N}_]+$/u;

/** Give a completion source; `known` answers { words, names } as they are now. */
export function completionSource(known) {
  return (context) => {
    const typed = context.matchBefore(/[\p{L}\p{N}_]*/u);
    if (!typed || (typed.from === typed.to && !context.explicit && !isAfterColon(context) && !valuesBefore(context, known()))) return null;
    const line = context.state.doc.lineAt(typed.from);
    if (line.text.slice(0, typed.from - line.from).includes("#")) return null;
    const { words, names } = known();
    const cited = line.text.slice(0, context.pos - line.from).match(/(?:条款|clause)\s*:\s*([^,}#]*)$/u);
    const numbers = cited ? names.filter((each) => each.kind === "clause") : [];
    if (numbers.length) return { from: context.pos - cited[1].length, options: numbers.map((word) => option(word, "expression")), validFor: /^[^,}#]*$/u };
    const values = valuesBefore(context, known(), typed.from);
    if (values) return { from: typed.from, options: values.map((label, place) => ({ label, type: "enum", boost: -place })), validFor: NAME };
    const place = placeOf(context.state, line, typed.from);
    const options = [...names.filter((each) => each.kind !== "clause"), ...words].map((word) => option(word, place));
    return { from: typed.from, options: unique(options), validFor: /^[\p{L}\p{N}_]*$/u };
  };
}

/** After `条款:` a number of a clause is offered before anything was typed. */
function isAfterColon(context) {
  return context.matchBefore(/(?:条款|clause)\s*:\s*/u) !== null;
}

/** After `element =`, `element:` or in a list after 属于 only that element's values can stand. */
function valuesBefore(context, { names }, end = context.pos) {
  const line = context.state.doc.lineAt(end);
  const found = line.text.slice(0, end - line.from).match(/([\p{L}\p{N}_]+)\s*(?:=|!=|<=|>=|<|>|:)\s*$/u);
  const element = found && names.find((each) => each.kind === "element" && each.label === found[1]);
  return element?.values ?? null;
}

/** Tell where the cursor is: a step after a dash, a key at the beginning of a line, or an expression. */
function placeOf(state, line, from) {
  const before = line.text.slice(0, from - line.from);
  if (/^\s*-\s*\{?$/.test(before)) return "item";
  return /^\s*$/.test(before) ? "key" : "expression";
}

function option(word, place) {
  const lift = (place === "item" && word.kind === "step") || (place === "key" && word.kind === "key") ? 70 : 0;
  const apply = word.kind === "function" ? `${word.label}(` : (place !== "expression" && (word.kind === "key" || word.kind === "step") ? `${word.label}: ` : undefined);
  return { label: word.label, type: TYPES[word.kind], detail: word.detail, info: word.info, boost: (RANK[word.kind] ?? 0) + lift - 50, ...(apply ? { apply } : {}) };
}

function unique(options) {
  const seen = new Map();
  for (const each of options) if (!seen.has(each.label) || seen.get(each.label).boost < each.boost) seen.set(each.label, each);
  return [...seen.values()];
}
