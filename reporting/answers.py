"""Reads an answer in the light of its question: 前天, 是我妈, 第二个, 没有, 不知道 mean nothing without it."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from domain.report import Choice, Days, Question, Reading, Relation, Slot, ToldDiagnosis, ToldHospital, Turn, Understanding
from reporting.days import find_days
from reporting.glossary import Glossary
from reporting.heard import Heard, hear
from reporting.kin import KIN, relation_of
from reporting.numerals import small_number

_ANSWERED = 0.98
_NTH = re.compile(r"^(?:选|第)?(?P<n>[一二两三四五六七八九1-9])(?:个|项|家)?$")
_UNKNOWN = re.compile(
    r"不知道|不清楚|不晓得|忘了|记不(?:清|得|住)|不记得|说不(?:清|好|准)|不确定|没(?:有)?(?:确诊|诊断|结果|出来)|还没|不方便说|跳过|先不说"
)
_YES = re.compile(r"^(?:是的?|对的?|有的?|嗯+|对对|没错|住了|住的|住过|在住|是啊|有啊|确实)")
_NO = re.compile(r"^(?:没有?|没住|否|未|无|不(?:是)?(?=$|，))")
_NOT_A_NAME = re.compile(r"不是|都不|没|其他|别的|不")
_LONGEST_NAME = 30
_BY_NAME = (Slot.HOSPITAL, Slot.DIAGNOSIS)  # an answer that tells something else is no name


def is_unknown(text: str) -> bool:
    """Tell whether somebody says that they do not know."""
    return _UNKNOWN.search(text) is not None


def read_answer(turn: Turn, told: Understanding, question: Question, at: datetime, glossary: Glossary, number: int) -> Understanding:
    """Add to what an answer tells by itself (`told`) what it tells about its question."""
    heard = hear(turn.text, number)
    slot = question.slot
    if not heard.plain:
        return told
    chosen = _chosen(heard, question.choices)
    if chosen is not None:
        reading = _whole(heard, slot, chosen)
    elif told.find(slot) or told.doubts_of(slot) or is_unknown(turn.text) or (told.readings and slot in _BY_NAME):
        return told
    else:
        reading = _READ[slot](heard, at, glossary) if slot in _READ else None
    if reading is None:
        return told
    rest = tuple(each for each in told.readings if each.slot is not slot)
    return Understanding((reading, *rest), tuple(each for each in told.doubts if each.slot is not slot))


def taken_back(known: Understanding, text: str, at: datetime, number: int) -> frozenset[Slot]:
    """Name what an answer denies without another value for it: 不是昨天."""
    day = known.told(Slot.LOSS_DAY)
    if not isinstance(day, Days):
        return frozenset()
    heard = hear(text, number)
    denied = (each for each in find_days(heard, at) if heard.before(each.start).endswith(("不是", "不对是")))
    return frozenset({Slot.LOSS_DAY}) if any(day.first in each.days for each in denied) else frozenset()


def _whole(heard: Heard, slot: Slot, choice: Choice) -> Reading | None:
    return None if choice.value is None else heard.reading(slot, choice.value, _ANSWERED, 0, len(heard.plain))


def _chosen(heard: Heard, choices: tuple[Choice, ...]) -> Choice | None:
    nth = _NTH.match(heard.plain.strip("，"))
    index = small_number(nth["n"]) if nth else None
    if index and index <= len(choices):
        return choices[index - 1]
    plain = heard.plain.strip("，")
    said = [each for each in choices if plain == hear(each.text).plain or (len(each.text) > 1 and plain.removeprefix("是") == each.text)]
    return said[0] if len(said) == 1 else None


def _relation(heard: Heard, _: datetime, __: Glossary) -> Reading | None:
    kin = KIN.search(heard.plain)
    if kin and not heard.before(kin.start()).endswith("不是"):
        return heard.reading(Slot.RELATION, relation_of(kin)[0], _ANSWERED, *kin.span())
    own = re.search(r"我|俺|自己|本人", heard.plain)
    return (
        heard.reading(Slot.RELATION, Relation.SELF, _ANSWERED, *own.span())
        if own and len(heard.plain) <= 6 and "不是" not in heard.plain
        else None
    )


def _loss_day(heard: Heard, at: datetime, _: Glossary) -> Reading | None:
    days = [each for each in find_days(heard, at) if each.is_sure and not heard.before(each.start).endswith("不是")]
    if len({each.days for each in days}) == 1:
        found = days[0]
        return heard.reading(Slot.LOSS_DAY, Days(found.days[0], found.last), _ANSWERED, found.start, found.end)
    bare = re.fullmatch(r"[，是]*(?P<d>[0-9一二三四五六七八九十]{1,3})，*", heard.plain)  # 15, in answer to 哪一天
    if bare:
        for each in find_days(hear(bare["d"] + "号"), at):
            if each.is_sure:
                return heard.reading(Slot.LOSS_DAY, Days(each.days[0]), 0.9, *bare.span("d"))
    return None


def _hospitalised(heard: Heard, _: datetime, __: Glossary) -> Reading | None:
    no, yes = _NO.match(heard.plain), _YES.match(heard.plain)
    found = no or yes
    return heard.reading(Slot.HOSPITALISED, no is None, _ANSWERED, *found.span()) if found else None


def _name(heard: Heard) -> tuple[int, int] | None:
    plain = heard.plain
    start = next((len(each) for each in ("就在", "是在", "就是", "在", "是") if plain.startswith(each)), 0)
    end = len(plain.rstrip("，"))
    return (start, end) if 2 <= end - start <= _LONGEST_NAME and not _NOT_A_NAME.search(plain) and "，" not in plain[start:end] else None


def _hospital(heard: Heard, _: datetime, glossary: Glossary) -> Reading | None:
    place = _name(heard)
    if place is None:
        return None
    name = heard.plain[slice(*place)]
    known = glossary.hospitals.get(name, ())
    return (
        heard.reading(Slot.HOSPITAL, known[0] if len(known) == 1 else ToldHospital("", name), _ANSWERED, *place) if len(known) < 2 else None
    )


def _diagnosis(heard: Heard, _: datetime, glossary: Glossary) -> Reading | None:
    place = _name(heard)
    if place is None:
        return None
    name = heard.plain[slice(*place)]
    illness = glossary.illnesses.get(name)
    value = ToldDiagnosis(illness.code, illness.name) if illness else ToldDiagnosis("", name)
    return heard.reading(Slot.DIAGNOSIS, value, _ANSWERED, *place)


_READ: Mapping[Slot, Callable[[Heard, datetime, Glossary], Reading | None]] = {
    Slot.RELATION: _relation,
    Slot.LOSS_DAY: _loss_day,
    Slot.HOSPITALISED: _hospitalised,
    Slot.HOSPITAL: _hospital,
    Slot.DIAGNOSIS: _diagnosis,
}
