"""What it was: a diagnosis of the medical base under any word for it, a broken bone by its place, or the customer's own words."""

import re

from domain.report import Reading, Slot, ToldDiagnosis
from reporting.fractures import broken_bones
from reporting.glossary import Glossary, Illness
from reporting.heard import Heard
from reporting.losses import is_denied
from reporting.searching import search

_DOUBTED = re.compile(r"(?:怀疑|疑似|可能|好像|估计|也许|像是|说不定|是不是|会不会)[^，]{0,5}$")
_RULED_OUT = re.compile(r"(?:排除了?|不是|没有?|未见|并非|没得|无)$")
_HAD_BEFORE = re.compile(r"(?:有|患有|得过|以前|曾经?|原来|本来|一直|多年|常年|既往|年前做?过?)[^，]{0,4}$")
_FOR_YEARS = re.compile(r"^(?:病史|史|[^，]{0,2}(?:[一二三四五六七八九十百几\d]+多?年)|老毛病|后遗症|术后|恢复期|多年|手术史|(?:手术)?过)")
_FREE = re.compile(
    r"(?:因为?|由于|得了?|诊断(?:为|是)?|确诊(?:为|是)?|查出来?(?:是|有)?|说是|患|治)(?P<name>[一-龥]{1,9}?(?:炎|综合征|病|癌|瘤|症|结石|息肉|囊肿|出血|梗塞|梗死|感染|溃疡|疝|增生|积液|衰竭|结节))"
)
_TOO_COMMON = re.compile(r"什么|[生看急大重犯]病$|^[的了]?病|[＊她他我]|不舒服|发炎$|癌症|肿瘤$|这个|毛病|没有")
_CRITICAL_WORD = re.compile(r"癌|恶性肿瘤|白血病|尿毒症|植物人|重大疾病|(?<!轻)重疾|器官移植")
_KINDS_OF_CANCER = re.compile(r"癌[症变]?|恶性肿瘤|白血病")


def find_diagnosis(heard: Heard, glossary: Glossary, *, is_accident: bool) -> tuple[Reading, ...]:
    """Tell the diagnosis: one reading, or several of which people must choose; nothing that was denied.

    What had been there before is a doubt when nothing else is told, and says nothing beside an accident.
    """
    found = [*_listed(heard, glossary), *broken_bones(heard, glossary.codes)]
    current = [each for each, was_before in found if not was_before] or ([] if is_accident else [_doubted(each) for each, _ in found])
    current = _most_special(current)
    if current:
        return tuple(current) if len({each.value for each in current}) > 1 else (max(current, key=lambda each: each.confidence),)
    return _in_own_words(heard)


def _listed(heard: Heard, glossary: Glossary) -> list[tuple[Reading, bool]]:
    found = []
    for each in search(heard.plain, glossary.illness_words):
        before, after = heard.before(each.start), heard.after(each.end)
        if is_denied(heard, each.start) or _RULED_OUT.search(before):
            continue
        illness = glossary.illnesses[each.word]
        confidence = 0.5 if _DOUBTED.search(before) else (0.95 if each.is_exact else 0.85)
        reading = heard.reading(Slot.DIAGNOSIS, ToldDiagnosis(illness.code, illness.name), confidence, each.start, each.end)
        found.append((reading, bool(_HAD_BEFORE.search(before) or _FOR_YEARS.match(after))))
    return found


def _doubted(reading: Reading) -> Reading:
    return Reading(reading.slot, reading.value, 0.5, reading.turn, reading.start, reading.end, reading.text)


def _most_special(readings: list[Reading]) -> list[Reading]:
    """Keep of two diagnoses, of which one is classified under the other, the special one."""
    codes = [each.value.code for each in readings if isinstance(each.value, ToldDiagnosis)]
    return [
        each for each, code in zip(readings, codes, strict=True) if not any(other != code and other.startswith(code) for other in codes)
    ]


def _in_own_words(heard: Heard) -> tuple[Reading, ...]:
    for match in _FREE.finditer(heard.plain):
        name = match["name"]
        start = match.start("name")
        if not _TOO_COMMON.search(name) and not is_denied(heard, start) and not _DOUBTED.search(heard.before(start)):
            return (heard.reading(Slot.DIAGNOSIS, ToldDiagnosis("", name), 0.6, start, match.end("name")),)
    return ()


def find_critical(heard: Heard, diagnosis: Reading | None, illness: Illness | None) -> tuple[Reading, ...]:
    """Tell whether it is one of the critical illnesses: by its code, else by the word that says so."""
    if diagnosis is not None and illness is not None and illness.is_critical:
        return (Reading(Slot.CRITICAL_ILLNESS, True, diagnosis.confidence, diagnosis.turn, diagnosis.start, diagnosis.end, diagnosis.text),)
    for match in _CRITICAL_WORD.finditer(heard.plain):
        if not is_denied(heard, match.start()) and not _DOUBTED.search(heard.before(match.start())):
            return (heard.reading(Slot.CRITICAL_ILLNESS, True, 0.85, *match.span()),)
    return ()
