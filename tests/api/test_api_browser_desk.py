"""A day at the desk in a real browser: ten exceptions by the keyboard alone, two people on one claim, many claims at once."""

from collections import Counter

import pytest
from api_house import PASSWORD, House
from test_api_browser import browser, page, playwright, pytestmark, serve, url, waiting_claim  # noqa: F401  # fixtures
from test_api_claims import send

from adjudicator.people import WITH_PEOPLE
from adjudicator.story import tell
from domain.states import ClaimState
from storage import audit

UNDONE = 4  # of the ten, which is taken back and decided anew
KEYS = "arsidsrsad"  # pay, in part, ask, investigate, decline; what a claim does not offer is declined


def log_in(browser: "playwright.Browser", url: str, user_name: str) -> "playwright.Page":  # noqa: F811
    context = browser.new_context(base_url=url, viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.set_default_timeout(30_000)
    opened = context.new_page()
    opened.goto("/login")
    opened.fill("[name=user_name]", user_name)
    opened.fill("[name=password]", PASSWORD)
    opened.keyboard.press("Enter")
    opened.wait_for_selector(".queue")
    return opened


def test_an_adjuster_clears_ten_mixed_exceptions_with_the_keyboard_alone(
    house: House,
    browser: "playwright.Browser",  # noqa: F811
) -> None:
    sent = []
    for number in range(len(KEYS)):
        sent.append(send(house, f"APP-{number}").json["claim_id"])
        house.work()  # the house takes in few claims at a time
    assert all(tell(house.system, each).claim.state in WITH_PEOPLE for each in sent)
    with serve(house, undo_ms=60_000) as address:
        done = _clear_the_queue(log_in(browser, address, "zhou"))
    house.system.database._ahead_ms = lambda: 60_000  # and a minute passes
    house.work()
    states = Counter(tell(house.system, each).claim.state for each in sent)
    with house.system.database.read() as tx:  # all are of one insured: what an earlier payment used up is not paid a second time
        fell = sum(each.action == "verdict.fell" for claim_id in sent for each in audit.entries(tx, claim_id))
    assert len(done) >= 4 and fell <= 1
    assert states[ClaimState.NEEDS_SUPPLEMENT] == done["s"]
    assert states[ClaimState.IN_INVESTIGATION] + states[ClaimState.IN_REVIEW] == done["i"] + fell


def _clear_the_queue(seen: "playwright.Page") -> Counter[str]:
    """Decide one claim after the other; gives how often by which key."""
    seen.wait_for_load_state("load")
    seen.keyboard.press("j")
    seen.keyboard.press("Enter")
    done: Counter[str] = Counter()
    for place, wanted in enumerate(KEYS):
        decided, key = _decide(seen, wanted)
        if place == UNDONE:  # on the next claim's page, where the decision is told
            seen.keyboard.press("u")
            seen.wait_for_selector("text=已撤回")
            assert seen.get_attribute("[data-claim]", "data-claim") == decided
            _, key = _decide(seen, "d")
        done[key] += 1
    return done


def _decide(page: "playwright.Page", wanted: str) -> tuple[str, str]:  # noqa: F811
    """Decide the claim that is shown, by keys, until the next one is there; gives the claim, and by which key."""
    page.wait_for_selector("[data-claim]")
    page.wait_for_load_state("load")  # keys do nothing before the page's script has run
    claim_id = str(page.get_attribute("[data-claim]", "data-claim"))
    is_offered = page.locator(f".choice[data-key={wanted}] form button.main:not([disabled])").count()
    key = wanted if is_offered else "d"  # nobody pays nothing, and what is investigated already is not handed on
    page.keyboard.press(key)
    _fill(page, key)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(f"[data-toast] >> text={claim_id}")
    page.wait_for_function(
        "id => document.querySelector('[data-claim]').dataset.claim !== id || document.querySelector('[data-pending]')", arg=claim_id
    )
    return claim_id, key


def _fill(page: "playwright.Page", key: str) -> None:  # noqa: F811
    """Type what the opened form asks for; the field before the last is left with Tab."""
    if key == "r":
        page.keyboard.type("100.00")
        page.keyboard.press("Tab")
    if key == "d":
        page.keyboard.type("第七条")
        page.keyboard.press("Tab")
    page.keyboard.type("出院小结" if key == "s" else "已核对")


def test_two_adjusters_on_one_claim_neither_overwrite_each_other_nor_lock_each_other_out(
    house: House,
    browser: "playwright.Browser",  # noqa: F811
    url: str,  # noqa: F811
) -> None:
    claim_id = waiting_claim(house)
    first, second = log_in(browser, url, "chen"), log_in(browser, url, "zhou")
    with first.expect_response("**/here"):
        first.goto(f"/claims/{claim_id}")
    second.goto(f"/claims/{claim_id}")
    second.wait_for_selector("text=正在处理本案")
    second.keyboard.press("a")
    second.keyboard.type("同意")
    second.keyboard.press("Control+Enter")
    second.wait_for_selector(".problem")
    assert tell(house.system, claim_id).claim.state is ClaimState.IN_REVIEW
    second.goto(f"/claims/{claim_id}")
    second.click("text=接手")
    second.wait_for_selector("text=已由您接手")
    with first.expect_response("**/here"):
        first.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))")
    first.wait_for_selector("text=周高级 自")
    second.keyboard.press("a")
    second.keyboard.type("同意")
    second.keyboard.press("Control+Enter")
    second.wait_for_selector("text=已同意赔付")
    house.work()
    assert tell(house.system, claim_id).paid_fen == 450_000


def test_many_claims_are_set_aside_at_once_and_each_result_is_told(house: House, page: "playwright.Page") -> None:  # noqa: F811
    waiting_claim(house)
    send(house, "APP-2")
    house.work()
    page.reload()
    page.on("dialog", lambda dialog: dialog.accept())
    for key in "jxjx":
        page.keyboard.press(key)
    page.wait_for_selector("text=选中 2 件")
    page.click("[data-bulk-bar] >> text=搁置")
    assert page.evaluate("document.activeElement.name") == "reason"  # it is asked for before anything is sent
    page.fill("[data-bulk-bar] [name=reason]", "等医院回函")
    page.click("[data-bulk-bar] >> text=搁置")
    page.wait_for_selector("text=搁置：2 件完成")
    page.click("text=回到待办")
    page.wait_for_selector("text=已搁置")
    assert page.locator("[data-row]").count() == 0


def test_columns_are_chosen_and_kept_as_a_view(house: House, page: "playwright.Page") -> None:  # noqa: F811
    waiting_claim(house)
    page.reload()
    page.keyboard.press("f")
    page.uncheck("[data-column][value=why]")
    page.click("[data-narrow] >> text=应用")
    page.wait_for_selector(".queue")
    assert "为什么在这里" not in page.inner_text("thead")
    page.keyboard.press("f")
    page.fill(".tool-sheet [name=name]", "简表")
    page.click(".tool-sheet >> text=保存")
    page.click("text=★ 简表")
    assert "为什么在这里" not in page.inner_text("thead")


@pytest.mark.parametrize("key", ["z", "c"])
def test_setting_aside_and_commenting_begin_with_a_key(house: House, page: "playwright.Page", key: str) -> None:  # noqa: F811
    claim_id = waiting_claim(house)
    page.goto(f"/claims/{claim_id}")
    page.keyboard.press(key)
    if key == "z":
        page.keyboard.press("Tab")
    page.keyboard.type("等医院回函 @zhou")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".said")
    assert page.is_visible("text=等医院回函 @zhou")
