"""What it cost, when that is told: 花了三万二, 总费用3.27万元, 一千二百多 (about, so not for sure)."""

import re
from decimal import Decimal

from domain.report import Reading, Slot
from reporting.heard import Heard
from reporting.numerals import decimal_number

_NUMBER = r"[0-9][0-9,.]*[0-9]|[0-9]"
_AMOUNT = re.compile(
    rf"(?P<about>快|将近|近|大概|大约|差不多|小|约|几)?(?P<number>(?:{_NUMBER})[千万]?(?:[0-9]{{1,4}}(?!\d)|[零一二三四五六七八九十百千两]+)?|[零一二三四五六七八九十百千万两]{{1,12}})"
    r"(?P<more>多|来|几)?(?P<unit>万)?(?P<yuan>元|块钱?|圆)?(?:(?P<jiao>[一二三四五六七八九0-9])(?:毛|角)?(?:(?P<fen>[一二三四五六七八九0-9])分?)?)?(?P<after>左右|上下|多)?"
)
_COST = re.compile(
    r"(?:花了?费?|花销|费用?|用了|总共|一共|共计|合计|总计|付了?|自费部?分?|医药费|治疗费|开销)(?:一共|总共|是|为|约|大概|差不多|了|个|大约|有)*$"
)
_OTHER_MONEY = re.compile(
    r"(?:报[了销]|报销了?|赔[了付]?|保额|押金[^，]{0,3}|保费|工资|医保[^，]{0,4}|预交了?|借了)(?:一共|总共|是|为|约|了)*$"
)

_COUNTED = re.compile(r"[天次个年月日小分周号点人片针台]")


def find_amount(heard: Heard) -> tuple[Reading, ...]:
    """Tell the cost in 分; one that is only about right is a doubt."""
    found = []
    for match in _AMOUNT.finditer(heard.plain):
        before = heard.before(match.start(), 10)
        if _OTHER_MONEY.search(before) or not (
            _COST.search(before) or (match["yuan"] and _COST.search(heard.before(match.start(), 14)[:-1]))
        ):
            continue
        fen = _fen(match)
        if not fen or (not match["yuan"] and (fen < 10_000 or _COUNTED.match(heard.plain[match.end() :]))):
            continue
        is_about = bool(match["about"] or match["more"] or match["after"])
        start = match.start("number")
        found.append(heard.reading(Slot.AMOUNT, fen, 0.5 if is_about else 0.95, start, match.end()))
    values = {each.value for each in found}
    return tuple(found[-1:]) if len(values) == 1 else tuple(found)


def _fen(match: re.Match[str]) -> int | None:
    number = decimal_number(match["number"].strip("."))
    if number is None:
        return None
    if match["unit"]:
        number *= 10_000
    if match["yuan"]:
        number += sum((decimal_number(match[name]) or Decimal(0)) / parts for name, parts in (("jiao", 10), ("fen", 100)) if match[name])
    fen = number * 100
    return int(fen) if fen == int(fen) and number < 100_000_000 else None
