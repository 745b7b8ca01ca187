"""Every page of the workbench in a real browser: light, dark and narrow, in Chinese and English.

axe finds nothing, the browser complains of nothing, nothing is wider than its window, no word of ours is untranslated, and a page
weighs less than 150 KB. One walk serves all of it, and takes minutes: it is made when `MINGBAI_EVERY_PAGE=1` asks for it. It needs
Chromium and axe-playwright-python; `MINGBAI_SCREENSHOTS=FOLDER` keeps a picture of each page, `MINGBAI_STOPS=claim-,letter` walks to
those stops alone. That no page lacks a stop is tested always.
"""

import gzip
import os
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from api_house import PASSWORD, ROOT, STAFF, Engines, House, open_house
from chinese_words import CHINESE
from flask import Flask, template_rendered
from furnished_house import Stop, furnish, stops
from test_api_browser import _CHINESE_OF_OURS, CHROMIUM, browser, playwright, serve  # noqa: F401  # a fixture

from adjudicator.story import tell
from domain.states import ClaimState
from sandbox.portfolio import Portfolio

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed: make setup-test")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install --no-install-recommends chromium")

MOST_BYTES = 150_000
STATIC = ROOT / "api" / "workbench" / "static"
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
COLOURS = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
_NAMES = re.compile("|".join([*(each.display_name for each in STAFF.values()), "白高级", "高精算"]))
# What answers with no page of its own: files, figures for programs, and the ways to another log-in.
NO_PAGES = {
    *("/healthz", "/readyz", "/metrics", "/openapi.json", "/queue.csv", "/queue.xlsx", "/login/sso", "/login/sso/callback"),
    *("/claims/<claim_id>/version", "/claims/<claim_id>/letters/<letter_id>.pdf", "/events/<code>/account"),
    *("/documents/<document_id>/content", "/attachments/<attachment_id>/content"),
    *("/books/<product>/versions/<digest>/file", "/books/<product>/drafts/<author>/parameters.<kind>"),
    "/books/<product>/simulations/<simulation_id>/state",
    "/hotline/policies/<string:person_id>/transactions/<string:transaction_id>/endorsement.<string:written>",
}


@dataclass
class Walk:
    """What was seen on the way."""

    violations: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)  # of the browser: errors, warnings, its policy
    too_wide: list[str] = field(default_factory=list)
    untranslated: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)  # that were not the one expected
    bytes: dict[str, int] = field(default_factory=dict)
    pages: set[tuple[str, str]] = field(default_factory=set)  # method and path of what answered with a page
    every_route: set[str] = field(default_factory=set)
    routes: set[str] = field(default_factory=set)  # that answered with a page
    unused: set[str] = field(default_factory=set)  # templates


@pytest.fixture(scope="module")
def walk(
    browser: "playwright.Browser",  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
    filled_folder: Path,
    engines: Engines,
    portfolio: Portfolio,
) -> Walk:
    if not os.environ.get("MINGBAI_EVERY_PAGE"):
        pytest.skip("the walk through every page takes minutes: MINGBAI_EVERY_PAGE=1")
    seen, apps = Walk(), []
    with open_house(tmp_path_factory.mktemp("furnished") / "home", filled_folder, engines, portfolio) as house:
        found = furnish(house)
        states = {state: tell(house.system, found[state]).claim.state for state in ClaimState}
        seen.answers += [f"claim-{state} is {found_as}" for state, found_as in states.items() if found_as is not state]
        begins = tuple(os.environ.get("MINGBAI_STOPS", "").split(","))  # some alone, to look at what was mended
        every = [each for each in stops(found) if each.name.startswith(begins)]
        with serve(house, undo_ms=3_600_000) as address, template_rendered.connected_to(lambda app, **_: apps.append(app)):
            walkers = [Walker(browser, address, language, seen) for language in ("zh-CN", "en-GB")]
            for stop in every:
                for walker in walkers:
                    walker.visit(stop)
            for walker in walkers:
                walker.close()
    app: Flask = apps[-1]  # the one that served
    seen.every_route, seen.routes = _routes(app), {_route(app, *each) for each in seen.pages}
    cached = app.jinja_env.cache
    assert cached is not None
    if folder := os.environ.get("MINGBAI_SCREENSHOTS"):  # whole lists, of which pytest shows the first
        Path(folder, "found.txt").write_text(
            "\n".join([*seen.violations, *seen.complaints, *seen.too_wide, *seen.untranslated, *seen.answers])
        )
    seen.unused = set(app.jinja_env.list_templates()) - {name for _, name in cached}
    return seen


