// The next claim's page, fetched while somebody reads this one, so that a decision leads to it at once.
// It is shown only while the claim still has the version that was fetched: whoever shows it has asked the server.

let held = null;

function read(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  return { title: page.title, main: page.querySelector("[data-claim]") };
}

/** Fetch a claim's page and keep it; its first picture is fetched with it. */
export async function fetchAhead(address) {
  held = null;
  const answer = await fetch(address, { headers: { "X-Ahead": "yes" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const { title, main } = read(await answer.text());
  if (main) held = { address, title, main: document.adoptNode(main) };
}

/** Tell which version of a claim is held; null when it is not. */
export function heldVersion(claim) {
  return held?.main.dataset.claim === claim ? held.main.dataset.version : null;
}

/** Where to ask whether the held page is still the newest. */
export function heldVersionUrl() {
  return held?.main.dataset.versionUrl;
}

/** Show the held page in place of this one; false when it is not of that claim and version. */
export function showHeld(claim, version) {
  if (version === null || heldVersion(claim) !== String(version)) return false;
  history.pushState({}, "", held.address);
  put(held);
  held = null;
  return true;
}

/** Show a claim's page that came as the answer to a form; false when it is another kind of page. */
export function showAnswer(text) {
  const page = read(text);
  if (!page.main) return false;
  put(page);
  return true;
}

function put({ title, main }) {
  document.title = title;
  document.querySelector("[data-claim]").replaceWith(main);
  document.dispatchEvent(new Event("claim-shown"));
}

addEventListener("popstate", () => location.reload());
