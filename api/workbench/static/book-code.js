// How books look in CodeMirror, on every page that shows one: colours are the names of workbench.css, so that light and dark come by themselves.
import {
  bracketMatching, defaultKeymap, drawSelection, EditorState, EditorView, highlightActiveLine, highlightActiveLineGutter, HighlightStyle,
  highlightSelectionMatches, history, historyKeymap, indentOnInput, indentUnit, keymap, lineNumbers, search, searchKeymap, syntaxHighlighting, tags, yaml,
} from "./codemirror.js";

const nonce = document.querySelector("script[nonce]").nonce;

const colours = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: "var(--accent)" },
  { tag: tags.comment, color: "var(--quiet)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: "var(--quiet)" },
  { tag: tags.invalid, color: "var(--bad)" },
]);

const theme = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--sheet)", color: "var(--ink)", fontSize: "13px" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-gutters": { backgroundColor: "var(--sunk)", color: "var(--quiet)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--accent-soft) 55%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--accent-soft)" },
  ".cm-selectionMatch": { backgroundColor: "var(--warn-soft)" },
  ".cm-tooltip": { backgroundColor: "var(--sheet)", color: "var(--ink)", border: "1px solid var(--line-strong)", borderRadius: "6px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--accent-ink)" },
  ".cm-completionDetail": { color: "inherit", opacity: ".75", fontStyle: "normal" },
  ".cm-panels": { backgroundColor: "var(--sunk)", color: "var(--ink)" },
  ".cm-textfield, .cm-button": { backgroundColor: "var(--sheet)", backgroundImage: "none", color: "var(--ink)", border: "1px solid var(--line-strong)" },
  ".cm-diagnostic": { fontFamily: "inherit", whiteSpace: "pre-wrap" },
  // CodeMirror draws these with data: pictures, which our policy forbids.
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy", textDecorationColor: "var(--bad)", textUnderlineOffset: "3px" },
  ".cm-lint-marker-error": { content: "normal", textAlign: "center", color: "var(--bad)", lineHeight: "1.55" },
  ".cm-lint-marker-error::before": { content: "'●'" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline dotted", textDecorationColor: "var(--warn)", textUnderlineOffset: "3px" },
  ".cm-lint-marker-warning": { content: "normal", textAlign: "center", color: "var(--warn)", lineHeight: "1.55" },
  ".cm-lint-marker-warning::before": { content: "'◦'" },
  ".cm-changedLine, .cm-inlineChangedLine": { backgroundColor: "var(--good-soft) !important" },
  ".cm-deletedChunk, &.cm-merge-a .cm-changedLine": { backgroundColor: "var(--bad-soft) !important" },
  ".cm-changedText": { background: "none !important", boxShadow: "inset 0 -2px var(--good)" },
  ".cm-deletedChunk .cm-deletedText, &.cm-merge-a .cm-changedText": { background: "none !important", boxShadow: "inset 0 -2px var(--bad)" },
  ".cm-collapsedLines::before, .cm-collapsedLines::after": { content: "'…'" }, // its own sign is in few fonts
  ".cm-collapsedLines": { background: "var(--sunk)", color: "var(--quiet)" },
});

const chinese = {
  "Find": "查找", "Replace": "替换为", "next": "下一个", "previous": "上一个", "all": "全选", "match case": "区分大小写", "regexp": "正则", "by word": "整词",
  "replace": "替换", "replace all": "全部替换", "close": "关闭", "$ unchanged lines": "$ 行没有变动", "Diagnostics": "问题", "No diagnostics": "没有问题",
  "current match": "当前匹配", "replaced $ matches": "替换了 $ 处", "replaced match on line $": "替换了第 $ 行的匹配", "on line": "所在行",
  "Completions": "补全", "Unfold lines": "展开", "Go to line": "跳到行", "go": "跳转",
};

/** What every editor has; `label` is what a screen reader calls it. */
export function bookSetup(label, readOnly) {
  return [
    EditorState.phrases.of(document.documentElement.lang === "en" ? {} : chinese), EditorView.cspNonce.of(nonce), theme, syntaxHighlighting(colours), yaml(), EditorView.lineWrapping, indentUnit.of("  "), lineNumbers(), drawSelection(), bracketMatching(),
    highlightSelectionMatches(), search({ top: true }), EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", tabindex: "0" }),
    readOnly ? [EditorState.readOnly.of(true), keymap.of([...searchKeymap, ...defaultKeymap])]
      : [history(), indentOnInput(), highlightActiveLine(), highlightActiveLineGutter(), keymap.of([...searchKeymap, ...historyKeymap, ...defaultKeymap])],
  ];
}
