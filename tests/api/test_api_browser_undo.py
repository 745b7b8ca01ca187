"""Taking a decision back in a real browser: by its key, by its button, and not by others; the next claim is there already."""

from collections.abc import Iterator

import pytest
from api_house import House
from test_api_browser import browser, page, playwright, pytestmark, serve, waiting_claim  # noqa: F401  # fixtures
from test_api_browser_desk import log_in
from test_api_claims import send

from adjudicator.story import tell
from domain.states import ClaimState
from storage import audit, claims, verdicts


@pytest.fixture
def url(house: House) -> Iterator[str]:
    """Serve the house with a minute to take decisions back."""
    with serve(house, undo_ms=60_000) as address:
        yield address


def two_claims(house: House) -> tuple[str, str]:
    first = waiting_claim(house)
    second = send(house, "APP-2").json["claim_id"]
    house.work()
    return first, second


def decide(page: "playwright.Page", key: str, words: str) -> None:  # noqa: F811
    page.wait_for_load_state("load")
    page.keyboard.press(key)
    page.keyboard.type(words)
    page.keyboard.press("Control+Enter")


def test_a_decision_shows_the_next_claim_without_loading_a_page_and_its_key_takes_it_back(house: House, page: "playwright.Page") -> None:  # noqa: F811
    first, second = two_claims(house)
    with page.expect_response(lambda each: each.request.headers.get("x-ahead") == "yes"):
        page.goto(f"/claims/{first}")
    page.wait_for_timeout(100)
    page.evaluate("window.before = true")
    decide(page, "a", "已核对")
    page.wait_for_selector(f"[data-claim={second}]")
    assert page.evaluate("window.before") is True  # no page was loaded in between
    assert page.url.endswith(second)
    assert first in page.inner_text("[data-toast]")
    assert "4,500.00" in page.inner_text("[data-toast]")
    page.keyboard.press("u")
    page.wait_for_selector("text=已撤回")
    assert page.url.endswith(first)
    with house.system.database.read() as tx:
        assert verdicts.find(tx, first) is None
    assert tell(house.system, first).claim.state is ClaimState.IN_REVIEW


def test_a_page_that_was_fetched_ahead_is_not_shown_when_its_claim_has_changed(house: House, page: "playwright.Page") -> None:  # noqa: F811
    first, second = two_claims(house)
    with page.expect_response(lambda each: each.request.headers.get("x-ahead") == "yes"):
        page.goto(f"/claims/{first}")
    page.wait_for_timeout(100)
    with house.system.database.write() as tx:
        claims.note_facts(tx, second)
        newest = str(claims.get_claim(tx, second).version)
    decide(page, "a", "已核对")
    page.wait_for_selector(f"[data-claim={second}]")
    assert page.get_attribute("[data-claim]", "data-version") == newest


def test_a_page_that_was_not_fetched_ahead_comes_with_the_answer_to_the_decision(
    house: House,
    browser: "playwright.Browser",  # noqa: F811
    url: str,
) -> None:
    first, second = two_claims(house)
    page = log_in(browser, url, "chen")  # noqa: F811
    page.route("**/claims/*", lambda route: route.abort() if route.request.headers.get("x-ahead") else route.continue_())
    page.goto(f"/claims/{first}")
    page.evaluate("window.before = true")
    decide(page, "a", "已核对")
    page.wait_for_selector(f"[data-claim={second}]")
    assert page.evaluate("window.before") is True  # no page was loaded in between
    assert page.url.endswith(second)
    assert first in page.inner_text("[data-toast]")
    assert second in str(page.get_attribute("a.language", "href"))  # the bar stays: its switch leads to what is shown
    with house.system.database.read() as tx:
        assert audit.has_entry(tx, second, "chen", audit.VIEWED, 0)


def test_a_refused_decision_keeps_what_was_typed(house: House, browser: "playwright.Browser", url: str) -> None:  # noqa: F811
    first, _ = two_claims(house)
    page = log_in(browser, url, "chen")  # noqa: F811
    page.goto(f"/claims/{first}")
    with house.system.database.write() as tx:
        claims.note_facts(tx, first)
    decide(page, "a", "写了很多字")
    page.wait_for_selector(".problem")
    assert page.input_value(".choice.approve textarea") == "写了很多字"


def test_a_colleague_sees_who_decided_and_until_when_and_can_do_nothing(
    house: House,
    browser: "playwright.Browser",  # noqa: F811
    url: str,
) -> None:
    first, _ = two_claims(house)
    chen, zhou = log_in(browser, url, "chen"), log_in(browser, url, "zhou")
    chen.goto(f"/claims/{first}")
    decide(chen, "a", "已核对")
    chen.wait_for_selector("[data-toast]")
    zhou.goto(f"/claims/{first}")
    assert "陈理赔 已决定：同意赔付 4,500.00" in zhou.inner_text("[data-pending]")
    assert zhou.locator(".choice").count() == zhou.locator("[data-toast]").count() == 0
    zhou.goto("/")
    assert first not in zhou.inner_text(".claims")
    assert "待生效1" in zhou.inner_text(".tabs").replace("\n", "").replace(" ", "")


def test_many_claims_decided_at_once_are_taken_back_at_once(house: House, page: "playwright.Page") -> None:  # noqa: F811
    first, second = two_claims(house)
    page.goto("/")
    page.on("dialog", lambda dialog: dialog.accept())
    for key in "jxjx":
        page.keyboard.press(key)
    page.wait_for_selector("text=选中 2 件")
    page.fill("[data-bulk-bar] [name=reason]", "查")
    page.click("[data-bulk-bar] >> text=转调查")
    page.wait_for_selector("text=转调查：2 件完成")
    page.click("text=全部撤回")
    page.wait_for_selector("text=撤回：2 件完成")
    with house.system.database.read() as tx:
        assert verdicts.find(tx, first) is verdicts.find(tx, second) is None
