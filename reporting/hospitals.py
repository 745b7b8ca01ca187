"""Where: a hospital that is known under any of its names, else the name as it was said."""

import re
from dataclasses import dataclass

from domain.report import Reading, Slot, ToldHospital
from reporting.glossary import Glossary
from reporting.heard import COMMA, Heard
from reporting.losses import is_denied
from reporting.searching import search

# What may stand before a name without being part of it: a preposition, a verb, the end of a time or a person.
_EDGE = re.compile(
    r"(?:^$|[，＊]|[在去到送进往从于是住来被了的里间们说经转至往院内找奔回上下午晚早晨天号日和跟疼伤折0-9]|今朝|昨日|那|后|就|我|他|她|我妈|我爸|地方|去了|一下|拉|送去|医院[:：]|治|断|倒|炎|科|断)$"
)
_KIND = r"(?:人民医院|中医院|儿童医院|口腔医院|骨科医院|眼科医院|肿瘤医院|妇幼保健院|卫生院|卫生室|诊所|医院|门诊部|医学中心)"
_UNKNOWN = re.compile(rf"(?<![一-龥])?(?P<name>[一-龥]{{1,12}}?{_KIND})")
_CUT = re.compile(
    r"^.*(?:[在去到送进往从于是住来被了里说至]|今天|昨天|前天|今早|昨晚|早上|上午|下午|晚上|转|拉|搁|一个|这家|那家|附近的?|我们|他们|当地的?|老家的?|号|[我他她]妈|[我他她]爸)的?(?=[一-龥]{2,}$)"
)
_NO_NAME = re.compile(
    r"^(?:医院|小医院|大医院|一家医院|[一-龥]{0,2}诊所|门诊部|医学中心|人民医院|中医院|卫生院|卫生室|发热门诊|这医院|社区医院|镇卫生院|镇上卫生院|哪[一-龥]*医院|[没要还不出进住回]+医院)$"
)
_BESIDE = re.compile(r"(?:的|大)?(?:门口|附近|旁边?|对面|楼下|路口)")
_STAYED = re.compile(r"住院|手术|住进|住的院|抢救|住着|开的刀")
_MOVED_TO = re.compile(r"(?:转到?了?|转院到?|转至|转去|又去了?|最后[^，]{0,4})$")


@dataclass(frozen=True)
class _Place:
    start: int
    end: int
    hospitals: tuple[ToldHospital, ...]
    confidence: float


def find_hospital(heard: Heard, glossary: Glossary) -> tuple[Reading, ...]:
    """Tell the hospital; of two, the one they were moved to or stayed in; several readings when that is not told."""
    places = _known(heard, glossary)
    taken = {place for each in places for place in range(each.start, each.end)}
    places += [each for each in _unknown(heard) if not taken.intersection(range(each.start, each.end))]
    places = [each for each in sorted(places, key=lambda each: each.start) if not _BESIDE.match(heard.after(each.end))]
    places = [each for each in places if not is_denied(heard, _with_preposition(heard, each.start))]
    if len({each.hospitals for each in places}) > 1:
        places = _where_they_stayed(heard, places)
    readings = {
        hospital: heard.reading(Slot.HOSPITAL, hospital, each.confidence, each.start, each.end)
        for each in places
        for hospital in each.hospitals
    }
    return tuple(readings.values())


def _known(heard: Heard, glossary: Glossary) -> list[_Place]:
    places = []
    for found in search(heard.plain, glossary.hospital_words):
        hospitals = glossary.hospitals[found.word]
        is_full = any(each.name == found.word for each in hospitals)
        if not is_full and not _EDGE.search(heard.plain[max(0, found.start - 8) : found.start]):
            continue  # 北京第一医院 is not our 第一医院
        if is_full:
            hospitals = tuple(each for each in hospitals if each.name == found.word)
        confidence = (0.97 if is_full else 0.88) - (0.0 if found.is_exact else 0.05)
        places.append(_Place(found.start, found.end, hospitals, confidence))
    return places


def _unknown(heard: Heard) -> list[_Place]:
    places = []
    for match in _UNKNOWN.finditer(heard.plain):
        name = match["name"]
        cut = _CUT.match(name)
        start = match.start() + (cut.end() if cut else 0)
        name = heard.plain[start : match.end()]
        if len(name) > 3 and not _NO_NAME.match(name):
            places.append(_Place(start, match.end(), (ToldHospital("", name),), 0.82))
    return places


def _with_preposition(heard: Heard, start: int) -> int:
    return start - 1 if heard.plain[max(0, start - 1) : start] in ("在", "去", "是") else start


def _where_they_stayed(heard: Heard, places: list[_Place]) -> list[_Place]:
    moved = [each for each in places if _MOVED_TO.search(heard.before(each.start))]
    if moved:
        return moved[-1:]
    ends = [each.start for each in places[1:]] + [len(heard.plain)]
    stayed = [
        each
        for each, end in zip(places, ends, strict=True)
        if _STAYED.search(heard.plain[each.end : min(end, each.end + 14)].split(COMMA)[0])
    ]
    return stayed if len({each.hospitals for each in stayed}) == 1 else places
