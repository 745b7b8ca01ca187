"""What moved on a customer's policies (权益历史), month by month, newest first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from domain.contract import Holding, PolicyEntry
from entitlement.figures import TO_DATE, Kind


@dataclass(frozen=True)
class Month:
    """One month: what it adds to each figure to date, and the entries that do, newest first."""

    month: str  # 2026-06
    sums: dict[Kind, int]
    entries: tuple[PolicyEntry, ...]


def months_of(holdings: Sequence[Holding]) -> tuple[Month, ...]:
    """List the months in which something moved between the customer and us; what only moves inside our books is left out."""
    by_month: dict[str, list[PolicyEntry]] = defaultdict(list)
    moving = frozenset().union(*TO_DATE.values())
    for holding in holdings:
        for entry in holding.entries:
            if entry.kind in moving:
                by_month[f"{entry.value_date:%Y-%m}"].append(entry)
    return tuple(_month(name, by_month[name]) for name in sorted(by_month, reverse=True))


def _month(name: str, entries: Sequence[PolicyEntry]) -> Month:
    sums = {kind: sum(each.amount_fen for each in entries if each.kind in kinds) for kind, kinds in TO_DATE.items()}
    newest = sorted(entries, key=lambda each: (each.value_date, each.policy_number, each.event), reverse=True)
    return Month(name, sums, tuple(newest))
