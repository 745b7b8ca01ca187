"""An agent's page in a real browser: light and dark, wide and narrow, in both languages; nothing is cut off, and nothing complains."""

import os
import shutil
from pathlib import Path

import pytest
from api_house import PASSWORD, House
from test_api_agents import agent_of, asked_for_papers, book, consent, customer, later
from test_api_browser import serve

from domain.agent import ConsentScope
from domain.china import MINUTE_MS

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright for Python is not installed: make setup-test")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install --no-install-recommends chromium")


@pytest.mark.parametrize(("scheme", "width", "locale"), [("light", 1280, "zh-CN"), ("dark", 1280, "en-GB"), ("light", 390, "zh-CN")])
def test_the_page_and_the_card_fit_and_nothing_complains(
    house: House,
    scheme: str,
    width: int,
    locale: str,
) -> None:
    asked_for_papers(house)
    me = customer(house)
    agent_of(house)
    consent(me, ConsentScope.CLAIMS)
    consent(me, ConsentScope.HEALTH)
    booked = book(house, me).json
    later(house, booked["begins_at"], MINUTE_MS)
    with serve(house) as address, playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(base_url=address, viewport={"width": width, "height": 900}, color_scheme=scheme, locale=locale)
        context.set_default_timeout(30_000)
        page, complaints = context.new_page(), []
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/login")
        page.fill("[name=user_name]", "qian")
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("main.agent")
        page.locator("form[action='/my-customers/links'] button").click()
        page.wait_for_selector("a[href^='/cards/']")
        page.wait_for_load_state("load")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        _keep(page, f"my-customers-{scheme}-{width}")
        page.locator("a[href^='/cards/']").click()
        page.wait_for_selector(".name-card")
        _keep(page, f"card-{scheme}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert complaints == []
        browser.close()


def _keep(page: "playwright.Page", name: str) -> None:
    """Keep a picture to be looked at, when a folder is named for it."""
    if folder := os.environ.get("MINGBAI_SCREENSHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
