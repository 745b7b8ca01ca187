"""Every page of the workbench, looked at by axe: light, dark, and on a narrow screen. It needs Chromium and axe-playwright-python."""

import pytest
from api_house import PASSWORD, House
from test_api_browser import CHROMIUM, browser, playwright, url, waiting_claim  # noqa: F401  # fixtures

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed: make setup-test")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install --no-install-recommends chromium")

PAGES = ("/", "/?filter=all&search=none", "/dashboard", "/events", "/hotline", "/books", "/risk", "/reference")
LOOKS = ({"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}})


@pytest.mark.parametrize("look", LOOKS, ids=("light", "dark", "narrow"))
def test_axe_finds_nothing_on_any_page(house: House, browser: "playwright.Browser", url: str, look: dict) -> None:  # type: ignore[type-arg]  # noqa: F811
    claim_id = waiting_claim(house)
    context = browser.new_context(base_url=url, locale="zh-CN", **look)
    page, looks, found, said = context.new_page(), axe.Axe(), [], []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.goto("/login")
    found += _violations(looks, page)
    page.fill("[name=user_name]", "zhou")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".queue")
    for address in (*PAGES, f"/claims/{claim_id}"):
        page.goto(address)
        found += _violations(looks, page)
    context.close()
    assert (found, said) == ([], [])


def _violations(looks: "axe.Axe", page: "playwright.Page") -> list[str]:
    told = looks.run(page).response["violations"]
    return [f"{page.url}: {each['id']} {node['target']} {node['html'][:120]}" for each in told for node in each["nodes"]]
