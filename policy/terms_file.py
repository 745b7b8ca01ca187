"""Reads the terms of products (合同约定) from YAML: policy/terms/<product>.yaml. What is wrong is told with file, line and the way out."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

from domain.terms import (
    AnnuityBenefit,
    Base,
    CashValueMethod,
    CashValueTerms,
    DatedRate,
    DeathBenefit,
    Frequency,
    Kind,
    Line,
    LoanTerms,
    MonthlyRate,
    ProductTerms,
    RiskBand,
    SurvivalBenefit,
    UniversalTerms,
)
from rules.routing_yaml import Item, read_items
from rules.source import suggest

TERMS_FOLDER = Path(__file__).parent / "terms"
_Word = TypeVar("_Word", bound=StrEnum)
_Value = TypeVar("_Value")

_LINES = {"人身险": Line.LIFE, "财产险": Line.PROPERTY}
_KINDS = {
    "定期寿险": Kind.TERM, "两全": Kind.ENDOWMENT, "终身寿险": Kind.WHOLE_LIFE, "年金": Kind.ANNUITY,
    "万能": Kind.UNIVERSAL,
    "健康险": Kind.HEALTH, "意外险": Kind.ACCIDENT, "财产险": Kind.PROPERTY,
}  # fmt: skip
_FREQUENCIES = {
    "趸交": Frequency.SINGLE, "年交": Frequency.YEARLY, "半年交": Frequency.HALF_YEARLY, "季交": Frequency.QUARTERLY,
    "月交": Frequency.MONTHLY, "不定期交": Frequency.FLEXIBLE,
}  # fmt: skip
_BASES = {"基本保额": Base.SUM_INSURED, "已交保费": Base.PREMIUMS_PAID, "年交保费": Base.YEARLY_PREMIUM}
_METHODS = {
    "责任准备金": CashValueMethod.RESERVE,
    "未满期": CashValueMethod.UNEARNED,
    "账户价值": CashValueMethod.ACCOUNT,
    "无": CashValueMethod.NONE,
}
_REQUIRED = ("名称", "险类", "险种", "交费", "宽限期", "复效期", "续保", "现金价值")
_OPTIONAL = ("垫交", "贷款", "身故给付", "生存给付", "年金给付", "满期给付", "万能账户")


@cache
def shipped_terms() -> dict[str, ProductTerms]:
    """Give the terms that come with this version, read once."""
    return load_terms()


def load_terms(folder: Path = TERMS_FOLDER) -> dict[str, ProductTerms]:
    """Read every product of a folder, by name.

    Raises:
        RuleBookError: a file that cannot be read, or says what terms cannot say; the message names its line.
    """
    return {path.stem: read_terms(path) for path in sorted(folder.glob("*.yaml"))}


def read_terms(path: Path) -> ProductTerms:
    """Read one product; raises as `load_terms` does."""
    root, _ = read_items(path)
    found = root.fields("合同约定", _REQUIRED, _OPTIONAL)
    kind = _word(found["险种"], "险种", _KINDS)
    lend = _optional(found, "贷款", _read_loan)
    may_lend = _optional(found, "垫交", _read_yes)
    if may_lend and lend is None:
        raise found["垫交"].error("垫交 without 贷款: a premium that is lent bears a loan's interest", "add 贷款, or write 垫交: 否")
    if (kind is Kind.UNIVERSAL) != ("万能账户" in found):
        raise found["险种"].error("万能 and 万能账户 belong together", "write both or neither")
    maturity = _optional(found, "满期给付", _read_share)
    return ProductTerms(
        product=path.stem,
        name=found["名称"].text("名称"),
        line=_word(found["险类"], "险类", _LINES),
        kind=kind,
        frequencies=tuple(_word(each, "交费", _FREQUENCIES) for each in found["交费"].items("交费")),
        grace_days=_whole(found["宽限期"], "宽限期", "天"),
        reinstatement_years=_whole(found["复效期"], "复效期", "年"),
        is_renewable=_read_yes(found["续保"]),
        may_lend_premiums=bool(may_lend),
        loan=lend,
        death=_optional(found, "身故给付", _read_death),
        survival=tuple(_read_survival(each) for each in found["生存给付"].items("生存给付")) if "生存给付" in found else (),
        annuity=_optional(found, "年金给付", _read_annuity),
        maturity_base=maturity[0] if maturity else None,
        maturity_ratio=maturity[1] if maturity else Fraction(0),
        cash_value=_read_cash_value(found["现金价值"]),
        universal=_optional(found, "万能账户", _read_universal),
    )


def _read_loan(item: Item) -> LoanTerms:
    found = item.fields("贷款", ("比例", "期限", "计息", "利率"))
    rates = tuple(DatedRate(_day(key, value), _share(value, "利率")) for key, value in found["利率"].entries("利率").items())
    if list(rates) != sorted(rates, key=lambda each: each.effective) or not rates:
        raise found["利率"].error("the rates are not in the order of their days", "write the oldest first")
    ratio = _share(found["比例"], "比例")
    if ratio > 1:
        raise found["比例"].error("a loan above the whole cash value", "write 80% or less, as the contract says")
    return LoanTerms(ratio, _whole(found["期限"], "期限", "天"), _whole(found["计息"], "计息", "天"), rates)


def _read_death(item: Item) -> DeathBenefit:
    found = item.fields("身故给付", ("基数", "比例"), ("减已领",))
    less = _optional(found, "减已领", _read_yes)
    return DeathBenefit(_word(found["基数"], "基数", _BASES), _share(found["比例"], "比例"), bool(less))


def _read_survival(item: Item) -> SurvivalBenefit:
    found = item.fields("生存给付", ("保单周年", "基数", "比例"))
    days = found["保单周年"]
    anniversaries = [_whole(each, "保单周年", "") for each in days.items("保单周年")] if days.is_list else _range(days)
    if min(anniversaries) < 1:
        raise days.error("保单周年 0 is the first day, on which nobody has survived anything", "count from 1")
    return SurvivalBenefit(tuple(anniversaries), _word(found["基数"], "基数", _BASES), _share(found["比例"], "比例"))


def _read_annuity(item: Item) -> AnnuityBenefit:
    found = item.fields("年金给付", ("起领年龄", "基数", "比例", "领取"), ("止领年龄",))
    each_year: dict[str, Literal[1, 12]] = {"年领": 1, "月领": 12}
    often = each_year.get(found["领取"].text("领取"))
    if often is None:
        raise found["领取"].error(f"领取 {found['领取'].text('领取')} is neither 年领 nor 月领", "write 年领 or 月领")
    until = _optional(found, "止领年龄", lambda each: _whole(each, "止领年龄", "岁"))
    share = _share(found["比例"], "比例")
    return AnnuityBenefit(_whole(found["起领年龄"], "起领年龄", "岁"), _word(found["基数"], "基数", _BASES), share, often, until)


def _read_share(item: Item) -> tuple[Base, Fraction]:
    found = item.fields("满期给付", ("基数", "比例"))
    return _word(found["基数"], "基数", _BASES), _share(found["比例"], "比例")


def _read_cash_value(item: Item) -> CashValueTerms:
    found = item.fields("现金价值", ("方法",), ("生命表", "利率", "系数", "手续费"))
    method = _word(found["方法"], "方法", _METHODS)
    needs: dict[CashValueMethod, tuple[str, ...]] = {
        CashValueMethod.RESERVE: ("生命表", "利率", "系数"),
        CashValueMethod.UNEARNED: ("手续费",),
    }
    item.fields(f"现金价值 by {found['方法'].text('方法')}", ("方法", *needs.get(method, ())))
    mortality = _optional(found, "生命表", lambda each: each.text("生命表"))
    shares = [_optional(found, name, lambda each: _share(each, "现金价值")) for name in ("利率", "系数", "手续费")]
    return CashValueTerms(
        method, mortality or "", shares[0] or Fraction(0), Fraction(1) if shares[1] is None else shares[1], shares[2] or Fraction(0)
    )


def _read_universal(item: Item) -> UniversalTerms:
    found = item.fields("万能账户", ("保证利率", "结算利率", "初始费用", "领取费用", "身故给付倍数", "生命表", "风险保费比例"))
    credited = (_month(key, value) for key, value in found["结算利率"].entries("结算利率").items())
    bands = [each.fields("身故给付倍数", ("至年龄", "比例")) for each in found["身故给付倍数"].items("身故给付倍数")]
    return UniversalTerms(
        guaranteed=_share(found["保证利率"], "保证利率"),
        credited=tuple(credited),
        initial_charges=tuple(_share(each, "初始费用") for each in found["初始费用"].items("初始费用")),
        withdrawal_charges=tuple(_share(each, "领取费用") for each in found["领取费用"].items("领取费用")),
        risk_bands=tuple(RiskBand(_whole(each["至年龄"], "至年龄", "岁"), _share(each["比例"], "比例")) for each in bands),
        mortality=found["生命表"].text("生命表"),
        risk_loading=_share(found["风险保费比例"], "风险保费比例"),
    )


def _optional(found: Mapping[str, Item], name: str, read: Callable[[Item], _Value]) -> _Value | None:
    return read(found[name]) if name in found else None


def _word(item: Item, what: str, words: Mapping[str, _Word]) -> _Word:
    text = item.text(what)
    if text not in words:
        raise item.error(f"{what} {text} is not known", suggest(text, list(words), what))
    return words[text]


def _read_yes(item: Item) -> bool:
    text = item.text("是否")
    if text not in ("是", "否"):
        raise item.error(f"{text} is neither 是 nor 否", "write 是 or 否")
    return text == "是"


def _share(item: Item, what: str) -> Fraction:
    text = item.text(what)
    if not re.fullmatch(r"\d{1,4}(\.\d{1,8})?%", text, re.ASCII):
        raise item.error(f"{what} {text} is no percentage", "write a share such as 80% or 2.5%")
    return Fraction(text[:-1]) / 100


def _whole(item: Item, what: str, unit: str) -> int:
    text = item.text(what)
    if not re.fullmatch(rf"\d{{1,4}}{unit}", text, re.ASCII):
        raise item.error(f"{what} {text} is no whole number" + (f" of {unit}" if unit else ""), f"write it as 60{unit}")
    return int(text.removesuffix(unit))


def _range(item: Item) -> Sequence[int]:
    """Read 5～30 as all anniversaries from the fifth to the thirtieth."""
    text = item.text("保单周年")
    match = re.fullmatch(r"(\d{1,3})[～~](\d{1,3})", text, re.ASCII)
    if match is None or int(match[1]) > int(match[2]):
        raise item.error(f"保单周年 {text} is no list and no range", "write [3, 6, 9] or 5～30")
    return range(int(match[1]), int(match[2]) + 1)


def _day(text: str, item: Item) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise item.error(f"{text} is no day", "write the first day of the rate as 2024-07-01") from error


def _month(text: str, item: Item) -> MonthlyRate:
    first = _day(f"{text}-01", item)
    return MonthlyRate(first.year, first.month, _share(item, "结算利率"))
