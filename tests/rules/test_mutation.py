"""A book changed in one small thing must fail one of its tests; else the boundary test that tells it is proposed."""

from collections.abc import Callable
from pathlib import Path

from rules.engine import adjudicate
from rules.inline_tests import run_tests
from rules.loader import load_book
from rules.model import Book
from rules.mutants import mutants_of
from rules.mutation import Verdict, count_mutants, mutate

STEPS = "      - 起: 费用\n      - 减: {至多: 免赔, 每: 终身}\n      - 限: {至多: 额度, 每: 终身}\n"
PARAMETERS = "      免赔: 100元\n      额度: 1000元\n"
RULES = "  甲:\n    是: 等级 >= 二级\n"
TESTS = "    测试:\n      - 名: 一\n        给: {等级: 二级, 费用: 150元}\n        得: {乙: 50.00}\n"


def _book(book_of: Callable[..., Book], tests: str = TESTS) -> Book:
    return book_of(rules=RULES, conditions="    须: [甲]\n", steps=STEPS, parameters=PARAMETERS, plan=tests)


def _by_what(verdicts: list[Verdict]) -> dict[str, Verdict]:
    return {each.what: each for each in verdicts}


def test_a_deductible_one_yuan_more_is_told_by_a_test_that_pays_above_it(book_of: Callable[..., Book]) -> None:
    verdicts = _by_what(list(mutate(_book(book_of))))
    assert verdicts["丙 免赔：100.00 → 101.00"].killed_by == "丙/一"


def test_a_limit_that_no_test_reaches_survives_with_the_test_at_its_boundary(book_of: Callable[..., Book]) -> None:
    limit = _by_what(list(mutate(_book(book_of))))["丙 额度：1,000.00 → 1,001.00"]
    assert limit.survived
    assert limit.proposal is not None
    assert limit.proposal.text.splitlines() == [
        "- 名: 界 丙 额度：1,000.00 → 1,001.00",
        "  同: 一",
        "  改: {费用: 1100.01元}",
        "  得: {乙: 1000.00}",
    ]


def test_a_condition_that_no_test_fails_survives(book_of: Callable[..., Book]) -> None:
    verdicts = _by_what(list(mutate(_book(book_of))))
    assert verdicts["乙：不再须 甲"].survived
    assert verdicts["甲：≥ → >"].killed_by == "丙/一"


def test_with_the_proposed_tests_in_the_book_every_change_is_noticed(book_of: Callable[..., Book]) -> None:
    first = _book(book_of)
    proposals = [each.proposal.text for each in mutate(first) if each.proposal is not None]
    added = "".join("      " + line + "\n" for text in proposals for line in text.splitlines())
    second = _book(book_of, TESTS + added)
    assert all(each.passed for each in run_tests(second))
    assert [each.what for each in mutate(second) if each.survived] == []


def test_a_parameter_that_nothing_looks_up_makes_no_mutant(book_of: Callable[..., Book]) -> None:
    book = book_of(parameters="      额度: 100元\n")
    assert [each.what for each in mutants_of(book) if "额度" in each.what] == []


def test_an_inherited_value_is_one_place_and_one_mutant() -> None:
    whats = [each.what for each in mutants_of(load_book(Path("rules/book/anxin-inpatient.yaml")))]
    assert len([each for each in whats if "津贴免赔天数" in each]) == 2  # one day more, one day less, for both plans


def test_a_mutant_leaves_the_book_as_it_was() -> None:
    book = load_book(Path("rules/book/anxin-inpatient.yaml"))
    before = [each.expected for each in run_tests(book)]
    for mutant in mutants_of(book):
        assert mutant.book is not book
    assert [each.expected for each in run_tests(book)] == before
    assert all(each.passed for each in run_tests(book))


def test_the_mutants_are_counted_before_they_run() -> None:
    book = load_book(Path("rules/book/zhifu-direct.yaml"))
    assert count_mutants(book) == len(list(mutants_of(book))) > 20


def test_a_table_keeps_its_proof_when_a_boundary_moves(book_of: Callable[..., Book]) -> None:
    rules = '  率:\n    表:\n      - [费用, 得]\n      - ["< 100元", 50%]\n      - ["≥ 100元", 60%]\n'
    book = book_of(rules=rules, steps="      - 起: 费用\n      - 乘: 率\n      - 取整: 到分 四舍五入\n")
    moved = next(each for each in mutants_of(book) if each.what == "率：100.00 → 101.00")
    assert adjudicate(moved.book, "丙", {"费用": 10050}, {}).total_fen == 5025
    turned = next(each for each in mutants_of(book) if "边界值" in each.what)
    assert adjudicate(turned.book, "丙", {"费用": 10000}, {}).total_fen == 5000
