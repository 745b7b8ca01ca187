"""The same flags in plain Python: the yardstick that the engine is measured against."""

import operator
from collections.abc import Callable, Mapping, Set
from typing import Any

from rules.routing_conditions import All, AnyOf, Comparison, Condition, FactValue, Flag, HasFinding, HasFlag, Not

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def holds(condition: Condition, facts: Mapping[str, FactValue], findings: Set[str], raised: Set[str]) -> bool:
    """Tell whether a condition is true of a claim, given the flags raised so far."""
    match condition:
        case Comparison(fact, sign, value):
            return _OPERATORS[sign](facts[fact], value)
        case HasFinding(code):
            return code in findings
        case HasFlag(code):
            return code in raised
        case All(parts):
            return all(holds(part, facts, findings, raised) for part in parts)
        case AnyOf(parts):
            return any(holds(part, facts, findings, raised) for part in parts)
        case Not(part):
            return not holds(part, facts, findings, raised)


def raise_flags(strata: tuple[tuple[Flag, ...], ...], facts: Mapping[str, FactValue], findings: Set[str]) -> frozenset[str]:
    """Name every flag that a claim raises; a flag stands in a later stratum than the flags it looks at."""
    raised: set[str] = set()
    for stratum in strata:
        raised |= {flag.code for flag in stratum if holds(flag.when, facts, findings, raised)}
    return frozenset(raised)
