"""An actuary's afternoon in a real browser: a deductible changes, from the editor to the next claim."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
import waitress
from api_house import PASSWORD, House
from api_papers import stay_papers
from test_api_claims import a_claim, the_insured

from adjudicator.story import tell
from api.settings import ApiSettings
from api.web import create_app
from domain.china import china_day
from storage import access
from storage.access import Staff

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright for Python is not installed: make setup-test")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install --no-install-recommends chromium")
PRODUCT = "anxin-inpatient"
Open = Callable[..., "playwright.Page"]


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def url(house: House) -> Iterator[str]:
    with house.system.database.write() as tx:
        access.save_staff(tx, Staff("gao", "高精算", "actuary", 0), PASSWORD)
    server = waitress.create_server(create_app(house.system, ApiSettings("k" * 32, secure_cookies=False)), host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)


@contextmanager
def logging_in(browser: "playwright.Browser", url: str, complaints: list[str]) -> Iterator[Open]:
    """Give pages of people who are logged in; `complaints` fills with what a browser complains about."""
    contexts = []

    def log_in(name: str, **options: object) -> "playwright.Page":
        context = browser.new_context(base_url=url, viewport={"width": 1440, "height": 900}, locale="zh-CN", **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/login")
        page.fill("[name=user_name]", name)
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector(".queue")
        return page

    yield log_in
    for each in contexts:
        each.close()


@pytest.fixture
def log_in(browser: "playwright.Browser", url: str) -> Iterator[Open]:
    """Give pages of people who are logged in; anything a browser complains about fails the test."""
    complaints: list[str] = []
    with logging_in(browser, url, complaints) as opened:
        yield opened
    assert complaints == []


def today_of(house: House) -> date:
    with house.system.database.read() as tx:
        return china_day(tx.now_ms())


def paid_for_a_stay_today(house: House, ref: str) -> int:
    """Let somebody be in hospital today, and an adjuster approve what the rules propose; gives what is paid."""
    today, person = today_of(house), the_insured(house)
    papers = stay_papers(house.reader, person, today, today, seed=int(ref[-1]), is_clear=True)
    answer = house.client(secret_of="app").send_claim(a_claim(person, ref, loss_date=f"{today}"), papers)
    house.work()
    story = tell(house.system, answer.json["claim_id"])
    assert story.adjudication, story.claim.state
    return story.adjudication.proposed_fen


def text_in(page: "playwright.Page") -> str:
    """The editor draws only what is seen; the whole text is asked of it."""
    text: str = page.evaluate("document.querySelector('.cm-content').cmTile.view.state.doc.toString()")
    return text


def replace_in(page: "playwright.Page", old: str, new: str) -> None:
    """Replace a text as a person would: by the search panel of the editor, with the keyboard."""
    page.click(".cm-content")
    page.keyboard.press("Control+f")
    page.fill(".cm-search [name=search]", old)
    page.fill(".cm-search [name=replace]", new)
    page.click(".cm-search [name=replaceAll]")
    page.keyboard.press("Escape")
    page.click(".cm-content")


def begin_draft(page: "playwright.Page", product: str = PRODUCT) -> None:
    page.click(".bar >> text=条款书")
    page.click(f"th >> text={product}")
    page.click("text=从现行版本起草")
    page.wait_for_selector("[data-checked].good")


def cursor_after(page: "playwright.Page", text: str) -> None:
    """Put the cursor behind a text that stands once, as a click there would."""
    page.evaluate(
        """(text) => {
          const view = document.querySelector(".cm-content").cmTile.view, at = view.state.doc.toString().indexOf(text) + text.length;
          view.dispatch({ selection: { anchor: at }, scrollIntoView: true });
          view.focus();
        }""",
        text,
    )


def offered(page: "playwright.Page", first: str) -> list[str]:
    page.wait_for_selector(f".cm-tooltip-autocomplete li:first-child >> text={first}")
    found: list[str] = page.locator(".cm-tooltip-autocomplete .cm-completionLabel").all_inner_texts()
    page.keyboard.press("Escape")
    return found


def test_a_colleague_reads_the_wording_beside_a_draft_and_no_line_is_wider_than_the_page(log_in: Open) -> None:
    begin_draft(log_in("zheng"))
    page = log_in("gao")
    for address in (f"/books/{PRODUCT}/drafts/zheng", f"/books/{PRODUCT}/drafts/zheng/compare", f"/books/{PRODUCT}"):
        page.goto(address)
        page.wait_for_load_state("load")
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    page.goto(f"/books/{PRODUCT}/drafts/zheng")
    page.wait_for_selector("[data-checked].good")
    cursor_after(page, "是: 主诊断 属于 除外病种")
    assert "主要诊断属于保险单所列除外病种的" in page.inner_text("[data-clause]")


def test_the_contracts_wording_follows_the_cursor(log_in: Open) -> None:
    page = log_in("zheng")
    begin_draft(page)
    panel = page.locator("[data-clause]")
    cursor_after(page, "条款: 第六条第二款")
    assert "被保险人因意外伤害出险的" in panel.locator("[aria-current]").inner_text()  # the exception's own, beside the rule's
    assert "第六条\n" in panel.inner_text()
    cursor_after(page, "不赔: [在等待期内, 属于除外")
    assert "第七条" in panel.inner_text()  # of the rules that the line names
    cursor_after(page, "  第七条: 主要诊断")
    assert "引用它的规则：" in panel.inner_text()
    panel.locator("button >> text=属于除外").click()
    assert "主要诊断属于保险单所列除外病种的" in panel.inner_text()  # there and back
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.type("十")  # 第七条十
    page.wait_for_selector("[data-checked].warn")
    assert "1 处提醒" in page.inner_text("[data-checked]")
    assert "“条文”里没有第七条十的原文" in page.inner_text("[data-list=problems]")
    for _ in range(4):
        page.keyboard.press("Backspace")
    page.keyboard.press("Control+Space")
    assert set(offered(page, "第")) == {"第五条", "第六条", "第六条第二款", "第七条", "第十条"}


def test_an_ordered_element_offers_its_values_in_order_and_enter_keeps_the_place_of_a_line(log_in: Open) -> None:
    page = log_in("zheng")
    begin_draft(page)
    cursor_after(page, "是: 主诊断 属于 除外病种")
    page.keyboard.type(" 且 医院等级 = ")
    assert offered(page, "未定级") == ["未定级", "一级", "二级", "三级"]
    cursor_after(page, "# 全程精确有理数，只在这里舍入")
    page.keyboard.press("Enter")
    page.keyboard.type("- ")
    assert "舍入\n      - \n" in text_in(page)  # below the step, not below its comment
    page.keyboard.press("Control+Space")
    assert set(offered(page, "乘")[:10]) == {"起", "减", "乘", "限", "取整", "分级", "分项", "限次", "依次", "间隔"}


def test_an_actuary_changes_a_deductible_mends_the_failing_test_and_publishes_with_a_second_person(house: House, log_in: Open) -> None:
    assert paid_for_a_stay_today(house, "APP-1") == 400_000  # 20,000 − 8,000 of social insurance − 8,000
    page = log_in("zheng")
    begin_draft(page)
    text, side = (page.locator(each).first.bounding_box() for each in (".desk > .code-sheet", ".desk > .side"))
    assert text and side and side["x"] >= text["x"] + text["width"]  # what the server says stands beside the text
    replace_in(page, "2026-01-01: 8千元", "2026-01-01: 9千元")
    page.locator(".acts a").first.focus()
    page.keyboard.press("Control+s")  # from anywhere on the page
    page.wait_for_selector("[data-tested].bad")
    assert "应得 住院医疗: 42000.00\n实得 住院医疗: 41000.00" in page.inner_text("[data-list=tests]")
    replace_in(
        page, "得: {住院医疗: 42000.00}\\n      - 名: 边界 标准版 年限额", "得: {住院医疗: 41000.00}\\n      - 名: 边界 标准版 年限额"
    )
    page.keyboard.press("Control+s")
    page.wait_for_selector("[data-tested].good")
    page.click("text=比对与发布")
    assert "年免赔额 2026-01-01 起：由 8千元 改为 9千元" in page.inner_text(".changes")
    page.click("button >> text=模拟")
    page.wait_for_selector(".tiles")
    assert "年免赔额 2026-01-01 起：由 8千元 改为 9千元" in page.inner_text("[aria-labelledby=bychange]")
    assert "-1,000.00" in page.inner_text(".tiles")
    page.go_back()
    page.reload()
    assert "-1,000.00" in page.inner_text("[aria-labelledby=history]")
    page.click("text=以第一人身份签署")
    assert "须由另一人签署" in page.inner_text(".sign")
    assert paid_for_a_stay_today(house, "APP-2") == 1_200_000  # nothing of the deductible is left, and the draft decides nothing

    second = log_in("gao")
    second.click(".bar >> text=条款书")
    second.click("td >> text=zheng ·")
    second.click("text=以第二人身份签署")
    second.wait_for_selector(".said")
    assert paid_for_a_stay_today(house, "APP-3") == 1_100_000  # the next claim: 1,000 of the new deductible is left
