// The next claim's page, fetched while somebody reads this one, so that a decision leads to it at once.
// It is shown only while the claim still has the version that was fetched: whoever shows it has asked the server. Where another claim
// comes next, or an older version is held, the server's answer to the decision brings the page.

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

/** Name the page that is held, by claim and version, as the server is told of it. */
export function heldName() {
  return held ? `${held.main.dataset.claim} ${held.main.dataset.version}` : "none";
}

/** Where to ask whether the held page is still the newest. */
export function heldVersionUrl() {
  return held?.main.dataset.versionUrl;
}

/** Show the held page in place of this one; false when it is not of that claim and version. */
export function showHeld(claim, version) {
  if (version === null || heldVersion(claim) !== String(version)) return false;
  put(held, held.address);
  held = null;
  return true;
}

/** Show a claim's page that came as the answer to a form, under its address; false when it is another kind of page. */
export function showAnswer(text, address = location.href) {
  const page = read(text);
  if (!page.main) return false;
  put(page, address);
  return true;
}

function put({ title, main }, address) {
  if (new URL(address, location).href !== location.href) history.pushState({}, "", address);
  document.title = title;
  document.querySelector("[data-claim]").replaceWith(main);
  scrollTo(0, 0); // in a narrow window it is the page that scrolls, and what is new stands on top
  keepLanguage();
  document.dispatchEvent(new Event("claim-shown"));
}

/** Let the switch of languages, which stays as it was loaded, lead to the claim that is shown. */
function keepLanguage() {
  const link = document.querySelector("a.language"), here = new URL(location);
  here.searchParams.set("language", new URL(link.href).searchParams.get("language"));
  link.href = here;
}

addEventListener("popstate", () => location.reload());
