"""The one table of built-ins: names in both languages, how each may be called, what it answers, and its line in the reference.

To add one: its function in a `functions_*.py`, its test, and a line here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, reduce
from math import ceil, floor

from rules import functions_dates as dates
from rules import functions_lists as lists
from rules import functions_numbers as numbers
from rules import functions_texts as texts
from rules.builtin_kinds import Signature
from rules.keywords import Language, other
from rules.operators import largest, smallest
from rules.phrases import Phrase
from rules.unknown import Value


@dataclass(frozen=True)
class Builtin:
    """A built-in function; the English name is the canonical one, and FEEL's."""

    name: str
    zh: str
    signatures: tuple[Signature, ...]
    promise: str

    def operation(self, signature: Signature) -> str:
        """Name the operation that a signature means."""
        index = self.signatures.index(signature)
        return f"{self.name}#{index}" if index else self.name

    def expects(self, language: Language) -> Phrase:
        """Write how it may be called in a book of a keyword language."""
        name = self.zh if language == "zh" else self.name
        calls = [Phrase("{name}{takes}", name=name, takes=each.whole) for each in self.signatures]
        return reduce(lambda one, other: Phrase("{one} or {other}", one=one, other=other), calls)

    @property
    def told(self) -> Phrase:
        """Say what it promises."""
        return Phrase(self.promise)


def _one(kinds: str, result: str, function: Callable[..., Value], *, knows_unknown: bool = False) -> tuple[Signature, ...]:
    return (Signature(tuple(kinds.split(", ")) if kinds else (), result, function, knows_unknown),)


def _both(kind: str, function: Callable[..., Value], *, knows_unknown: bool = True, result: str = "") -> tuple[Signature, ...]:
    # Several arguments, or one list of them.
    several = Signature((f"{kind}…",), result or "same", function, knows_unknown)
    return several, Signature((f"list of {kind}",), result or "item", function, knows_unknown)


def _rounding(way: Callable[..., int], *, needs_scale: bool = True) -> tuple[Signature, ...]:
    return _one("quantity, number" if needs_scale else "quantity, number?", "same", numbers.rounding(way), knows_unknown=True)


_EXTREMES = {"min": (smallest, lists.least), "max": (largest, lists.greatest)}


def _extreme(name: str) -> tuple[Signature, ...]:
    plain, of_list = _EXTREMES[name]
    return Signature(("ordered…",), "same", plain, True), Signature(("list of ordered",), "item", of_list, True)


