"""Rolling origins: learn from what lies behind an origin, leave an embargo, be examined on what follows; then move on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

MOST_ORIGINS = 4
_FIRST_SHARE = 0.5  # of the claims lie before the first origin


@dataclass(frozen=True)
class Origin:
    """The rows to learn from and those to be examined on; `day` is the first day of the latter."""

    day: date
    learn: tuple[int, ...]
    examine: tuple[int, ...]


def roll(days: Sequence[date], embargo_days: int, fewest: int, labels: Sequence[bool]) -> list[Origin]:
    """Deal rows that stand in the order of their days into at most four origins.

    A row to learn from is at least `embargo_days` older than the first to be examined on: its label would not have been
    known otherwise. Origins with fewer than `fewest` frauds to learn from, or with none or nothing else to be examined on, are left out.
    """
    bounds = [round(len(days) * (_FIRST_SHARE + (1 - _FIRST_SHARE) * step / MOST_ORIGINS)) for step in range(MOST_ORIGINS + 1)]
    starts = [days[bound] for bound in bounds[:-1] if bound < len(days)]
    origins = []
    for start, end in zip(starts, [*starts[1:], date.max], strict=True):
        learn = tuple(row for row, day in enumerate(days) if day < start - timedelta(days=embargo_days))
        examine = tuple(row for row, day in enumerate(days) if start <= day < end)
        frauds = sum(labels[row] for row in examine)
        if sum(labels[row] for row in learn) >= fewest and 0 < frauds < len(examine):
            origins.append(Origin(start, learn, examine))
    return origins
