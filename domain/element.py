"""An element (要素) of a claim: a named fact with its value, and where it was learnt."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ElementKind(StrEnum):
    """What an element's value is, and so how it is written."""

    MONEY = "money"  # an int of fen
    DAYS = "days"  # an int of days
    DAY = "day"  # a calendar day, as ISO text
    YES_NO = "yes_no"
    TEXT = "text"


@dataclass(frozen=True)
class Element:
    """One fact that the rules may name. `value` is None while it is unknown."""

    name: str
    kind: ElementKind
    value: int | bool | str | None
    source: str  # "保单 P9900000001", "医疗收费票据 第1页", "医院库"

    def opened(self) -> int | bool | str | date | None:
        """Give the value as the rule engine takes it: a day as a `date`."""
        if self.kind is ElementKind.DAY and isinstance(self.value, str):
            return date.fromisoformat(self.value)
        return self.value
