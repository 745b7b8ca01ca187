"""A tiny book whose parts a test may replace, and a way to ask one expression."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rules.compiler import Scope
from rules.loader import check_file, load_book
from rules.model import Book
from rules.source import Diagnostic
from rules.unknown import Value
from rules.values import ElementValue, to_values

ELEMENTS = """
要素:
  保单生效日: {类型: 日期}
  出险日: {类型: 日期}
  原因: {类型: 枚举, 取值: [疾病, 意外]}
  等级: {类型: 序列, 取值: [一级, 二级, 三级]}
  续保: {类型: 是否, 缺失: 否}
  结算: {类型: 是否, 缺失: 待补, 请补: 结算单}
  诊断: {类型: ICD10}
  费用: {类型: 金额}
  已付: {类型: 金额, 缺失: 0元}
  天数: {类型: 天数}
  系数: {类型: 比例, 缺失: 100%}
"""
RULES = "  甲:\n    是: 续保\n"
STEPS = "      - 起: 费用\n"
PARAMETERS = "      额度: 100元\n"


def tiny(*, rules: str = RULES, conditions: str = "", steps: str = STEPS, parameters: str = PARAMETERS, plan: str = "") -> str:
    return (
        f"{ELEMENTS}规则:\n{rules}责任:\n  乙:\n{conditions}    理算:\n{steps}方案:\n  丙:\n    责任: [乙]\n{plan}    参数:\n{parameters}"
    )


@pytest.fixture(scope="session")
def write(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str | bytes], Path]:
    folder = tmp_path_factory.mktemp("books")
    count = iter(range(10**6))

    def write_(text: str | bytes) -> Path:
        path = folder / f"book{next(count)}.yaml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write_


@pytest.fixture(scope="session")
def book_of(write: Callable[[str], Path]) -> Callable[..., Book]:
    def book_of_(**parts: str) -> Book:
        return load_book(write(tiny(**parts)))

    return book_of_


@pytest.fixture(scope="session")
def faults_of(write: Callable[[str], Path]) -> Callable[..., list[Diagnostic]]:
    def faults_of_(**parts: str) -> list[Diagnostic]:
        return check_file(write(tiny(**parts)))

    return faults_of_


@pytest.fixture(scope="session")
def answer(book_of: Callable[..., Book]) -> Callable[..., Value]:
    """Answer one expression on given elements."""

    def answer_(expression: str, **elements: ElementValue) -> Value:
        book = book_of(rules=f"  甲:\n    是: {expression}\n")
        return Scope(to_values(book, elements), book.compiled).answer("甲").value

    return answer_


@pytest.fixture(scope="session")
def fault(faults_of: Callable[..., list[Diagnostic]]) -> Callable[[str], Diagnostic]:
    """Give the one fault of an expression."""

    def fault_(expression: str) -> Diagnostic:
        found = faults_of(rules=f"  甲:\n    是: {expression}\n")
        assert len(found) == 1, [str(each) for each in found]
        return found[0]

    return fault_
