"""An element (要素) of a claim: a named fact with its value, and where it was learnt."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

LineValue = Mapping[str, int | bool | str]  # one line of a list, by field; days as ISO text, ratios as "n/d"
ElementValue = int | bool | str | tuple[LineValue, ...] | None


class ElementKind(StrEnum):
    """What an element's value is, and so how it is written."""

    MONEY = "money"  # an int of fen
    DAYS = "days"  # an int of days
    NUMBER = "number"  # an int without unit
    DAY = "day"  # a calendar day, as ISO text
    YES_NO = "yes_no"
    TEXT = "text"
    LINES = "lines"  # a list of lines with named fields


@dataclass(frozen=True)
class Element:
    """One fact that the rules may name. `value` is None while it is unknown, and `source` then says what would tell it."""

    name: str
    kind: ElementKind
    value: ElementValue
    source: str  # "保单 P9900000001", "医疗收费票据 第1页", "医院库"; of an unknown one "影像检查报告"
