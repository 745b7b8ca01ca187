"""An adjuster's morning in a real browser: Chromium against a real server, with the keyboard."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import waitress
from api_house import PASSWORD, House
from test_api_claims import send

from adjudicator.story import tell
from api.settings import ApiSettings
from api.web import create_app
from domain.states import ClaimState
from storage import access, events
from storage.access import Staff

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright for Python is not installed: make setup-test")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install --no-install-recommends chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@contextmanager
def serve(house: House, undo_ms: int = 0) -> Iterator[str]:
    """Serve a house, where decisions can be taken back for so long."""
    house.system = replace(house.system, limits=replace(house.system.limits, undo_ms=undo_ms))
    server = waitress.create_server(create_app(house.system, ApiSettings("k" * 32, secure_cookies=False)), host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)


@pytest.fixture
def url(house: House) -> Iterator[str]:
    with serve(house) as address:
        yield address


@pytest.fixture
def page(browser: "playwright.Browser", url: str) -> Iterator["playwright.Page"]:
    """A logged-in page; anything the browser complains about fails the test."""
    context = browser.new_context(base_url=url, viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.set_default_timeout(30_000)
    opened, complaints = context.new_page(), []
    opened.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto("/login")
    opened.fill("[name=user_name]", "chen")
    opened.fill("[name=password]", PASSWORD)
    opened.keyboard.press("Enter")
    opened.wait_for_selector(".queue")
    opened.wait_for_load_state("load")  # keys are bound by then, and not a moment before on a busy machine
    yield opened
    context.close()
    assert complaints == []


def waiting_claim(house: House) -> str:
    claim_id: str = send(house).json["claim_id"]
    house.work()
    assert tell(house.system, claim_id).claim.state is ClaimState.IN_REVIEW
    return claim_id


def test_an_adjuster_finds_opens_and_pays_a_claim_with_the_keyboard_alone(house: House, page: "playwright.Page") -> None:
    claim_id = waiting_claim(house)
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/claims/{claim_id}")
    page.keyboard.press("a")
    page.keyboard.type("核对无误")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".said")
    house.work()
    assert tell(house.system, claim_id).paid_fen == 450_000


def test_who_comes_back_to_the_queue_finds_the_filter_and_the_row_as_they_were(house: House, page: "playwright.Page") -> None:
    claim_id = waiting_claim(house)
    page.goto("/?filter=review")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/claims/{claim_id}?list=filter%3Dreview")
    page.keyboard.press("q")
    page.wait_for_url("**/?filter=review")
    page.wait_for_function("document.activeElement.matches('[data-row]')")


def test_a_focused_field_lights_its_box_and_turns_to_its_document(house: House, page: "playwright.Page") -> None:
    claim_id = waiting_claim(house)
    page.goto(f"/claims/{claim_id}")
    document_id = tell(house.system, claim_id).documents[0].document_id
    page.keyboard.press("]")
    assert page.is_hidden(f"[data-paper='{document_id}']")
    page.focus(f"[data-field='{document_id}-total_fen']")
    assert page.is_visible(f"[data-paper='{document_id}']")
    lit = page.locator("rect.lit")
    assert lit.get_attribute("data-box") == f"{document_id}-total_fen"
    picture, box = page.locator(f"[data-paper='{document_id}'] img").bounding_box(), lit.bounding_box()
    assert picture
    assert box
    assert abs((box["x"] - picture["x"]) / picture["width"] - 40 / 600) < 0.02  # the box lies where it lies on the picture


def test_a_duplicate_lights_the_number_on_both_claims(house: House, page: "playwright.Page") -> None:
    first = waiting_claim(house)
    second = send(house, "APP-2").json["claim_id"]
    house.work()
    page.goto(f"/claims/{second}")
    page.click("text=见医疗收费票据")
    assert page.get_attribute("rect.lit", "data-box").endswith("-invoice_number")  # type: ignore[union-attr]
    with page.context.expect_page() as opened:
        page.click("text=看对方资料")
    other = opened.value
    assert f"/claims/{first}#" in other.url
    assert other.get_attribute("rect.lit", "data-box").endswith("-invoice_number")  # type: ignore[union-attr]


def test_amounts_and_days_are_not_broken_over_lines(house: House, page: "playwright.Page") -> None:
    page.set_viewport_size({"width": 1500, "height": 1000})
    page.goto(f"/claims/{waiting_claim(house)}")
    seen = page.eval_on_selector_all(
        ".field[data-field$='_fen'] .value, .field[data-field$='_date'] .value",
        "values => values.map(value => [value.textContent.trim(), value.offsetHeight / parseFloat(getComputedStyle(value).fontSize)])",
    )
    told = {text: height for text, height in seen if text != "未识别"}
    assert {"20,000.00", "2026-08-15"} <= set(told) and max(told.values()) < 2


def test_a_correction_tells_what_it_changes_in_money(house: House, page: "playwright.Page") -> None:
    claim_id = waiting_claim(house)
    page.goto(f"/claims/{claim_id}")
    document_id = tell(house.system, claim_id).documents[0].document_id
    page.focus(f"[data-field='{document_id}-social_insurance_paid_fen']")
    page.keyboard.press("e")
    page.keyboard.press("Control+A")
    page.keyboard.type("9000.00")
    page.keyboard.press("Enter")
    page.wait_for_selector(".edit output >> text=4,500.00 → 3,500.00")
    story = tell(house.system, claim_id)  # and nothing is saved yet
    assert story.adjudication is not None and story.adjudication.proposed_fen == 450_000
    page.keyboard.press("Enter")
    page.wait_for_selector(".said")
    assert "4,500.00 → 3,500.00" in page.inner_text(".said")


def test_no_shortcut_fires_while_an_input_method_composes(house: House, page: "playwright.Page") -> None:
    page.goto(f"/claims/{waiting_claim(house)}")
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'a', isComposing: true, bubbles: true}))")
    assert page.locator(".choice[open]").count() == 0
    page.keyboard.press("a")
    assert page.locator(".choice[open]").count() == 1
    page.keyboard.type("D 是医生说的")  # typing into the form is no shortcut either
    assert page.locator(".choice.decline[open]").count() == 0
    page.keyboard.press("Escape")
    assert page.locator(".choice[open]").count() == 0


def test_help_opens_and_closes(page: "playwright.Page") -> None:
    page.keyboard.press("?")
    assert page.is_visible("dialog.help")
    page.keyboard.press("Escape")
    assert page.is_hidden("dialog.help")


def test_an_open_page_notices_that_somebody_else_saved(house: House, page: "playwright.Page") -> None:
    claim_id = waiting_claim(house)
    page.goto(f"/claims/{claim_id}")
    page.keyboard.press("d")
    page.keyboard.type("第七条")
    colleague = house.client(staff="zhou")
    theirs = colleague.get(f"/claims/{claim_id}").text
    colleague.submit(theirs, f"/claims/{claim_id}/take_over")
    colleague.submit(theirs, f"/claims/{claim_id}/investigate", reason="核实")
    page.wait_for_selector("[data-changed]:not([hidden])")
    assert page.input_value(".choice.decline [name=clause]") == "第七条"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_draw_chinese_and_fit_their_window(house: House, browser: "playwright.Browser", url: str, scheme: str) -> None:
    context = browser.new_context(base_url=url, color_scheme=scheme, viewport={"width": 1280, "height": 800}, locale="zh-CN")
    opened = context.new_page()
    opened.goto("/login")
    widths = opened.evaluate(
        """() => ['理', '赔'].map((character) => {
            const canvas = document.createElement('canvas'); canvas.width = canvas.height = 40;
            const pen = canvas.getContext('2d'); pen.font = '30px sans-serif'; pen.fillText(character, 2, 32);
            return pen.getImageData(0, 0, 40, 40).data.reduce((sum, value, place) => sum + value * (place % 97), 0);
        })"""
    )
    if widths[0] == widths[1]:
        pytest.skip("no Chinese font on this machine: apt-get install fonts-wqy-microhei")
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ground = opened.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, ground.removeprefix("rgb(").removesuffix(")").split(","))) > 384) is (scheme == "light")
    context.close()


def test_a_second_person_signs_a_catastrophe_with_the_mouse(browser: "playwright.Browser", url: str, house: House) -> None:
    with house.system.database.write() as tx:
        access.save_staff(tx, Staff("bai", "白高级", "senior_adjuster", 0), PASSWORD)
    for number, name in enumerate(("zhou", "bai")):
        page = browser.new_context(base_url=url, locale="zh-CN").new_page()
        page.goto("/login")
        page.fill("[name=user_name]", name)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.click("text=灾害事件")
        if number == 0:
            page.click("text=启动灾害应急")
            for field, text in (
                ("code", "flood_1"),
                ("name", "示例洪水"),
                ("regions", "9901"),
                ("from", "2026-04-01"),
                ("to", "2026-04-09"),
            ):
                page.fill(f"[name={field}]", text)
            page.check("[name=perils][value=疾病]")
            page.check("[name=without][value=id_card]")
            page.click("text=以第一人身份签署")
            assert page.inner_text(".problem") == "您已作为第一人签署，须由另一人批准。"
        else:
            page.click("text=flood_1")
            page.click("text=以第二人身份批准")
            assert "已并入案件" in page.inner_text(".said")
    with house.system.database.read() as tx:
        assert events.get_event(tx, "flood_1").approved_by == "bai"


def test_a_report_is_taken_on_one_page_while_the_caller_talks(house: House, page: "playwright.Page") -> None:
    person = house.portfolio.persons[0]
    page.click("text=热线")
    page.fill("[name=name]", person.name)
    page.fill("[name=birth_date]", person.birth_date.isoformat())
    page.keyboard.press("Enter")
    page.wait_for_selector(f"h2:has-text('{person.name}')")
    page.fill("[name=said]", "昨天下午在示例市第一医院因为阑尾炎住院做了手术")
    page.click("text=听懂并填表")
    page.wait_for_selector(".ask, .chips")
    assert page.input_value("[name=loss_date]")
    assert page.input_value("[name=loss_cause]") == "疾病"
    page.click("text=受理报案")
    page.wait_for_selector("text=报案已受理")


_CHINESE_OF_OURS = """() => {
  const chinese = /[\\u3400-\\u9fff]/, found = [], ofBooks = ".code-sheet, [data-clause], [data-list], .problem pre"; // their own words
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const inside = node.parentElement.closest("[lang]");
    const isOfBook = node.parentElement.closest(`title, script, textarea, [data-text], [data-published], ${ofBooks}`);
    if (chinese.test(node.data) && !inside.lang.startsWith("zh") && !isOfBook) found.push(node.data.trim());
  }
  for (const each of document.querySelectorAll("[placeholder], [title], [aria-label]")) {
    for (const name of ["placeholder", "title", "aria-label"]) {
      const words = each.getAttribute(name) ?? "";
      if (chinese.test(words) && !each.closest(`[lang^=zh], ${ofBooks}`)) found.push(`${name}: ${words}`);
    }
  }
  return found;
}"""


def test_an_english_adjuster_meets_no_chinese_but_names_and_clauses(house: House, browser: "playwright.Browser", url: str) -> None:
    claim_id = waiting_claim(house)
    context = browser.new_context(base_url=url, locale="en-GB", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto("/login")
    assert page.evaluate(_CHINESE_OF_OURS) == []
    page.fill("[name=user_name]", "chen")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".queue")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.evaluate(_CHINESE_OF_OURS) == []
    page.check("[data-row] input[name=claim]")
    assert page.text_content("[data-bulk-count]") == "1 chosen"
    page.goto(f"/claims/{claim_id}")
    assert page.evaluate(_CHINESE_OF_OURS) == []
    page.keyboard.press("a")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".said, [data-toast]")
    assert page.evaluate(_CHINESE_OF_OURS) == []
    context.close()


def test_the_telephone_desk_searches_above_what_it_finds_and_shows_a_whole_date(page: "playwright.Page") -> None:
    page.goto("/hotline")
    title, search, birth = (page.locator(each).bounding_box() for each in ("main h1", ".finding", "[name=birth_date]"))
    assert title and search and birth
    assert search["y"] >= title["y"] + title["height"]
    assert (search["x"], birth["width"] >= 120) == (title["x"], True)
