"""What an actuary does around a draft, in a real browser: what it costs over a history, who may sign that, going back, by the keyboard."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from api_house import PASSWORD, STAFF, House
from api_papers import stay_papers
from test_api_books import post, send
from test_api_books_browser import PRODUCT, Open, logging_in, today_of
from test_api_browser import browser, playwright, pytestmark, serve  # noqa: F401  # fixtures
from test_api_claims import a_claim, the_insured

from adjudicator import review
from adjudicator.people import WITH_PEOPLE
from adjudicator.story import tell
from domain.china import china_day
from domain.money import format_fen
from storage import access, publications
from storage.access import Staff

_DAY_MS = 86_400_000
CLAIMS = 12
# Without the first claim's deductible each is paid what social insurance left, 12,000; of the draft nine tenths of it.
BEFORE_FEN = 400_000 + (CLAIMS - 1) * 1_200_000
AFTER_FEN = 9 * (300_000 + (CLAIMS - 1) * 1_200_000) // 10


@pytest.fixture
def url(house: House) -> Iterator[str]:
    """Serve a house in which a book that changes more than 5,000 wants a second person with authority."""
    house.system = replace(house.system, limits=replace(house.system.limits, book_impact_fen=500_000))
    with house.system.database.write() as tx:
        for staff in (Staff("gao", "高精算", "actuary", 0), Staff("luo", "罗总精算", "actuary", 5_000_000)):
            access.save_staff(tx, staff, PASSWORD)
    with serve(house) as address:
        yield address


@pytest.fixture
def log_in(browser: "playwright.Browser", url: str) -> Iterator[Open]:  # noqa: F811
    """Give pages of people who are logged in; what a browser complains about fails the test, but for pages that refuse."""
    complaints: list[str] = []
    with logging_in(browser, url, complaints) as opened:
        yield opened
    assert [each for each in complaints if "the server responded with a status of 4" not in each] == []


def decided_claims(house: House) -> list[date]:
    """Let a dozen stays be claimed and paid in three months; gives the days on which they were decided."""
    person, days = the_insured(house), []
    for number in range(CLAIMS):
        ahead_ms = (number // 4 - 2) * 31 * _DAY_MS
        house.system.database._ahead_ms = lambda ahead_ms=ahead_ms: ahead_ms
        stay = date(2026, 3, 10) + timedelta(days=9 * number)
        papers = stay_papers(house.reader, person, stay, stay, seed=100 + number, is_clear=True)
        sent = house.client(secret_of="app").send_claim(a_claim(person, f"PAST-{number}", loss_date=f"{stay}"), papers)
        house.work()
        claim = tell(house.system, sent.json["claim_id"]).claim
        if claim.state in WITH_PEOPLE:  # so many claims of one person are looked at
            review.approve(house.system, claim.claim_id, claim.version, STAFF["senior_adjuster"], "")
            house.work()
        assert tell(house.system, claim.claim_id).decision
        with house.system.database.read() as tx:
            days.append(china_day(tx.now_ms()))
    house.system.database._ahead_ms = lambda: 0
    return days


def draft_of_zheng(house: House) -> str:
    """Let zheng change the deductible and the share that is paid, tests and all; gives the hash of what was in force."""
    zheng = house.client(staff="zheng")
    with house.system.database.read() as tx:
        shipped = publications.in_force(tx, [PRODUCT], today_of(house))[PRODUCT].book_sha256
        text = publications.find_content(tx, shipped).decode()
    assert send(zheng, f"/books/{PRODUCT}/drafts").status_code == 302
    begin, rest = text.split("    测试:\n      - 名: 经医保结算\n", 1)
    changed = begin.replace("2026-01-01: 8千元", "2026-01-01: 9千元").replace("经医保比例: 100%", "经医保比例: 90%", 1)
    first = "    测试:\n      - 名: 经医保结算\n" + rest.split("      - 名: 有医保却未结算", 1)[0].replace("40000.00", "36000.00")
    clauses = text[text.index("\n条文:") :]
    saved = post(zheng, f"/books/{PRODUCT}/drafts/save", text=changed + first + clauses, version=1).json
    assert [each for each in saved["tests"] if not each["passed"]] == []
    return shipped


def numbers_in(page: "playwright.Page", section: str, column: int) -> list[str]:
    """Give a column of figures of a table: its rows, then its total."""
    rows = page.locator(f"[aria-labelledby={section}] tbody tr")
    return [each.split("\t")[column] for each in rows.all_inner_texts()]


def test_what_a_draft_costs_over_a_history_is_told_by_change_month_and_claim(house: House, log_in: Open) -> None:
    months = sorted({f"{day:%Y-%m}" for day in decided_claims(house)})
    draft_of_zheng(house)
    page = log_in("zheng")
    page.goto(f"/books/{PRODUCT}/drafts/zheng/compare")
    page.click("button >> text=开始模拟")
    page.wait_for_selector(".tiles")
    assert format_fen(BEFORE_FEN) in page.inner_text(".tiles")
    assert format_fen(AFTER_FEN - BEFORE_FEN) in page.inner_text(".tiles")
    changes = page.inner_text("[aria-labelledby=bychange]")
    assert "年免赔额 2026-01-01 起：由 8千元 改为 9千元" in changes and "-1,000.00" in changes
    assert "经医保比例：由 100% 改为 90%" in changes and f"-{format_fen(BEFORE_FEN // 10)}" in changes
    assert numbers_in(page, "bymonth", 0) == [*months, "合计"]
    assert numbers_in(page, "bymonth", 3)[-1] == format_fen(AFTER_FEN - BEFORE_FEN)
    largest = numbers_in(page, "largest", 4)
    assert largest[0] == "-1,300.00"  # the first claim has the deductible, too
    assert largest[1:] == ["-1,200.00"] * 9  # ten of the twelve
    claim_id = numbers_in(page, "largest", 0)[0]
    page.click(f"[aria-labelledby=largest] >> text={claim_id}")
    page.wait_for_selector(f"[data-claim={claim_id}]")


def test_a_change_beyond_an_authority_waits_for_who_may_sign_it_and_going_back_is_signed_alike(house: House, log_in: Open) -> None:
    decided_claims(house)
    shipped = draft_of_zheng(house)
    zheng, gao, luo = log_in("zheng"), log_in("gao"), log_in("luo")
    zheng.goto(f"/books/{PRODUCT}/drafts/zheng/compare")
    zheng.click("button >> text=开始模拟")
    zheng.wait_for_selector(".tiles")
    zheng.goto(f"/books/{PRODUCT}/drafts/zheng/compare")
    zheng.click("text=以第一人身份签署")
    signed = zheng.url
    gao.goto(signed)
    gao.click("text=以第二人身份签署")
    assert f"它影响 {format_fen(AFTER_FEN - BEFORE_FEN)} 元，而 gao 的签署权限为 5,000.00 元" in gao.inner_text(".problem")
    luo.goto(signed)
    luo.click("text=以第二人身份签署")
    assert "已签署" in luo.inner_text(".said")
    assert "施行中" in luo.inner_text(f"tr:has(a[href$='{signed.split('/')[-2]}'])")

    gao.goto(f"/books/{PRODUCT}")
    gao.click(f"tr:has(a[href$='/versions/{shipped}']) >> text=恢复")
    assert "由 9千元 改为 8千元" in gao.inner_text(".changes")
    gao.click("text=恢复此版本：以第一人身份签署")
    assert "须由另一人签署" in gao.inner_text(".sign")
    luo.goto(gao.url)
    luo.click("text=以第二人身份签署")
    assert "没有用全部已决案件试算过" in luo.inner_text(".problem")
    luo.click("button >> text=开始模拟")
    luo.wait_for_selector(".tiles")
    luo.goto(gao.url)
    luo.click("text=以第二人身份签署")
    assert "已签署" in luo.inner_text(".said")
    with house.system.database.read() as tx:
        assert publications.in_force(tx, [PRODUCT], today_of(house))[PRODUCT].book_sha256 == shipped


def test_a_day_that_has_gone_by_is_refused_by_the_form_and_by_the_server(house: House, log_in: Open) -> None:
    draft_of_zheng(house)
    page, yesterday = log_in("zheng"), f"{today_of(house) - timedelta(days=1)}"
    page.goto(f"/books/{PRODUCT}/drafts/zheng/compare")
    page.fill("[name=effective]", yesterday)
    page.click("text=以第一人身份签署")
    assert page.evaluate("document.querySelector('[name=effective]').validity.rangeUnderflow")
    assert page.url.endswith("/drafts/zheng/compare")  # nothing was sent
    page.evaluate("document.querySelector('[name=effective]').form.noValidate = true")
    page.click("text=以第一人身份签署")
    assert f"{yesterday} 已经过去" in page.inner_text(".problem")
    assert page.input_value("[name=effective]") == yesterday  # what was typed stays, to be mended
    page.fill("[name=effective]", f"{today_of(house) + timedelta(days=40)}")
    page.click("text=以第一人身份签署")
    assert f"自 {today_of(house) + timedelta(days=40)} 起施行" in page.inner_text(".sign")


# Where the focus is, by its place among all that Tab should reach, and whether somebody sees it there: an editor shows it a moment later.
FOCUS = """async () => {
  await new Promise((done) => setTimeout(done, 30));
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const ring = getComputedStyle(it.closest(".cm-editor") ?? it), place = it.getBoundingClientRect();
  const isSeen = ring.outlineStyle !== "none" && parseFloat(ring.outlineWidth) >= 1 && place.bottom > 0 && place.top < innerHeight;
  return [TABBABLE.indexOf(it), isSeen];
}"""
TABBABLE = """() => {
  const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary, [contenteditable=true]";
  const isReached = (each) => !each.disabled && each.checkVisibility() && !each.closest("dialog:not([open])");
  window.TABBABLE = [...document.querySelectorAll(wanted)].filter(isReached);
  return TABBABLE.length;
}"""


def walk_by_tab(page: "playwright.Page") -> int:
    """Press Tab from the top of a page to its end; gives how many stops there were: all that there are, in their order, each seen."""
    page.wait_for_load_state("load")
    count, visited, seen = page.evaluate(TABBABLE), list[int](), set[int]()
    for _ in range(count + 60):  # a day has four stops of its own, and draws the ring of the last itself
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None or (visited and focus[0] == 0):
            break
        place, is_seen = focus
        if place >= 0 and visited[-1:] != [place]:
            visited.append(place)
        if is_seen:
            seen.add(place)
    assert visited == list(range(count))
    assert seen >= set(visited)
    return count


def tab_to(page: "playwright.Page", words: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if words in page.evaluate("document.activeElement.textContent"):
            return
    raise AssertionError(f"Tab does not come to {words}")


def test_a_draft_is_compared_simulated_and_its_parameters_read_by_the_keyboard_alone(house: House, log_in: Open) -> None:
    decided_claims(house)
    draft_of_zheng(house)
    page = log_in("zheng")
    page.goto(f"/books/{PRODUCT}/drafts/zheng/parameters")
    assert walk_by_tab(page) > 10
    page.goto(f"/books/{PRODUCT}/drafts/zheng/compare")
    assert walk_by_tab(page) > 10
    page.reload()
    tab_to(page, "开始模拟")
    page.keyboard.press("Enter")
    page.wait_for_selector(".tiles")
    assert walk_by_tab(page) > 10
    page.reload()
    tab_to(page, numbers_in(page, "largest", 0)[0])
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-claim]")
