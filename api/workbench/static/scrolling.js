// What scrolls in the page can be reached with Tab, so that the arrow keys move it; what fits needs no stop.

const selector = ".sheet, .risk table, .result, .papers";

function mark() {
  for (const each of document.querySelectorAll(selector)) {
    if (each.scrollWidth > each.clientWidth || each.scrollHeight > each.clientHeight) each.tabIndex = 0;
    else each.removeAttribute("tabindex");
  }
}

mark();
addEventListener("resize", mark);
document.addEventListener("toggle", mark, true); // a folded part that opens
