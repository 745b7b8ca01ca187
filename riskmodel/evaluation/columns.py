"""What kind of thing each column of an extract is, told from its values alone and never from the labels."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from riskmodel.evaluation.extract import Extract
from riskmodel.evaluation.periods import Times
from riskmodel.evaluation.values import Numbers, is_missing, read_cycle, read_days, read_ladder, read_number

_MOST_STEPS = 50  # levels that may still be a ladder
_MOST_DATES = 5  # columns of days between which lags are reckoned
_CODE_ROWS = 20  # rows a level from which on an integer of fixed length is also a code, such as a postcode
_MONTHS_A_YEAR = 12
_MONTH_PART = "month"  # of a day
_NAMED_MONTH = re.compile(r"^(?!.*([Ww]eek|[Dd]ay)).*((^|_|\b)month(_|\b|$)|Month|月份?$)")
_IDENTIFYING = re.compile(r"(^|_|\b)(id|no|nr|num|number|key|uuid|serial)(_|\b|$)|Number$|Id$|ID$|号$|编号|号码", re.ASCII)


@dataclass(frozen=True)
class NumberColumn:
    """A measure: LightGBM takes it as it is, and NaN where it is missing."""

    name: str
    values: Numbers


@dataclass(frozen=True)
class CategoryColumn:
    """A name out of several: `levels` counts them, `codes` says which; missing is a level of its own."""

    name: str
    codes: npt.NDArray[np.int64]
    levels: int


@dataclass(frozen=True)
class Typed:
    """The columns that a model may learn from, and what has to be said about the others."""

    numbers: tuple[NumberColumn, ...]
    categories: tuple[CategoryColumn, ...]
    notes: tuple[str, ...]
    months: frozenset[str] = frozenset()  # those that tell the month of a year

    def without(self, names: frozenset[str]) -> "Typed":
        """Give the same columns but these."""
        numbers = tuple(each for each in self.numbers if each.name not in names)
        return Typed(numbers, tuple(each for each in self.categories if each.name not in names), self.notes, self.months - names)


def type_columns(extract: Extract, left_out: frozenset[str], times: Times | None) -> Typed:
    """Tell the kind of every column but those left out; constants and identifiers are named and left out too.

    The columns that tell the time are not learnt from: random folds would learn the months in which many frauds happened,
    and no such month comes again. Lags between them and other days are.
    """
    numbers: list[NumberColumn] = []
    categories: list[CategoryColumn] = []
    days: dict[str, Numbers] = {}
    notes: list[str] = []
    clocks = frozenset(times.names) if times else frozenset()
    for name, texts in extract.columns.items():
        if name in left_out | clocks:
            continue
        if len(set(texts)) == 1:
            notes.append(f"{name} is always {texts[0]!r}: left out" if texts[0] else f"{name} is empty: left out")
        elif _is_identifier(name, texts):
            notes.append(f"{name} differs in every row: an identifier, left out")
        elif (read := _days_of(texts)) is not None:
            days[name] = read
        else:
            found_numbers, found_categories = _type_texts(name, texts)
            numbers += found_numbers
            categories += found_categories
    cycles = {name: found for name, texts in extract.columns.items() if name not in left_out and (found := read_cycle(texts))}
    parts = [part for name, values in days.items() for part in _calendar(name, values)]
    months = {name for name, texts in extract.columns.items() if name not in left_out | clocks and _are_months(name, texts, cycles)}
    months |= {f"{name}: {_MONTH_PART}" for name in days}
    if times and times.are_days:
        days["+".join(times.names)] = times.values
    measures = (*numbers, *parts, *_lags(days), *_turns(cycles))
    present = {each.name for each in measures} | {each.name for each in categories}
    return Typed(measures, tuple(categories), tuple(notes), frozenset(months & present))


def _are_months(name: str, texts: list[str], cycles: dict[str, tuple[int, Numbers]]) -> bool:
    """Tell whether a column holds months by name, or by numbers from 1 to 12 under such a name."""
    if name in cycles:
        return cycles[name][0] == _MONTHS_A_YEAR
    told = {text for text in texts if not is_missing(text)}
    return bool(_NAMED_MONTH.search(name)) and all(read_number(text) in range(_MONTHS_A_YEAR + 1) for text in told)


def _is_identifier(name: str, texts: list[str]) -> bool:
    """Tell whether a column names its rows: all values differ, and they are no measures."""
    told = [text for text in texts if not is_missing(text)]
    if len(told) < 10 or len(set(told)) < 0.98 * len(told):
        return False
    numbers = np.array([read_number(text) for text in told])
    if np.isnan(numbers).mean() > 0.05:
        return _days_of(texts) is None
    if (numbers != np.round(numbers)).any() or any("." in text for text in told[:100]):
        return False
    dense = np.ptp(numbers) < 20 * len(numbers)
    return bool(_IDENTIFYING.search(name)) or (dense and len(set(told)) == len(told) and len(told) >= 100) or numbers.max() > 1e11


def _days_of(texts: list[str]) -> Numbers | None:
    told = [text for text in texts if not is_missing(text)]
    sample = told[:200]
    if not sample or np.isnan(read_days(sample)).mean() > 0.05:
        return None
    days = read_days(texts)
    return days if np.isfinite(days).sum() >= 0.95 * len(told) else None


def _type_texts(name: str, texts: list[str]) -> tuple[list[NumberColumn], list[CategoryColumn]]:
    parsed = {text: read_number(text) for text in set(texts)}
    values = np.array([parsed[text] for text in texts])
    told = sum(not is_missing(text) for text in texts)
    if np.isfinite(values).sum() >= 0.95 * told:
        category = [_categorise(name, texts)] if _is_code(texts) else []
        return [NumberColumn(name, values)], category
    levels = {text for text in parsed if not is_missing(text)}
    ladder = read_ladder(levels) if len(levels) <= _MOST_STEPS else None
    if ladder is not None:
        return [NumberColumn(name, np.array([ladder.get(text, np.nan) for text in texts]))], []
    return [], [_categorise(name, texts)]


def _is_code(texts: list[str]) -> bool:
    """Tell whether integers are rather names: all of one length, four digits or more, each of them often."""
    levels = Counter(texts)
    lengths = {len(text) for text in levels if not is_missing(text)}
    return (
        len(levels) > 12
        and len(texts) >= _CODE_ROWS * len(levels)
        and len(lengths) == 1
        and min(lengths) >= 4
        and all(map(str.isdigit, levels))
    )


def _categorise(name: str, texts: list[str]) -> CategoryColumn:
    plain = ["" if is_missing(text) else text.casefold() for text in texts]
    codes = {level: code for code, level in enumerate(sorted(set(plain)))}
    return CategoryColumn(name, np.array([codes[level] for level in plain], dtype=np.int64), len(codes))


def _calendar(name: str, days: Numbers) -> list[NumberColumn]:
    """Give of each day what comes again: its month, its day of the month and of the week."""
    known = np.isfinite(days)
    stamps = np.where(known, days, 1).astype(np.int64) - 719163  # days since 1970
    dates = stamps.astype("datetime64[D]")
    parts = {
        _MONTH_PART: dates.astype("datetime64[M]").astype(np.int64) % 12 + 1.0,
        "day": (dates - dates.astype("datetime64[M]")).astype(np.int64) + 1.0,
        "weekday": (stamps + 3) % 7 + 1.0,
    }
    return [NumberColumn(f"{name}: {part}", np.where(known, each, np.nan)) for part, each in parts.items()]


def _lags(days: dict[str, Numbers]) -> list[NumberColumn]:
    pairs = combinations(list(days.items())[-_MOST_DATES:], 2)
    return [NumberColumn(f"{left} − {right} in days", earlier - later) for (left, earlier), (right, later) in pairs]


def _turns(cycles: dict[str, tuple[int, Numbers]]) -> list[NumberColumn]:
    """Give the months between two columns of months, the days between two of weekdays: how late a claim was made is told so too."""
    alike = [(left, right) for left, right in combinations(list(cycles.items())[:_MOST_DATES], 2) if left[1][0] == right[1][0]]
    return [NumberColumn(f"{right} − {left}", (later - earlier) % length) for (left, (length, earlier)), (right, (_, later)) in alike]
