// The words of scripts: written in Chinese where they are used; the page brings those of another language.

const words = JSON.parse(document.body.dataset.scriptWords ?? "{}");

/** Give a text in the language of the page, with figures filled in. */
export function say(text, figures = {}) {
  return (words[text] ?? text).replace(/\{(\w+)\}/g, (place, name) => figures[name] ?? place);
}
