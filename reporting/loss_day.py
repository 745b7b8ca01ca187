"""Which of the days is the loss date: of an accident the day it happened, of an illness the day care began; never that of a purchase."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.claim import LossCause
from domain.report import Days, Reading, Slot
from reporting.days import DayMention, find_days
from reporting.heard import Heard
from reporting.losses import ACCIDENT, DEATH, OPERATION, STAY, SYMPTOM, VISIT

_ROLES = {
    "none": r"投保|保单|生效|续保|出生|生日|结婚|入职|出[的了]?院|打过?电话|报过案",
    "past": rf"(?:{OPERATION}|{STAY}|[住得做])过",
    "accident": rf"{ACCIDENT}|出事|出险",
    "death": DEATH,
    "stay": rf"{STAY}|住",
    "visit": rf"{VISIT}|诊断|确诊|查出|检查|看的|急救|抢救|送",
    "operation": rf"{OPERATION}|剖|切",
    "onset": rf"{SYMPTOM}|突发|犯|病|疼|痛|晕",
}
_ROLE = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _ROLES.items()))
_IN_ACCIDENT = ("accident", "death", "onset", "", "stay", "visit", "operation")
_IN_ILLNESS = ("stay", "visit", "operation", "death", "onset", "", "accident")
_CORRECTED = re.compile(r"^[^，]{0,6}(?:，)?(?:哦|噢)?(?:不对|说错了?|记错了?)")
_CANCELLED = re.compile(r"(?:不是|并非|没有在|(?:定|安排|约|排|改)(?:在|到|了|好))$")


@dataclass(frozen=True)
class _Dated:
    mention: DayMention
    role: str


def find_loss_day(heard: Heard, at: datetime, cause: LossCause | None) -> tuple[Reading, ...]:
    """Tell the loss date: one sure reading, or every day it can be."""
    mentions = [each for each in find_days(heard, at) if not _is_taken_back(heard, each)]
    dated = [each for each in _with_roles(heard, mentions) if each.role not in ("none", "past")]
    if not dated:
        return ()
    order = _IN_ACCIDENT if cause is LossCause.ACCIDENT else _IN_ILLNESS
    best = min(order.index(each.role) for each in dated)
    chosen = [each.mention for each in dated if order.index(each.role) == best]
    exact = [each for each in chosen if each.is_sure]
    days = {(each.days[0], each.last): each for each in exact}
    if len(days) == 1 and (len(exact) == len(chosen) or _agree(chosen)):
        return tuple(_reading(heard, each, 0.95) for each in days.values())
    return tuple(
        {
            reading.value: reading for each in chosen for day in each.days for reading in [_reading(heard, replace(each, days=(day,)), 0.5)]
        }.values()
    )


def _agree(chosen: Sequence[DayMention]) -> bool:
    """Tell whether what is vague says no more than what is exact: 最近老是头晕，昨天…"""
    exact = next(each.days[0] for each in chosen if each.is_sure)
    return all(each.is_sure or not each.days or exact in each.days for each in chosen)


def _reading(heard: Heard, mention: DayMention, confidence: float) -> Reading:
    return heard.reading(Slot.LOSS_DAY, Days(mention.days[0], mention.last), confidence, mention.start, mention.end)


def _is_taken_back(heard: Heard, mention: DayMention) -> bool:
    return bool(_CANCELLED.search(heard.before(mention.start)) or _CORRECTED.search(heard.plain[mention.end : mention.end + 14]))


def _with_roles(heard: Heard, mentions: Sequence[DayMention]) -> list[_Dated]:
    dated = []
    for place, mention in enumerate(mentions):
        end = mentions[place + 1].start if place + 1 < len(mentions) else len(heard.plain)
        begin = mentions[place - 1].end if place else 0
        dated.append(_Dated(mention, _role(heard.plain[begin : mention.start], heard.plain[mention.end : min(end, mention.end + 48)])))
    return dated


def _role(before: str, after: str) -> str:
    """Read what a day is of: from its own clause, then the words before it, then what follows."""
    clause, _, later = after.partition("，")
    for stretch in (clause, later):
        found = _ROLE.search(stretch)
        if found:
            return str(found.lastgroup)
        if stretch is clause:
            earlier = list(_ROLE.finditer(before.rpartition("，")[2] or before[-10:]))
            if earlier:
                return str(earlier[-1].lastgroup)
    return ""
