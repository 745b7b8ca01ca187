"""Every message of the engine can be told in Chinese, by its template: nothing is left English, and nothing of an author's is changed."""

import ast
import copy
import json
import pickle
import re
import string
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import ruamel.yaml
from phrases_said import RULES, calls_of, name_of, phrases, templates, trees
from test_book_messages import EXAMPLE, MISTAKES

from domain.errors import InputError
from rules.inline_tests import run_tests
from rules.loader import check_file, load_book
from rules.phrases import Phrase, error_phrase, from_plain, phrased, to_plain
from rules.telling import catalogue, pieces, tell
from rules.yaml_messages import yaml_phrase

Write = Callable[[str | bytes], Path]
_HAN = re.compile("[一-鿿]")
_ERRORS = {
    "ExpressionError",
    "ClashError",
    "CellError",
    "InputError",
    "RuleBookError",
    "Fault",
    "Diagnostic",
    "error",
    "fault",
    "_refusal",
    "_note",
}
_PROGRAMS = {"evaluate.py", "feel_json.py"}  # `rules eval` answers programs; what it says is told too, but its ways out are constants


def figures_of(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def words_in(template: str) -> str:
    return re.sub(r"\{\w+\}", "", template)


def test_every_template_has_its_other_language_and_none_is_left_over() -> None:
    said = templates()
    english = {each for each in said if re.search("[A-Za-z]", words_in(each)) or each in catalogue("zh")}
    chinese = {each for each in said - english if re.search("[一-鿿：]", words_in(each))}
    assert len(english) > 600
    assert len(chinese) > 15
    assert sorted(english - set(catalogue("zh"))) == [], "add these to rules/languages/zh.po"
    assert sorted(chinese - set(catalogue("en"))) == [], "add these to rules/languages/en.po"
    assert sorted({*catalogue("zh"), *catalogue("en")} - said) == [], "nobody says these any more"


def test_every_chinese_text_is_chinese() -> None:
    signs = {"<flow mapping end>", "<flow mapping start>", "<flow sequence end>", "<flow sequence start>"}
    bare = {
        each for each, meaning in catalogue("zh").items() if not _HAN.search(words_in(meaning)) and words_in(each).strip(" :|{}=()[],…'")
    }
    assert bare - signs == set()


def test_a_template_has_exactly_the_figures_it_is_given_in_both_languages() -> None:
    wrong = []
    for each in phrases():
        if each.figures:
            given = set(each.figures)
            told = [catalogue(language).get(each.template, each.template) for language in ("zh", "en")]
            wrong += [] if all(figures_of(text) == given for text in (each.template, *told)) else [(each.place, each.template, told)]
    assert wrong == []


def test_no_figure_hides_english() -> None:
    """A text among the figures would stay as it is in every language; words of ours are phrases of their own."""
    hidden = [
        (each.place, name, text)
        for each in phrases()
        for name, value in each.figures.items()
        for text in _bare_texts(value)
        if re.search("[a-z]{2,}", text)
    ]
    assert [each for each in hidden if each[2] != "grade"] == []


def _bare_texts(node: ast.expr) -> Iterator[str]:
    """Give the texts that an expression holds, outside of phrases, of names that are looked up, and of what is compared."""
    if isinstance(node, ast.Call) and name_of(node.func) in ("Phrase", "written", "getattr", "expects", "_told"):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr) and not (isinstance(node, ast.Subscript) and child is node.slice):
            yield from _bare_texts(child)


def test_no_error_of_the_engine_says_anything_but_phrases() -> None:
    """The types of most of them insist already; those of domain.errors take any text."""
    bare = []
    for path, call in calls_of(RULES, *_ERRORS):
        arguments = [*call.args, *(each.value for each in call.keywords if each.arg in ("what", "way_out"))]
        texts = [each for each in arguments if _is_text(each) or (isinstance(each, ast.Name) and _is_ever_text(path, call, each.id))]
        bare += [f"{path}:{call.lineno}" for each in texts if path.name not in _PROGRAMS]
    assert bare == []


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.IfExp):
        return _is_text(node.body) or _is_text(node.orelse)
    if isinstance(node, ast.BinOp):
        return _is_text(node.left) or _is_text(node.right)
    text = "".join(str(each.value) for each in ast.walk(node) if isinstance(each, ast.Constant)) if isinstance(node, ast.JoinedStr) else ""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    return bool(re.search("[a-z]+ [a-z]+", text))


def _is_ever_text(path: Path, call: ast.Call, name: str) -> bool:
    for scope in ast.walk(trees(RULES)[path]):
        if isinstance(scope, ast.FunctionDef) and call in ast.walk(scope):
            for each in ast.walk(scope):
                if isinstance(each, ast.Assign) and name in map(name_of, each.targets) and _is_text(each.value):
                    return True
    return False


@pytest.mark.parametrize(("right", "wrong"), [each[:2] for each in MISTAKES])
def test_a_mistake_is_told_in_chinese_down_to_its_last_word(write: Write, right: str, wrong: str) -> None:
    text = EXAMPLE.replace(right, wrong, 1)
    for each in check_file(write(text)):
        for told in (tell(each.what, "zh"), tell(each.way_out, "zh")):
            assert _HAN.search(told)
            assert [word for word in re.findall("[A-Za-z]{3,}", told) if word not in text and word != "ICD"] == [], told


