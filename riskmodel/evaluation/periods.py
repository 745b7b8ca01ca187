"""When each claim happened, and the day that parts an extract into claims to learn from and later ones to be examined on."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from domain.errors import InputError
from riskmodel.evaluation.extract import Extract
from riskmodel.evaluation.values import Numbers, is_missing, read_days, read_month, read_number

LATER_SHARE = 0.25  # of the claims that are examined on, as near as the calendar allows
_LEAST, _MOST = 0.15, 0.35
_CALENDAR: tuple[Callable[[date], date], ...] = (  # the first day of the year, half-year, quarter, month
    lambda day: day.replace(month=1, day=1),
    lambda day: day.replace(month=1 if day.month < 7 else 7, day=1),
    lambda day: day.replace(month=1 + 3 * ((day.month - 1) // 3), day=1),
    lambda day: day.replace(day=1),
)


@dataclass(frozen=True)
class Times:
    """When each row happened: days, or the numbers of periods; NaN where nobody knows."""

    names: tuple[str, ...]
    values: Numbers
    are_days: bool

    def tell(self, value: float) -> str:
        """Give a value as people write it."""
        return date.fromordinal(int(value)).isoformat() if self.are_days else f"{value:g}"


def named_columns(extract: Extract, given: str) -> tuple[str, ...]:
    """Give the columns that `Year,Month` or `Year+Month` names; a column whose own name holds such a sign is taken as it is."""
    if given in extract.columns:
        return (given,)
    return tuple(name.strip() for name in re.split(r"[,+]", given) if name.strip())


def read_times(extract: Extract, names: Sequence[str]) -> Times:
    """Read the time of each row from one column, or from a year's, a month's and perhaps a day's.

    Raises:
        InputError: no such column, or texts that are no times.
    """
    columns = [extract.column(name) for name in names]
    if len(columns) == 1:
        return _read_single(names[0], columns[0])
    if len(columns) > 3:
        raise InputError(f"{len(columns)} time columns: {', '.join(names)}", "give one, or year, month and perhaps day")
    if not _are_years(columns[0]) and _are_years(columns[-1]):  # day, month, year, or month and year
        columns.reverse()
    months = [read_month(text) for text in columns[1]]
    days = columns[2] if len(columns) == 3 else ["1"] * len(columns[0])
    texts = [f"{_whole(year)}-{month or 0}-{_whole(day)}" for year, month, day in zip(columns[0], months, days, strict=True)]
    return _checked(Times(tuple(names), read_days(texts), are_days=True), columns[0])


def _are_years(texts: list[str]) -> bool:
    numbers = np.array([read_number(text) for text in set(texts) if not is_missing(text)])
    return bool(len(numbers) and ((numbers > 1900) & (numbers < 2200)).all())


def _read_single(name: str, texts: list[str]) -> Times:
    days = read_days(texts, coarse=True)
    if np.isfinite(days).mean() < 0.5:
        numbers = np.array([read_number(text) for text in texts])
        if np.isfinite(numbers).mean() >= 0.5:
            return Times((name,), numbers, are_days=False)
        if sum(read_month(text) is not None for text in set(texts)) * 2 > len(set(texts)):
            raise InputError(f"the time {name} has months without years", f"name the year too: --time Year,{name}", field=name)
    return _checked(Times((name,), days, are_days=True), texts)


def _checked(times: Times, texts: list[str]) -> Times:
    told = [text for text in texts if not is_missing(text)]
    if not np.isfinite(times.values).any() or np.isfinite(times.values).sum() < 0.5 * len(told):
        example = next((text for text, value in zip(texts, times.values, strict=True) if np.isnan(value) and not is_missing(text)), "")
        name = times.names[0]
        raise InputError(f"the time {name} holds {example!r}, which is no day", "write 2024-08-15, 2024-08, 2024 or 8/15/2024", field=name)
    return times


def _whole(text: str) -> str:
    number = read_number(text)
    return str(int(number)) if np.isfinite(number) else text


def later_than(times: Times) -> float | None:
    """Give the value from which on claims are examined: the coarsest turn of the calendar with 15 to 35% of the claims after it.

    Where no turn fits, the value nearest to a quarter; None when all claims happened at one time.
    """
    known = times.values[np.isfinite(times.values)]
    if times.are_days:
        days = [date.fromordinal(int(value)) for value in np.unique(known)]
        for first_day in _CALENDAR:
            turns = np.unique([first_day(day).toordinal() for day in days])
            fitting = [(abs(share - LATER_SHARE), float(turn)) for turn in turns if _LEAST <= (share := (known >= turn).mean()) <= _MOST]
            if fitting:
                return min(fitting)[1]
    candidates = np.unique(known)[1:]
    if not len(candidates):
        return None
    shares = 1 - np.searchsorted(np.sort(known), candidates) / len(known)
    return float(candidates[np.abs(shares - LATER_SHARE).argmin()])
