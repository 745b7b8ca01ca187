// Keyboard shortcuts: single keys, never while somebody types or an input method composes.

const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

/** Bind single keys to acts; an act may return false to leave the key to the browser. */
export function bindKeys(acts) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") return escape(event);
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    const act = acts[event.key] ?? acts[event.key.toLowerCase()];
    if (act && act(event) !== false) event.preventDefault();
  });
  const help = document.querySelector("[data-help]");
  document.querySelector("[data-help-open]")?.addEventListener("click", () => help?.showModal());
  acts["?"] = () => help?.showModal();
}

function escape(event) {
  const open = event.target.closest("details[open]") ?? document.querySelector(".decide details[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  } else if (typing(event.target)) {
    event.target.blur();
  }
}

/** Focus the search field of the bar. */
export function focusSearch() {
  document.querySelector("[data-search]")?.focus();
}
