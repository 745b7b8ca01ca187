"""The static types of the rule language, with units: 元, 天, 元/天 and pure numbers never mix by accident."""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True)
class NumberType:
    """A number in 元^yuan × 天^day; a pure number or a ratio has both exponents 0."""

    yuan: int = 0
    day: int = 0


@dataclass(frozen=True)
class EnumType:
    """One of a closed list of words; `ordered` (序列) words compare by their place in the list."""

    values: tuple[str, ...]
    ordered: bool = False


class SimpleType(Enum):
    """The types without any parameter."""

    BOOLEAN = "是否"
    DATE = "日期"
    MONTHS = "月"  # a span of calendar months; 1年 is 12 of them
    CODE = "ICD10"
    CODES = "ICD10 集合"
    TEXT = "文本"
    RANGE = "区间"  # between two values; stands only after 属于 in a book
    ANY = "任意"  # the items of a mixed list, and what only a value can tell
    NOTHING = "空"  # the items of an empty list


@dataclass(frozen=True)
class ListType:
    """A list (列表) whose items have one type; ANY when it is mixed, NOTHING when it is empty."""

    item: "Type"


@dataclass(frozen=True)
class RecordType:
    """Named fields (明细), such as the line of an invoice."""

    fields: "tuple[tuple[str, Type], ...]"

    def field(self, name: str) -> "Type | None":
        """Find the type of a field."""
        return next((type_ for each, type_ in self.fields if each == name), None)


Type = NumberType | EnumType | SimpleType | ListType | RecordType

MONEY = NumberType(yuan=1)
DAYS = NumberType(day=1)
NUMBER = NumberType()


def describe(type_: Type) -> str:
    """Name a type the way an actuary would: 元, 天, 元/天, 数, 日期, 枚举 …"""
    if isinstance(type_, SimpleType):
        return type_.value
    if isinstance(type_, EnumType):
        return ("序列 " if type_.ordered else "枚举 ") + "|".join(type_.values)
    if isinstance(type_, ListType):
        return f"{describe(type_.item)} 列表"
    if isinstance(type_, RecordType):
        return "明细 " + "|".join(name for name, _ in type_.fields)
    above = ["元"] * max(type_.yuan, 0) + ["天"] * max(type_.day, 0)
    below = ["元"] * max(-type_.yuan, 0) + ["天"] * max(-type_.day, 0)
    if not above and not below:
        return "数"
    return "·".join(above or ["1"]) + ("/" + "/".join(below) if below else "")
