"""What the text of a cell says: nothing, a number, a day, or a step on a ladder such as "3 to 5 years"."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

_MISSING = {"", "na", "n/a", "#n/a", "nan", "null", "-", "--", "?", "\\n", "缺失"}
_MONTHS = {
    name: number for number, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
}
_WEEKDAYS = {name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), 1)}
_WEEKDAYS_ZH = {f"{word}{day}": number for word in ("星期", "周") for number, day in enumerate("一二三四五六日", 1)}
_AMOUNT = re.compile(
    r"(?:人民币|RMB|CNY)?\s*[¥￥$€]?\s*([-+]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?(?:[eE][-+]?\d+)?|[-+]?\.\d+)\s*(%|[万亿]?(?:元整?)?)",
    re.I,
)
_TIMES = {"万": 1e4, "亿": 1e8}
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?(?:[T ].*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[T ].*)?")
_MONTH_NAMED = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3,9})[-, ]+(\d{4}|\d{2})")
_MONTH_NAMED_FIRST = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_MONTH_OF_YEAR = re.compile(r"((?:19|20)\d{2})\s*[-/.年]?\s*(\d{1,2})月?")
_YEAR = re.compile(r"((?:19|20)\d{2})年?(?:\.0)?")
_EPOCH = re.compile(r"(\d{10})(\d{3})?")
_ABOVE = ("more", "over", "above", "greater", "from", ">", "≥", "超过", "大于", "高于")
_BELOW = ("less", "under", "below", "up to", "<", "≤", "不足", "小于", "低于")
_STEP = re.compile(
    r"(?:more|over|above|greater|from|less|under|below|up to|than|>|<|≥|≤|=|超过|大于|高于|不足|小于|低于|第|\s)*(\d+(?:\.\d+)?)", re.I
)


def is_missing(text: str) -> bool:
    """Tell whether a cell says nothing. "none" says something: no claims before."""
    return text.casefold() in _MISSING


def read_number(text: str) -> float:
    """Give the number of a cell such as "1,234.50", "¥12", "3%" or "人民币3.5万元" (35,000), else NaN; wide digits are digits."""
    found = _AMOUNT.fullmatch(text if text.isascii() else unicodedata.normalize("NFKC", text))
    return float(found[1].replace(",", "")) * _TIMES.get(found[2][:1], 1) if found else np.nan


def read_month(text: str) -> int | None:
    """Give 1..12 of a month's number or English or Chinese name."""
    word = text.casefold().removesuffix("月")
    if word[:3] in _MONTHS and word.isalpha():
        return _MONTHS[word[:3]]
    number = read_number(word)
    return int(number) if number in range(1, 13) else None


def read_days(texts: Sequence[str], *, coarse: bool = False) -> Numbers:
    """Give each text's day as a count of days since the year 1, NaN where it is no day.

    Days before months or months before days are told apart by the column as a whole; where both are possible the month
    comes first. `coarse` also takes months ("2024-05"), years, and seconds since 1970.
    """
    parts = [(int(found[1]), int(found[2])) for text in set(texts) if (found := _YEAR_LAST.fullmatch(text))]
    day_first = sum(first > 12 for first, _ in parts) > sum(second > 12 for _, second in parts)
    known = {text: _read_day(text, day_first=day_first, coarse=coarse) for text in set(texts)}
    return np.array([known[text] for text in texts], dtype=np.float64)


def _read_day(text: str, *, day_first: bool, coarse: bool) -> float:
    if found := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return _ordinal(int(found[1]), int(found[2]), int(found[3]))
    if found := _YEAR_LAST.fullmatch(text):
        first, second = int(found[1]), int(found[2])
        month, day = (second, first) if day_first else (first, second)
        return _ordinal(_full_year(found[3]), month, day)
    if found := _MONTH_NAMED.fullmatch(text):
        return _ordinal(_full_year(found[3]), _MONTHS.get(found[2][:3].casefold(), 0), int(found[1]))
    if found := _MONTH_NAMED_FIRST.fullmatch(text):
        return _ordinal(int(found[3]), _MONTHS.get(found[1][:3].casefold(), 0), int(found[2]))
    return _read_coarse(text) if coarse else np.nan


def _read_coarse(text: str) -> float:
    if found := _YEAR.fullmatch(text):
        return _ordinal(int(found[1]), 1, 1)
    if found := _MONTH_OF_YEAR.fullmatch(text):
        return _ordinal(int(found[1]), int(found[2]), 1)
    if found := _EPOCH.fullmatch(text):
        return float(datetime.fromtimestamp(int(found[1]), UTC).date().toordinal())
    return np.nan


def _full_year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 70 else 1900)


def _ordinal(year: int, month: int, day: int) -> float:
    try:
        return float(date(year, month, day).toordinal())
    except ValueError:
        return np.nan


def read_ladder(levels: Iterable[str]) -> dict[str, float] | None:
    """Give the order of levels that are steps: "new", "2 to 4 years", "more than 7"; weekdays and months. None: they are names.

    Levels without a number ("none", "new") stand below all others; at least half of the levels must have one.
    """
    steps = {level: _read_step(level) for level in levels}
    told = [step for step in steps.values() if step is not None]
    if len(told) < 2 or 2 * len(told) < len(steps):
        return None
    lowest = min(told) - 1
    return {level: lowest if step is None else step for level, step in steps.items()}


def read_cycle(texts: Sequence[str]) -> tuple[int, Numbers] | None:
    """Give 12 and the months, or 7 and the weekdays, of a column that holds their names; None: it holds something else."""
    for length, names in ((12, _MONTHS), (7, _WEEKDAYS | _WEEKDAYS_ZH)):
        known = {text: names.get(text.casefold() if text.casefold() in names else text.casefold()[:3]) for text in set(texts)}
        values = np.array([np.nan if known[text] is None else known[text] for text in texts], dtype=np.float64)
        if np.isfinite(values).mean() >= 0.95 and not any(character.isdigit() for text in known if known[text] for character in text):
            return length, values
    return None


def _read_step(level: str) -> float | None:
    word = level.casefold()
    if word in _WEEKDAYS_ZH:
        return _WEEKDAYS_ZH[word]
    if word.isalpha() and len(word) < 10:
        for names in (_MONTHS, _WEEKDAYS):
            if word[:3] in names:
                return names[word[:3]]
    found = _STEP.match(word)
    if not found:
        return None
    aside = 0.5 if word.startswith(_ABOVE) or word.endswith("以上") else -0.5 if word.startswith(_BELOW) or word.endswith("以下") else 0.0
    return float(found[1]) + aside