def test_a_message_names_the_thing_the_value_and_the_way_out_in_chinese(write: Write) -> None:
    (found,) = check_file(write(EXAMPLE.replace("缺失: 0元", "缺失: 0天", 1)))
    assert (found.what, found.way_out) == ("元 is needed here, but this is 天", "bring it to that type")
    assert (tell(found.what, "zh"), tell(found.way_out, "zh")) == ("这里要元，写的却是天", "请改成这种类型")


def test_a_part_that_is_a_phrase_is_told_and_a_name_that_reads_like_one_is_not() -> None:
    told = Phrase("{what} has no {name}", what=Phrase("plan {name}", name="the book"), name="rule")
    assert told == "plan the book has no rule"
    assert tell(told, "zh") == "方案“the book”没有写“rule”"


def test_the_pieces_tell_ours_from_what_an_author_wrote() -> None:
    told = Phrase("nothing is called {name}", name="医院等及")
    assert list(pieces(told, "en")) == [("nothing is called ", True), ("医院等及", False)]
    assert list(pieces(told, "zh")) == [("没有叫“", True), ("医院等及", False), ("”的要素、参数或规则", True)]


def test_texts_in_a_row_are_told_one_by_one() -> None:
    assert tell(Phrase.joined("; ", (Phrase("the book"), "甲", Phrase("the draft"))), "zh") == "条款书；甲；草案"


def test_a_text_that_is_no_phrase_stays() -> None:
    assert tell("the book", "zh") == "the book"
    assert tell(phrased("the {book}"), "zh") == "the {book}"


def test_an_error_is_told_with_its_way_out() -> None:
    error = InputError(Phrase("a mean of nothing"), Phrase("keep lists short"))
    assert error_phrase(error) == str(error)
    assert tell(error_phrase(error), "zh") == "没有值，无法求平均 | 请缩短列表"


def through_json(told: Phrase) -> str:
    return from_plain(json.loads(json.dumps(to_plain(told))))


def through_a_pipe(told: Phrase) -> str:
    return pickle.loads(pickle.dumps(told))  # type: ignore[no-any-return]  # noqa: S301 - what it has just written


@pytest.mark.parametrize("again", [through_json, through_a_pipe, copy.deepcopy])
def test_a_phrase_survives_being_kept(again: Callable[[Phrase], Phrase]) -> None:
    told = Phrase("{what} is negative ({count})", what=Phrase("plan {name}", name="{甲}"), count=3)
    kept = again(told)
    assert kept == told == "plan {甲} is negative (3)"
    assert (kept.template, tell(kept.figures["what"], "zh")) == (told.template, "方案“{甲}”")  # type: ignore[arg-type]


def test_what_a_failing_test_got_is_told(write: Write) -> None:
    text = EXAMPLE.replace("得: {住院医疗: 42000.00}", "得: {住院医疗: 1.00}", 1)
    (failed,) = [each for each in run_tests(load_book(write(text))) if not each.passed]
    assert "：应得 住院医疗: 1.00，实得 住院医疗: 42000.00" in tell(failed.whole, "zh")
    assert ": expected 住院医疗: 1.00, got 住院医疗: 42000.00" in failed.whole


def yaml_texts() -> Iterator[str]:
    """Give what the YAML reader can say, from its source: what it was doing, and what was wrong; a figure is X."""
    folder = Path(ruamel.yaml.__file__).parent
    for name in ("scanner.py", "parser.py"):
        for node in ast.walk(ast.parse((folder / name).read_text())):
            if isinstance(node, ast.Call) and name_of(node.func) in ("ScannerError", "ParserError"):
                for part in (node.args[0], node.args[2] if len(node.args) > 2 else node.args[0]):
                    if isinstance(part, ast.Constant) and part.value:
                        yield str(part.value)
                    elif isinstance(part, ast.JoinedStr):
                        yield "".join(str(each.value) if isinstance(each, ast.Constant) else "X" for each in part.values)


def test_everything_the_yaml_reader_says_has_its_phrase() -> None:
    texts = set(yaml_texts())
    assert len(texts) > 40
    assert sorted(each for each in texts if yaml_phrase(each).template == "{text}") == []
    assert [each for each in texts if yaml_phrase(each) != each] == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("要素:\n\t甲: {类型: 日期}\n", "YAML 格式有误：读到这里：这里不能以字符 '\\t' 开头（制表符不能用来缩进，请用空格）"),
        (
            "要素:\n  甲: {类型: 日期}\n 乙: {类型: 日期}\n",
            "YAML 格式有误：读“名称: 值”各行时：缩进与上面各行不齐，或少了冒号：读到 缩进更深的“名称: 值”",
        ),
        ("要素: {甲: {类型: 日期}\n规则: {}\n", "YAML 格式有误：读 { } 里的内容时：应为“,”或“}”，却读到 一段文字"),
        ("要素: 'a\n", "YAML 格式有误：读引号里的文字时：文件到头了，引号还没有闭合"),
        ("要素: a: b\n", "YAML 格式有误：这里不能有冒号"),
        ("a: \x00\n", "YAML 格式有误：不能有控制字符 #x0000"),
    ],
)
def test_broken_yaml_is_told_in_chinese(write: Write, text: str, told: str) -> None:
    (found,) = check_file(write(text))
    assert tell(found.what, "zh") == told


def test_the_engine_reads_no_catalogue_of_another_room() -> None:
    assert not [path for path in RULES.rglob("*.py") if re.search(r"from (api|commands|storage)\b", path.read_text())]