def _routes(app: Flask) -> set[str]:
    rules = (each for each in app.url_map.iter_rules() if "GET" in (each.methods or ()))
    return {each.rule for each in rules if not each.rule.startswith(("/v1", "/static"))}


def _route(app: Flask, method: str, path: str) -> str:
    rule, _ = app.url_map.bind("localhost").match(path, method, return_rule=True)
    return str(rule.rule)


class Walker:
    """Goes from stop to stop, in one language."""

    def __init__(self, browser: "playwright.Browser", address: str, language: str, seen: Walk) -> None:  # noqa: F811
        self._browser, self._address, self._language, self._seen = browser, address, language, seen
        self._pages: dict[str, playwright.Page] = {}
        self._looks = axe.Axe()
        self._stop = Stop("", "", "")
        self._answers: list[playwright.Response] = []
        self._status = 0

    def visit(self, stop: Stop) -> None:
        """Go there and look around; what cannot be done there is told, and the walk goes on."""
        try:
            self._visit(stop)
        except playwright.Error as error:
            self._seen.answers.append(f"{stop.name} {self._language}: {error.message[:300]}")

    def close(self) -> None:
        for page in self._pages.values():
            page.context.close()

    def _visit(self, stop: Stop) -> None:
        self._stop, page = stop, self._page_of(stop.who)
        self._answers.clear()
        page.goto(stop.address)
        page.wait_for_load_state("load")
        if stop.act:
            stop.act(page)
            page.wait_for_load_state("load")
        weight = self._weigh()
        if self._status != stop.status:
            self._seen.answers.append(f"{stop.name}: {self._status}")
        if stop.name == "letter":  # its own policy lets nobody run anything: it is looked at as the same text on an empty page
            written = page.content()
            page.goto("about:blank")  # the policy stays with the document, and a look would wait for ever
            page.set_content(written)
        self._seen.bytes[stop.name] = max(weight, self._seen.bytes.get(stop.name, 0))
        if self._language == "zh-CN":
            self._look(page, "light")
            page.emulate_media(color_scheme="dark")
            self._look(page, "dark", COLOURS, stop.sample)
            page.emulate_media(color_scheme="light")
        else:
            self._look(page, "narrow", context=stop.sample)
            # The reference of the API is an English document that names the field's terms.
            chinese = page.evaluate(_CHINESE_OF_OURS) if stop.name != "reference" else []
            found = (_NAMES.sub("", each) for each in chinese)
            self._seen.untranslated += [f"{stop.name}: {each}" for each in found if CHINESE.search(each)]
        if stop.has_forms and self._language == "zh-CN":
            self._open_forms(page)

    def _open_forms(self, page: "playwright.Page") -> None:
        for number in range(page.locator(".choice").count()):
            page.evaluate("place => { document.querySelectorAll('.choice')[place].open = true; }", number)
            kind = page.locator(".choice[open]").get_attribute("data-key")
            self._look(page, f"form-{kind}", context=".choice[open]")

    def _look(self, page: "playwright.Page", look: str, options: object = None, context: str | None = None) -> None:
        name = f"{self._stop.name} {look}"
        told = self._looks.run(page, context, options or {"resultTypes": ["violations"]}).response["violations"]
        self._seen.violations += [f"{name}: {each['id']} {node['target']} {node['html'][:120]}" for each in told for node in each["nodes"]]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            self._seen.too_wide.append(name)
        if folder := os.environ.get("MINGBAI_SCREENSHOTS"):
            page.screenshot(path=str(Path(folder) / f"{name.replace(' ', '-')}.png"), full_page=not context and "editor" not in name)

    def _page_of(self, who: str) -> "playwright.Page":
        if who not in self._pages:
            size = WIDE if self._language == "zh-CN" else NARROW
            context = self._browser.new_context(base_url=self._address, viewport=size, locale=self._language)
            context.set_default_timeout(60_000)
            page = context.new_page()
            page.on("console", self._hear)
            page.on("pageerror", lambda error: self._seen.complaints.append(f"{self._stop.name}: {error}"))
            page.on("response", lambda answer: self._answers.append(answer))
            if who:
                page.goto("/login")
                page.fill("[name=user_name]", who)
                page.fill("[name=password]", PASSWORD)
                with page.expect_navigation():
                    page.keyboard.press("Enter")
            self._pages[who] = page
        return self._pages[who]

    def _hear(self, message: "playwright.ConsoleMessage") -> None:
        refused = f"the server responded with a status of {self._stop.status} "
        if message.type in ("error", "warning") and not (self._stop.status >= 400 and refused in message.text):
            self._seen.complaints.append(f"{self._stop.name}: {message.text}")

    def _weigh(self) -> int:
        """Give what the page is made of, gzipped; the editor's bundle and pictures stand apart."""
        begins = [
            place for place, each in enumerate(self._answers) if each.request.resource_type == "document" and each.status not in (302, 303)
        ]
        page, *parts = self._answers[begins[-1] :]
        self._seen.pages.update(
            (each.request.method, urlsplit(each.url).path) for each in (self._answers[place] for place in begins) if each.ok
        )
        self._status = page.status
        sizes = {"": len(gzip.compress(page.body()))}
        for each in parts:
            path = urlsplit(each.url).path
            if each.request.resource_type in ("stylesheet", "script") and not path.endswith("/codemirror.js"):
                sizes[path] = len(gzip.compress((STATIC / path.removeprefix("/static/")).read_bytes()))
            if each.request.headers.get("x-next"):  # a refused decision gives its page back to the script
                self._status = each.status
        return sum(sizes.values())


