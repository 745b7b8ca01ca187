"""The English of the workbench: every Chinese word of ours has one, none is left over, and a page speaks one language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from api_house import House
from babel.messages.pofile import read_po
from chinese_words import CHINESE, ROOT, WORKBENCH, bare_in_script, bare_in_template, of_python, of_script, of_template
from pydantic import BaseModel, ValidationError
from reached_errors import ROOMS, errors_of_pages
from werkzeug.exceptions import default_exceptions

from adjudicator.clocks import NAMES_ZH as CLOCKS_ZH
from adjudicator.reopening import GROUNDS_ZH
from adjudicator.story import STATES_ZH
from api.channels.cover import CoverAsked
from api.channels.hotline import Caller, HotlineReport
from api.permissions import Action
from api.problems import HTTP_KINDS, problem_of, problem_of_validation
from api.workbench.catalogue import FOLDER, catalogue
from api.workbench.words import ACTIONS_ZH, NOTICES_ZH, ROLES_ZH
from domain.assessment import Outcome
from domain.claim import LossCause
from domain.document import CLASS_NAMES_ZH, FIELD_LABELS_ZH
from domain.letter import KIND_NAMES_ZH

SCRIPTS = [each for each in sorted((WORKBENCH / "static").glob("*.js")) if each.name != "codemirror.js"]
TEMPLATES = sorted((WORKBENCH / "templates").rglob("*.html"))
# What the engines write on a claim; their other Chinese (letters, words that papers are read by) is no matter of pages.
ENGINES = [
    *(
        ROOT / "adjudicator" / f"{name}.py"
        for name in ("claim_checks", "clocks", "completeness", "paper_checks", "reading", "story", "unknowns")
    ),
    ROOT / "ocr" / "findings.py",
]
STAFF_ROLES = ("adjuster", "senior_adjuster", "investigator", "actuary", "operator", "hotline_agent", "field_agent")
NOT_SAID = {
    "起", "减", "乘", "限", "取整",  # the kinds of a step, as the rule engine names them
    "{1} ～ {2}", " ～ ",
    "write what customers will read: 示例台风",  # an error, which is English, with an example, and stands in zh.po
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
    rooms = [each for room in ("adjudicator", "ocr", "rules", "riskmodel", "domain", "policy") for each in (ROOT / room).rglob("*.py")]
    rooms += [*(ROOT / "api").glob("*.py")]  # what they say of a log-in is Chinese where it is written
    elsewhere = "\n".join("\0".join(of_python(each)) for each in rooms)
    unused = [
        each
        for each in set(catalogue("en").words) - set(of_pages()) - set(of_engines())
        if not all(part in elsewhere for part in re.split(r"\{\w+\}", each))
    ]
    assert unused == []


def calls(*rooms: str) -> Iterator[tuple[str, list[str]]]:
    """Every call by its name as it is written, with the texts among its own arguments."""
    for file in (file for room in rooms for file in (ROOT / room).rglob("*.py")):
        for each in (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)):
            texts = [part.value for given in each.args for part in ast.walk(given) if isinstance(part, ast.Constant)]
            yield ast.unparse(each.func), [text for text in texts if isinstance(text, str)]


def test_whatever_is_written_on_a_claims_chain_or_told_its_customer_has_a_word() -> None:
    """A page would show the code otherwise: event.joined, withdrawn."""
    rooms = ("adjudicator", "storage", "api", "commands")
    found = list(calls(*rooms))
    acts = {text for name, texts in found if name == "audit.append" for text in texts if re.fullmatch(r"[a-z_]+\.[a-z_]+", text)}
    kinds = {texts[0] for name, texts in found if name == "notify" and texts}
    assert len(acts) > 20 and len(kinds) > 8
    assert (acts - set(ACTIONS_ZH), kinds - set(NOTICES_ZH)) == (set(), set())


def test_every_text_keeps_its_figures() -> None:
    def figures(text: str) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", text))

    wrong = [text for language in ("en", "zh") for text, meaning in catalogue(language).words.items() if figures(meaning) - figures(text)]
    assert wrong == []


def test_the_english_is_english() -> None:
    kept = {"丙", "如 8000.00元", "如 12天", "是 或 否", "示例台风"}  # words that papers and books print, to be typed as they are
    assert [
        text for text, meaning in catalogue("en").words.items() if CHINESE.search(re.sub(r"\{\w+\}", "", meaning)) and text not in kept
    ] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_file_holds_each_text_once(language: str) -> None:
    text = (FOLDER / f"{language}.po").read_text()
    with (FOLDER / f"{language}.po").open("rb") as file:
        entries = [each for each in read_po(file, abort_invalid=True) if each.id]
    assert text.count("\nmsgid ") == len(entries) + 1  # the head of the file is one
    assert not [each.id for each in entries if not each.string or each.fuzzy]


def of_refusals() -> Iterator[str]:
    """Give what a page says when the framework refuses, and when something went wrong."""
    for status, (_, _, way_out) in HTTP_KINDS.items():
        yield from (way_out, default_exceptions[status]().description or "")
    broken = problem_of(KeyError())
    yield from (broken.detail, broken.way_out)


def test_every_error_that_a_page_can_show_speaks_both_languages() -> None:
    known = {**catalogue("zh").words, **catalogue("en").words}
    missing = sorted({f"{text}   ({place})" for place, text in errors_of_pages() if text not in known})
    assert missing == [], "add these to api/workbench/languages/zh.po"
    assert sorted(set(of_refusals()) - known.keys()) == []


def test_the_errors_of_pages_are_found_where_they_are_raised() -> None:
    found = {text for _, text in errors_of_pages()}
    assert len(found) > 350
    assert found >= {
        "{1} is beyond the authority of {2}, {3}",  # by a name
        "claim {1} owes {2}, and not {3}",  # by a name that is assigned three times
        "no book was ever published or proposed under the hash {1}",  # by a caller
        "it takes one of: {1}",  # put together
        "{1} is no amount in 元",  # three rooms down
    }
    assert "no secret" not in found
    assert not [text for text in found if "config.yaml" in text], "what is wrong with this machine is told to nobody on a page"


def test_no_chinese_of_an_error_is_left_over() -> None:
    """A text that the search does not find is a code, or stands in the source piece by piece; what pydantic says is tried below."""
    source = "\n".join(each.read_text() for room in ROOMS for each in (ROOT / room).rglob("*.py"))
    sought = set(catalogue("zh").words) - {text for _, text in errors_of_pages()} - set(of_refusals())
    unused = [each for each in sought if not all(part.strip(" :") in source for part in re.split(r"\{\w+\}|/", each))]
    assert [each for each in unused if not re.search("String should|Input should|Tuple should", each)] == []


def test_the_chinese_is_chinese() -> None:
    kept = {text for text, meaning in catalogue("zh").words.items() if not CHINESE.search(meaning)}
    assert kept == {"the body: {1}"}


def test_states_and_roles_have_one_word_each() -> None:
    words = catalogue("zh").words
    assert {state: words[state] for state in STATES_ZH} == dict(STATES_ZH)
    assert {role: words[role] for role in STAFF_ROLES} == {role: ROLES_ZH[role] for role in STAFF_ROLES}


@pytest.mark.parametrize(
    ("model", "typed"),
    [
        (Caller, {}),
        (Caller, {"id_number": "123", "policy_number": "坏 号", "name": "甲" * 65, "birth_date": "2026-02-30"}),
        (Caller, {"name": "甲\x01", "birth_date": "2999-01-01"}),
        (Caller, {"name": "甲", "birth_date": "1800-01-01"}),
        (HotlineReport, {"external_ref": "坏 号", "caller": {"id_number": "1"}, "loss_cause": "火", "reporter": {"phone": "abc"}}),
        (CoverAsked, {"annual_income": "-1", "debts": "x", "dependants": ["61", "x", "-1"], "debt_years": "51", "inflation": "900"}),
        (CoverAsked, {"dependants": [1] * 11}),
    ],
)
def test_what_a_form_refuses_is_told_in_chinese(model: type[BaseModel], typed: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refused:
        model.model_validate(typed)
    told = problem_of_validation(refused.value).errors
    assert told
    for each in told:
        for text in (each.detail, each.way_out):
            assert re.search("[一-鿿]", "".join(piece.text for piece in catalogue("zh").pieces(text) if piece.is_known)), text


def test_a_page_that_a_role_may_not_see_is_refused_by_its_name_and_not_by_a_code(house: House) -> None:
    app = house.client().app
    views = (view for name, view in app.view_functions.items() if name.startswith("workbench."))
    needed = {declared for view in views if isinstance(declared := view.__dict__.get("mingbai_action"), Action)}
    assert len(needed) > 30
    assert sorted(action for action in needed if not CHINESE.search(catalogue("zh").words.get(action, ""))) == []
    refused = house.client(staff="chen").get("/dashboard", headers={"Accept": "text/html"})
    assert "理赔员没有这项权限（查看管理看板）" in refused.text


def test_what_python_shows_in_chinese_goes_through_say() -> None:
    """A flash or the label of a choice that does not would be Chinese on an English page."""
    bare = []
    for file in sorted(WORKBENCH.rglob("*.py")):
        for call in (each for each in ast.walk(ast.parse(file.read_text())) if isinstance(each, ast.Call)):
            if ast.unparse(call.func) in ("flash", "Choice", "render_template"):
                bare += [f"{file.name}: {text}" for given in [*call.args, *call.keywords] for text in _unsaid(given)]
    assert bare == []


def _unsaid(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value):
        yield node.value
    elif not (isinstance(node, ast.Call) and ast.unparse(node.func) == "say"):
        for each in ast.iter_child_nodes(node):
            yield from _unsaid(each)


def test_an_error_is_chinese_on_a_page_down_to_its_figures() -> None:
    told = "".join(each.text for each in catalogue("zh").pieces("claim C1 is IN_REVIEW and cannot become PAID"))
    assert told == "案件 C1的状态是“人工审核中”，不能变为“已支付”"


def test_a_page_tells_an_error_in_its_language_and_the_api_in_english(house: House) -> None:
    chen = house.client(staff="chen")
    page = {"Accept": "text/html"}
    assert "没有这个页面" in chen.get("/nothing", headers=page).text
    assert "没有案件" in chen.get("/claims/C2026000000000000", headers=page).text
    assert "no claim" in chen.get("/claims/C2026000000000000?language=en", headers=page).text
    script = {"Accept": "application/json", "Accept-Language": "zh-CN"}
    assert chen.get("/claims/C2026000000000000?language=zh", headers=script).json["detail"] == "没有案件 C2026000000000000"
    assert house.client(secret_of="app").get("/v1/claims/C2026000000000000").json["detail"].startswith("no claim")


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


def test_what_a_claim_waits_for_is_english_with_its_advice(house: House) -> None:
    pieces = catalogue("en").pieces("缺少出院小结：请补交出院小结，用来核对因什么病、何时住院")
    assert "".join(each.text for each in pieces).startswith("Discharge summary is missing: ")
