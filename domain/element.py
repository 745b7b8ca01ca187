"""An element (要素) of a claim: a named fact with its value, and where it was learnt."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Element:
    """One fact that the rules may name. `value` is None while it is unknown.

    Money is an `int` of fen, a stay an `int` of days, a day an ISO text, a yes/no a `bool`.
    """

    name: str
    value: int | bool | str | None
    source: str  # "保单 P9900000001", "医疗收费票据 第1页", "医院库"
