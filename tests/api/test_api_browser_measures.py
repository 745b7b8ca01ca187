"""What the desk feels like in a real browser: figures are printed (`pytest -s`) and not asserted; asserted is what was done."""

import time

import pytest
from api_house import House
from test_api_browser import browser, page, playwright, pytestmark, serve, url, waiting_claim  # noqa: F401  # fixtures
from test_api_browser_desk import log_in
from test_api_claims import send

BOXES = 500
# Five hundred boxes on the shown picture, then a second of scrolling and zooming: the time between two frames.
FRAMES = """async (most) => {
  const svg = document.querySelector('[data-paper]:not([hidden]) [data-boxes]');
  const first = svg.querySelector('rect');
  for (let place = svg.childElementCount; place < most; place++) {
    const more = first.cloneNode(true);
    more.setAttribute('x', (place * 37) % 560);
    more.setAttribute('y', (place * 53) % 760);
    more.dataset.box = `more-${place}`;
    svg.append(more);
  }
  const stage = svg.closest('[data-stage]'), zoom = document.querySelector('[data-paper]:not([hidden]) [data-zoom=in]');
  for (let step = 0; step < 4; step++) zoom.click();
  const gaps = [];
  let last = await new Promise(requestAnimationFrame);
  for (let frame = 0; frame < 120; frame++) {
    stage.scrollTop = frame * 6 % 900;
    stage.scrollLeft = frame * 3 % 400;
    const now = await new Promise(requestAnimationFrame);
    gaps.push(now - last);
    last = now;
  }
  return gaps.sort((a, b) => a - b);
}"""


def test_a_picture_with_five_hundred_boxes_is_scrolled(house: House, page: "playwright.Page") -> None:  # noqa: F811
    page.goto(f"/claims/{waiting_claim(house)}")
    page.wait_for_load_state("load")
    gaps = page.evaluate(FRAMES, BOXES)
    assert page.locator("[data-paper]:not([hidden]) rect").count() == BOXES
    print(f"\n{BOXES} boxes, ms a frame: median {gaps[60]:.1f}, p95 {gaps[114]:.1f}, most {gaps[-1]:.1f}")  # noqa: T201  # pytest shows it with -s


@pytest.mark.parametrize("is_ahead", [True, False], ids=["fetched ahead", "not fetched"])
def test_a_decision_leads_to_the_next_claim(house: House, browser: "playwright.Browser", is_ahead: bool) -> None:  # noqa: F811
    sent = [waiting_claim(house)]
    for number in range(3):
        sent.append(send(house, f"APP-{number + 2}").json["claim_id"])
        house.work()
    took = []
    with serve(house, undo_ms=60_000) as address:
        seen = log_in(browser, address, "zhou")
        if not is_ahead:
            seen.route("**/claims/*", lambda route: route.abort() if route.request.headers.get("x-ahead") else route.continue_())
        seen.goto(f"/claims/{sent[0]}")
        for _ in sent[1:]:
            seen.wait_for_load_state("load")
            seen.wait_for_timeout(1_500)  # somebody reads
            before = seen.get_attribute("[data-claim]", "data-claim")
            seen.keyboard.press("i")
            seen.keyboard.type("核实")
            begun = time.perf_counter()
            seen.keyboard.press("Control+Enter")
            seen.wait_for_function("id => document.querySelector('[data-claim]')?.dataset.claim !== id", arg=before)
            took.append((time.perf_counter() - begun) * 1000)
    assert len(took) == 3
    print(f"\ndecision to the next claim, {'fetched ahead' if is_ahead else 'not fetched'}: {', '.join(f'{each:.0f} ms' for each in took)}")  # noqa: T201  # pytest shows it with -s