def test_axe_finds_nothing_on_any_page(walk: Walk) -> None:
    assert walk.violations == []


def test_no_browser_complains_of_a_page(walk: Walk) -> None:
    assert walk.complaints == []


def test_no_page_is_wider_than_its_window(walk: Walk) -> None:
    assert walk.too_wide == []


def test_no_word_of_ours_is_chinese_on_an_english_page(walk: Walk) -> None:
    assert walk.untranslated == []


def test_a_page_weighs_less_than_150_kilobytes(walk: Walk) -> None:
    heaviest = sorted(walk.bytes.items(), key=lambda each: -each[1])
    print(f"\nheaviest: {', '.join(f'{name} {size / 1000:.1f} kB' for name, size in heaviest[:5])}")  # noqa: T201  # pytest shows it with -s
    assert len(heaviest) > 70 and heaviest[-1][1] > 1_000
    assert [each for each in heaviest if each[1] >= MOST_BYTES] == []


def test_every_stop_was_the_page_it_was_meant_to_be(walk: Walk) -> None:
    assert walk.answers == []


def test_every_page_that_has_an_address_was_seen_and_every_template_used(walk: Walk) -> None:
    assert walk.every_route - walk.routes == NO_PAGES
    assert walk.unused == set()


def test_no_address_of_the_workbench_lacks_a_stop(house: House) -> None:
    """Whoever adds a page adds a stop to `stops`, or says in `NO_PAGES` that it is none."""
    app = house.client().app
    names = {"letter": "/claims/C0/letters/L0.html", "card": "/cards/T0", "simulation": "/books/p/simulations/S0"}
    names |= {"version": "/books/p/versions/d0", "waiting": "/books/p/versions/d0/compare"}
    names |= {"owned": "/hotline/policies/C0", "contract": "/hotline/policies/C0/P0", "transaction": "/hotline/policies/C0/transactions/B0"}
    every = stops(defaultdict(lambda: "X0", names))
    led_to = {_route(app, "GET", urlsplit(each.address).path) for each in every if each.status < 400 or each.act}
    assert _routes(app) - led_to == NO_PAGES
    assert len({each.name for each in every}) == len(every)
