// Books to read: one version, or two beside each other.
import { bookSetup } from "./book-code.js";
import { EditorView, MergeView } from "./codemirror.js";
import { bindKeys, focusSearch } from "./keys.js";

for (const sheet of document.querySelectorAll("[data-read]")) {
  const doc = sheet.querySelector("pre").textContent;
  sheet.replaceChildren();
  new EditorView({ doc, extensions: bookSetup(sheet.dataset.label, true), parent: sheet });
}

for (const sheet of document.querySelectorAll("[data-compare]")) {
  const [old, fresh] = ["[data-old]", "[data-new]"].map((each) => sheet.querySelector(each).textContent);
  sheet.replaceChildren();
  new MergeView({
    a: { doc: old, extensions: bookSetup(sheet.dataset.oldLabel, true) },
    b: { doc: fresh, extensions: bookSetup(sheet.dataset.newLabel, true) },
    parent: sheet, gutter: true, collapseUnchanged: { margin: 3, minSize: 6 },
  });
}

bindKeys({ "/": focusSearch });
