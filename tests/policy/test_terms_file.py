"""The terms of products: what is shipped can be read and agrees with the rule books; what is wrong is told with its line."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from domain.errors import RuleBookError
from domain.terms import CashValueMethod, Kind, Line
from policy.bases import load_bases
from policy.terms_file import TERMS_FOLDER, load_terms, read_terms

TERMS = load_terms()
FULU = (TERMS_FOLDER / "fulu-endowment.yaml").read_text(encoding="utf-8")
BOOKS = Path("rules/book")


def test_every_kind_of_product_is_shipped() -> None:
    kinds = {each.kind for each in TERMS.values()}
    assert kinds >= {Kind.TERM, Kind.ENDOWMENT, Kind.WHOLE_LIFE, Kind.ANNUITY, Kind.UNIVERSAL, Kind.HEALTH, Kind.PROPERTY}
    assert {each.line for each in TERMS.values()} == {Line.LIFE, Line.PROPERTY}


def test_a_product_reads_as_it_is_written() -> None:
    fulu = TERMS["fulu-endowment"]
    assert (fulu.name, fulu.grace_days, fulu.reinstatement_years, fulu.may_lend_premiums) == ("福禄两全保险", 60, 2, True)
    assert fulu.loan is not None
    assert (fulu.loan.ratio, fulu.loan.term_days, fulu.loan.rates[-1].effective) == (Fraction(4, 5), 180, date(2024, 7, 1))
    assert (fulu.survival[0].anniversaries, fulu.survival[0].ratio) == ((3, 6, 9, 12), Fraction(1, 10))
    assert (fulu.cash_value.method, fulu.cash_value.k) == (CashValueMethod.RESERVE, Fraction(9, 10))


def test_fulu_agrees_with_its_rule_book() -> None:
    book = (BOOKS / "fulu-endowment.yaml").read_text(encoding="utf-8")
    fulu = TERMS["fulu-endowment"]
    assert f"生存周年 属于 {list(fulu.survival[0].anniversaries)}" in book
    assert "生存比例: 10%" in book and "身故倍数: 160%" in book and "满期周年: 15" in book


def test_every_mortality_basis_that_terms_name_is_there() -> None:
    named = {each.cash_value.mortality for each in TERMS.values()} | {each.universal.mortality for each in TERMS.values() if each.universal}
    assert named - {""} <= set(load_bases())


def test_a_whole_range_of_anniversaries_may_be_written() -> None:
    assert TERMS["changqing-whole"].survival[0].anniversaries == tuple(range(5, 31))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("宽限期: 60天 ", "宽限期: 60 ", r":6:6  宽限期 60 is no whole number of 天  \|  write it as 60天"),
        ("险种: 两全", "险种: 两金", r":4:5  险种 两金 is not known  \|  did you mean"),
        ("比例: 80%", "比例: 180%", r":11:7  a loan above the whole cash value"),
        ("比例: 80%", "比例: 八成", r":11:7  比例 八成 is no percentage  \|  write a share such as 80%"),
        ("1990-01-01: 6.5%", "2031-01-01: 6.5%", r"not in the order of their days"),
        ("2015-01-01", "2015-13-01", r":16:17  2015-13-01 is no day"),
        ("续保: 否\n", "", r"合同约定 has no 续保  \|  add '续保:'"),
        ("续保: 否", "续保: 也许", r"也许 is neither 是 nor 否"),
        ("[3, 6, 9, 12]", "[0, 6]", r"保单周年 0 is the first day"),
        ("[3, 6, 9, 12]", "9～3", r"保单周年 9～3 is no list and no range"),
        ("名称:", "名字: x\n名称:", r"unknown key 名字  \|  did you mean 名称"),
        (", 系数: 90%", "", r"has no 系数"),
        ("险种: 两全", "险种: 万能", r"万能 and 万能账户 belong together"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_the_way_out(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in FULU
    (tmp_path / "fulu.yaml").write_text(FULU.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RuleBookError, match=told):
        read_terms(tmp_path / "fulu.yaml")


def test_a_premium_is_lent_only_where_loans_are(tmp_path: Path) -> None:
    start, end = FULU.index("贷款:"), FULU.index("身故给付")
    (tmp_path / "fulu.yaml").write_text(FULU[:start] + FULU[end:], encoding="utf-8")
    with pytest.raises(RuleBookError, match="垫交 without 贷款"):
        read_terms(tmp_path / "fulu.yaml")
