"""The English of the workbench: every Chinese word of ours has one, none is left over, and a page speaks one language."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from api_house import House
from babel.messages.pofile import read_po
from chinese_words import CHINESE, ROOT, WORKBENCH, bare_in_script, bare_in_template, of_python, of_script, of_template

from adjudicator.clocks import NAMES_ZH as CLOCKS_ZH
from adjudicator.reopening import GROUNDS_ZH
from adjudicator.story import STATES_ZH
from api.workbench.catalogue import FOLDER, catalogue
from domain.assessment import Outcome
from domain.claim import LossCause
from domain.document import CLASS_NAMES_ZH, FIELD_LABELS_ZH
from domain.letter import KIND_NAMES_ZH

SCRIPTS = [each for each in sorted((WORKBENCH / "static").glob("*.js")) if each.name != "codemirror.js"]
TEMPLATES = sorted((WORKBENCH / "templates").rglob("*.html"))
# What the engines write on a claim; their other Chinese (letters, words that papers are read by) is no matter of pages.
ENGINES = [
    *(ROOT / "adjudicator" / f"{name}.py" for name in ("claim_checks", "completeness", "paper_checks", "reading", "story", "unknowns")),
    ROOT / "ocr" / "findings.py",
]
NOT_SAID = {
    "起", "减", "乘", "限", "取整",  # the kinds of a step, as the rule engine names them
    "{1} ～ {2}", " ～ ",
    "write what customers will read: 示例台风",  # an error, which is English, with an example
    r"[\s,，、;；]+",
    "参数",  # a sheet of a book is in the book's language
    "中文",  # how a language names itself
}  # fmt: skip


def of_pages() -> Iterator[str]:
    for file in sorted(WORKBENCH.rglob("*.py")):
        yield from (each for each in of_python(file) if "规则: {}" not in each)  # the first draft of a book is Chinese
    for file in TEMPLATES:
        yield from of_template(file)
    for file in SCRIPTS:
        yield from of_script(file)
    for words in (STATES_ZH, CLOCKS_ZH, GROUNDS_ZH, CLASS_NAMES_ZH, KIND_NAMES_ZH, *FIELD_LABELS_ZH.values()):
        yield from words.values()
    yield from map(str, (*Outcome, *LossCause))


def of_engines() -> Iterator[str]:
    for file in ENGINES:
        yield from of_python(file)
    routing = (ROOT / "rules" / "book" / "routing.yaml").read_text()
    yield from (each.strip() for each in re.findall(r"^ +(?:message|advice): (.+)$", routing, re.MULTILINE))


def test_every_chinese_text_of_a_page_has_its_english() -> None:
    missing = sorted(set(of_pages()) - set(catalogue("en").words) - NOT_SAID)
    assert missing == [], "add these to api/workbench/languages/en.po"


def test_what_the_engines_write_on_a_claim_has_its_english() -> None:
    missing = sorted(set(of_engines()) - set(catalogue("en").words) - NOT_SAID)
    assert missing == [], "add these to api/workbench/languages/en.po"


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_no_template_writes_chinese_whatever_the_language(file: Path) -> None:
    assert list(bare_in_template(file)) == []


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_no_script_writes_chinese_whatever_the_language(file: Path) -> None:
    assert list(bare_in_script(file)) == []


def test_no_english_is_left_over() -> None:
    """A text that only another room writes is looked up there, as its literal, figures or not."""
    rooms = [each for room in ("adjudicator", "ocr", "rules", "riskmodel", "domain") for each in (ROOT / room).rglob("*.py")]
    elsewhere = "\n".join("\0".join(of_python(each)) for each in rooms)
    unused = [
        each
        for each in set(catalogue("en").words) - set(of_pages()) - set(of_engines())
        if not all(part in elsewhere for part in re.split(r"\{\w+\}", each))
    ]
    assert unused == []


def test_every_text_keeps_its_figures() -> None:
    def figures(text: str) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", text))

    wrong = [text for language in ("en",) for text, meaning in catalogue(language).words.items() if figures(meaning) - figures(text)]
    assert wrong == []


def test_the_english_is_english() -> None:
    kept = {"丙", "如 8000.00元", "如 12天", "是 或 否", "示例台风"}  # words that papers and books print, to be typed as they are
    assert [
        text for text, meaning in catalogue("en").words.items() if CHINESE.search(re.sub(r"\{\w+\}", "", meaning)) and text not in kept
    ] == []


def test_the_file_holds_each_text_once() -> None:
    text = (FOLDER / "en.po").read_text()
    with (FOLDER / "en.po").open("rb") as file:
        entries = [each for each in read_po(file, abort_invalid=True) if each.id]
    assert text.count("\nmsgid ") == len(entries) + 1  # the head of the file is one
    assert not [each.id for each in entries if not each.string or each.fuzzy]


def test_a_browser_that_asks_for_english_has_english(house: House) -> None:
    page = house.client(staff="chen").get("/", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert '<html lang="en">' in page.text
    assert "To do" in page.text


def test_without_a_wish_a_page_is_chinese(house: House) -> None:
    page = house.client(staff="chen").get("/")
    assert '<html lang="zh-CN">' in page.text
    assert "待处理" in page.text


def test_a_choice_is_kept_and_outweighs_the_browser(house: House) -> None:
    chen = house.client(staff="chen")
    assert 'href="/?language=en"' in chen.get("/").text
    assert "To do" in chen.get("/?language=en").text
    assert "To do" in chen.get("/", headers={"Accept-Language": "zh-CN"}).text
    assert "待处理" in chen.get("/?language=zh").text


def test_a_sentence_of_the_engines_is_english_down_to_its_figures(house: House) -> None:
    pieces = catalogue("en").pieces("缺少出院小结")
    assert "".join(each.text for each in pieces) == "Discharge summary is missing"


def test_what_has_no_english_stays_and_is_told_apart(house: House) -> None:
    pieces = catalogue("en").pieces("医院库中没有「示例医院」")
    assert [(each.text, each.is_known) for each in pieces if each.text] == [
        ("“", True), ("示例医院", False), ("” is not among our hospitals", True),
    ]  # fmt: skip