_TABLE = (
    Builtin("abs", "绝对值", _one("span", "same", numbers.absolute, knows_unknown=True), "drops the sign"),
    Builtin("floor", "下取整", _rounding(floor, needs_scale=False), "rounds down, to so many decimals"),
    Builtin("ceiling", "上取整", _rounding(ceil, needs_scale=False), "rounds up, to so many decimals"),
    Builtin("decimal", "取小数", _rounding(numbers.half_even), "rounds to so many decimals, a half to the even digit"),
    Builtin("round up", "远零取整", _rounding(numbers.away_from_zero), "rounds away from zero"),
    Builtin("round down", "截尾取整", _rounding(numbers.toward_zero), "cuts off"),
    Builtin("round half up", "四舍五入", _rounding(numbers.half_away), "rounds to the nearest, a half away from zero"),
    Builtin("round half down", "五舍六入", _rounding(numbers.half_toward), "rounds to the nearest, a half toward zero"),
    Builtin("round half even", "四舍六入五成双", _rounding(numbers.half_even), "rounds to the nearest, a half to the even digit"),
    Builtin("modulo", "余数", _one("number, number", "number", numbers.modulo), "the rest of a division, with the sign of the divisor"),
    Builtin("even", "是偶数", _one("number", "boolean", numbers.is_even), "whether a number is even"),
    Builtin("odd", "是奇数", _one("number", "boolean", numbers.is_odd), "whether a number is odd"),
    Builtin("min", "取小", _extreme("min"), "the smallest"),
    Builtin("max", "取大", _extreme("max"), "the largest"),
    Builtin("sum", "合计", _both("quantity", lists.total), "adds up; nothing is 0 of the unit of the list"),
    Builtin("mean", "平均", _both("quantity", lists.mean), "the arithmetic mean"),
    Builtin("median", "中位数", _both("quantity", lists.median, knows_unknown=False), "the one in the middle"),
    Builtin("product", "连乘", _both("number", lists.product, knows_unknown=False), "multiplies all"),
    Builtin("count", "计数", _one("list", "number", lists.count, knows_unknown=True), "how many items a list has"),
    Builtin("all", "全部", _both("boolean", lists.every, result="boolean"), "whether all are true"),
    Builtin("any", "任一", _both("boolean", lists.some, result="boolean"), "whether one is true"),
    Builtin("list contains", "含有", _one("list, any…", "boolean", lists.contains, knows_unknown=True), "whether a list holds a value"),
    Builtin("append", "追加", _one("list, any…", "same", lists.append), "the list with values put at its end"),
    Builtin("concatenate", "连接", _one("list…", "same", lists.concatenate), "lists joined"),
    Builtin("union", "并集", _one("list…", "same", lists.union), "lists joined, each value once"),
    Builtin("distinct values", "去重", _one("list", "same", lists.distinct), "the list with each value once"),
    Builtin("flatten", "展平", _one("list", "list", lists.flatten), "the list without lists inside it"),
    Builtin("reverse", "倒序", _one("list", "same", lists.reverse), "the list from its end"),
    Builtin("index of", "位置", _one("list, any", "numbers", lists.index_of), "the places of a value, counted from 1"),
    Builtin("sublist", "截取", _one("list, number, number?", "same", lists.sublist), "so many items from a place on"),
    Builtin("insert before", "插入", _one("list, number, any", "same", lists.insert_before), "the list with a value before a place"),
    Builtin("remove", "移除", _one("list, number", "same", lists.remove), "the list without the item at a place"),
    Builtin("string length", "文本长度", _one("text", "number", lambda text: Fraction(len(text))), "how many characters"),
    Builtin("upper case", "大写", _one("text", "text", str.upper), "in capital letters"),
    Builtin("lower case", "小写", _one("text", "text", str.lower), "in small letters"),
    Builtin("substring", "子文本", _one("text, number, number?", "text", texts.substring), "so many characters from a place on"),
    Builtin("substring before", "前文", _one("text, text", "text", texts.substring_before), "what stands before a match"),
    Builtin("substring after", "后文", _one("text, text", "text", texts.substring_after), "what stands after a match"),
    Builtin("contains", "包含", _one("text, text", "boolean", lambda text, part: part in text), "whether a text holds another"),
    Builtin("starts with", "开头是", _one("text, text", "boolean", str.startswith), "whether a text starts with another"),
    Builtin("ends with", "结尾是", _one("text, text", "boolean", str.endswith), "whether a text ends with another"),
    Builtin("string join", "合并文本", _one("list of text, text?", "text", texts.join_all), "texts in a row, another between them"),
    Builtin("string", "转文本", _one("any", "text", texts.write_text), "a value as text"),
    Builtin("number", "转数值", _one("text, text?, text?", "number", texts.read_number), "a text as number; grouping sign, decimal point"),
    Builtin(
        "date",
        "日期",
        (
            *_one("text", "date", dates.date_of),
            *_one("date", "date", dates.date_of),
            *_one("number, number, number", "date", dates.date_from),
        ),
        "the day of a text, or of year, month and day",
    ),
    Builtin("duration", "期间", _one("text", "duration", dates.duration_of), "the span of a text such as P30D or P1Y6M"),
    Builtin(
        "years and months duration",
        "相隔年月",
        _one("date, date", "months", dates.months_between),
        "the whole months between two days",
    ),
    Builtin("day of year", "年内第几天", _one("date", "number", dates.day_of_year), "the day's number in its year"),
    Builtin("week of year", "年内第几周", _one("date", "number", dates.week_of_year), "the week's number, as ISO 8601 counts"),
    Builtin("day of week", "星期名", _one("date", "text", dates.day_of_week), "the day's English name"),
    Builtin("month of year", "月份名", _one("date", "text", dates.month_of_year), "the month's English name"),
)
BUILTINS: dict[str, Builtin] = {each.name: each for each in _TABLE}


@cache
def call_pattern(language: Language) -> re.Pattern[str]:
    """Match the name of a built-in of either language where a bracket opens after it; a name with spaces may have several."""
    del language  # a name of the other language is matched too, so that its error can say the way out
    names = sorted((name for each in _TABLE for name in (each.name, each.zh)), key=len, reverse=True)
    written = "|".join(r"\s+".join(map(re.escape, name.split())) for name in names)
    return re.compile(rf"(?:{written})(?=\s*\()")


def function_called(written: str, language: Language) -> str:
    """Find the canonical name of a built-in; one of the other language is marked with an exclamation mark."""
    name = " ".join(written.split())
    canonical = next(each.name for each in _TABLE if name in (each.name, each.zh))
    return canonical if name == name_of(canonical, language) else f"!{canonical}"


def name_of(canonical: str, language: Language) -> str:
    """Write a built-in's name in a language."""
    builtin = BUILTINS[canonical]
    return builtin.zh if language == "zh" else builtin.name


def names_in(language: Language) -> list[str]:
    """List the names of all built-ins."""
    return [name_of(each, language) for each in BUILTINS]


def foreign_name(canonical: str, language: Language) -> str:
    """Write a built-in's name as the other language does."""
    return name_of(canonical, other(language))
