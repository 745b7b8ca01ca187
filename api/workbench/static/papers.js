// The documents: one is shown at a time; it can be zoomed and dragged, and a field's box can be lit and brought to the middle.

let papers = [];
const MOST = 6;
const READABLE_PX = 26;
const MOST_OF_VIEW = 0.8;
let shown = null;

/** Show one document by its id. */
export function showPaper(id) {
  if (!papers.some((paper) => paper.dataset.paper === id)) return;
  shown = id;
  for (const paper of papers) paper.hidden = paper.dataset.paper !== id;
  for (const tab of document.querySelectorAll(".paper-tabs [data-paper-tab]")) {
    if (tab.dataset.paperTab === id) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
}

/** Show the next or the previous document. */
export function turnPaper(step) {
  const place = papers.findIndex((paper) => paper.dataset.paper === shown);
  if (papers.length) showPaper(papers[(place + step + papers.length) % papers.length].dataset.paper);
}

/** Zoom the shown document: "in", "out" or "fit". */
export function zoom(how) {
  const canvas = papers.find((paper) => paper.dataset.paper === shown)?.querySelector("[data-canvas]");
  if (!canvas) return;
  const now = Number(canvas.dataset.zoom ?? 1);
  setZoom(canvas, how === "fit" ? 1 : now * (how === "in" ? 1.4 : 1 / 1.4));
}

function setZoom(canvas, factor) {
  const zoomed = Math.min(MOST, Math.max(1, factor));
  canvas.dataset.zoom = zoomed;
  canvas.style.width = `${zoomed * 100}%`;
}

/** Zoom in until a box can be read: its text is as high as the page's own type, but all of the box is in view. */
function zoomTo(box, stage) {
  const canvas = stage.querySelector("[data-canvas]");
  const { width, height } = box.getBoundingClientRect();
  if (!width || !height) return;
  const now = Number(canvas.dataset.zoom ?? 1);
  const wanted = Math.min(READABLE_PX / height, (stage.clientWidth * MOST_OF_VIEW) / width);
  if (wanted > 1.05) setZoom(canvas, now * wanted);
}

/** Light a field's box, zoom in on it and bring it to the middle of the view. */
export function light(key, documentId) {
  if (document.querySelector(`.lit[data-field="${CSS.escape(key)}"]`)) return; // it is lit already: whoever zoomed since stays there
  for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
  const box = document.querySelector(`[data-box="${CSS.escape(key)}"]`);
  const paper = box?.closest("[data-paper]").dataset.paper ?? documentId; // a page that came as a file of its own has its picture there
  if (paper) showPaper(paper);
  document.querySelector(`[data-field="${CSS.escape(key)}"]`)?.classList.add("lit");
  if (!box) return;
  box.classList.add("lit");
  const stage = box.closest("[data-stage]");
  zoomTo(box, stage);
  const place = box.getBoundingClientRect();
  const view = stage.getBoundingClientRect();
  if (place.top >= view.top && place.bottom <= view.bottom && place.left >= view.left && place.right <= view.right) return;
  stage.scrollBy(place.left + place.width / 2 - view.left - view.width / 2, place.top + place.height / 2 - view.top - view.height / 2);
}

function measure(image) {
  // Boxes are in pixels of the picture after its EXIF orientation, and so is what the browser says here.
  image.nextElementSibling.setAttribute("viewBox", `0 0 ${image.naturalWidth} ${image.naturalHeight}`);
}

function drag(stage) {
  let from = null;
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    from = { x: event.clientX, y: event.clientY, left: stage.scrollLeft, top: stage.scrollTop };
  });
  stage.addEventListener("pointermove", (event) => {
    if (!from) return;
    stage.classList.add("dragging");
    stage.scrollTo(from.left + from.x - event.clientX, from.top + from.y - event.clientY);
  });
  for (const end of ["pointerup", "pointerleave"]) {
    stage.addEventListener(end, () => {
      from = null;
      stage.classList.remove("dragging");
    });
  }
  stage.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? "in" : "out");
  }, { passive: false });
}

/** Make the documents of the page ready. */
export function preparePapers() {
  papers = [...document.querySelectorAll("[data-paper]")];
  for (const paper of papers) {
    const image = paper.querySelector("[data-canvas] img");
    if (image) {
      image.draggable = false;
      if (image.complete && image.naturalWidth) measure(image);
      else image.addEventListener("load", () => measure(image));
    }
    const stage = paper.querySelector("[data-stage]");
    if (stage) drag(stage);
  }
  const [wanted, field] = location.hash.replace("#document-", "").split("/"); // as a finding on another claim names the field
  showPaper(papers.some((paper) => paper.dataset.paper === wanted) ? wanted : papers[0]?.dataset.paper);
  if (field) light(`${wanted}-${field}`, wanted);
}
