"""The assumptions (假设) that needs are worked out from: each visible with its source, each adjustable within bounds."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from domain.errors import SetupError

SHIPPED = Path(__file__).with_name("assumptions.yaml")
MOST_YUAN, MOST_DEPENDANTS = 1_000_000_000, 10
_TOLD = ("value", "zh", "en", "source", "as_of")


@dataclass(frozen=True)
class Assumptions:
    """What is assumed of a person and their world: money in whole fen of today, shares and rates exact, years whole."""

    annual_income: int
    support: int
    dependants: tuple[int, ...]
    debts: int
    debt_years: int
    assets: int
    last_expenses: int
    treatment: int
    social_share: Fraction
    out_of_list_share: Fraction
    rehabilitation: int
    recovery_years: int
    care: int
    earning_age: int
    retirement_age: int
    spending_share: Fraction
    pension_share: Fraction
    life_expectancy: int
    least_years: int
    inflation: Fraction
    medical_inflation: Fraction
    interest: Fraction


MONEY = ("annual_income", "support", "debts", "assets", "last_expenses", "treatment", "rehabilitation", "care")
SHARES = ("social_share", "out_of_list_share", "spending_share", "pension_share")  # in percent, 0 to 100
RATES = ("inflation", "medical_inflation", "interest")  # in percent a year, 0 to 15
YEARS = {
    "debt_years": 50,
    "recovery_years": 10,
    "earning_age": 30,
    "retirement_age": 80,
    "life_expectancy": 100,
    "least_years": 20,
}  # with the most of each
NAMES = tuple(each.name for each in fields(Assumptions))


@dataclass(frozen=True)
class Told:
    """One assumption as it stands in the file: its words, and where it comes from."""

    name: str
    zh: str
    en: str
    source: str
    as_of: date


@dataclass(frozen=True)
class Defaults:
    """All assumptions for whoever told nothing, with their words and sources."""

    values: Assumptions
    told: Mapping[str, Told]


def load_assumptions(path: Path = SHIPPED) -> Defaults:
    """Read a file of assumptions.

    Raises:
        SetupError: it cannot be read, lacks one, has one too many, or a value is out of its bounds.
    """
    try:
        content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise SetupError(f"{path} cannot be read: {error}", "name another file in config.yaml (cover: assumptions)") from error
    if not isinstance(content, dict) or set(content) != set(NAMES):
        wrong = sorted(set(content) ^ set(NAMES)) if isinstance(content, dict) else list(NAMES)
        raise SetupError(f"{path} lacks or has too many of: {', '.join(map(str, wrong))}", f"compare it with {SHIPPED}")
    told, values = {}, {}
    for name, each in content.items():
        if not isinstance(each, dict) or set(each) != set(_TOLD) or not isinstance(each["as_of"], date):
            raise SetupError(f"{path}: {name} needs exactly {', '.join(_TOLD)}", "as_of is a day such as 2025-12-02")
        told[name] = Told(name, str(each["zh"]), str(each["en"]), str(each["source"]), each["as_of"])
        try:
            values[name] = of_plain(name, each["value"])
        except ValueError as error:
            raise SetupError(f"{path}: {name}: {error}", "give a value within its bounds") from error
    return Defaults(Assumptions(**values), told)


def of_plain(name: str, value: object) -> Any:
    """Bring a value as people write it (元, percent, years) into that of the model.

    Raises:
        ValueError: another kind of value, or one out of its bounds; says which would do.
    """
    if name == "dependants":
        return _years_of_dependants(value)
    number = _number(value)
    if name in MONEY:
        return _within(number * 100, 0, MOST_YUAN * 100, "元 with at most two decimals, up to 1,000,000,000")
    if name in YEARS:
        return _within(number, 0, YEARS[name], f"whole years from 0 to {YEARS[name]}")
    most = 100 if name in SHARES else 15
    if not 0 <= number <= most:
        raise ValueError(f"percent from 0 to {most}")
    return number / 100


def to_plain(name: str, values: Assumptions) -> str | tuple[int, ...]:
    """Write a value as people read it: 元 with two decimals, percent, years."""
    value = getattr(values, name)
    if isinstance(value, tuple):
        return value
    if name in MONEY:
        return f"{value // 100}.{value % 100:02d}"
    shown = value if name in YEARS else Decimal((value * 100).numerator) / Decimal((value * 100).denominator)
    return f"{shown:f}" if isinstance(shown, Decimal) else str(shown)


def _number(value: object) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise ValueError("a number")
    try:
        number = Decimal(str(value))
    except ArithmeticError as error:
        raise ValueError("a number") from error
    if not number.is_finite() or len(str(value)) > 20:
        raise ValueError("a number of at most twenty digits")
    return Fraction(number)


def _within(number: Fraction, least: int, most: int, what: str) -> int:
    if number.denominator != 1 or not least <= number <= most:
        raise ValueError(what)
    return int(number)


def _years_of_dependants(value: object) -> tuple[int, ...]:
    if not isinstance(value, (list, tuple)) or len(value) > MOST_DEPENDANTS:
        raise ValueError(f"a list of at most {MOST_DEPENDANTS} numbers of years")
    return tuple(_within(_number(each), 0, 60, "whole years from 0 to 60") for each in value)
