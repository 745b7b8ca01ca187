"""What happened, as yes, no or untold: hospitalised, operated on, treated as an outpatient, injured, died; and why."""

import re

from domain.claim import LossCause
from domain.report import Reading, Slot
from reporting.heard import Heard
from reporting.losses import ACCIDENT, DEATH, HURT, ILLNESS, OPERATION, STAY, SYMPTOM, VISIT, is_denied, is_planned

_PATTERNS = {
    Slot.HOSPITALISED: re.compile(STAY),
    Slot.OPERATED: re.compile(OPERATION),
    Slot.OUTPATIENT: re.compile(VISIT),
    Slot.DIED: re.compile(DEATH),
}
_HURT, _ACCIDENT = re.compile(HURT), re.compile(ACCIDENT)
_ILLNESS, _SYMPTOM = re.compile(ILLNESS), re.compile(SYMPTOM)
_UNHURT = re.compile(r"(?:没有?|未)(?:人)?受?伤|没受到伤")
_BEFORE = re.compile(r"(?:[做住动开得生患]过|以前|曾经?|年前|之前|从前|小时候|早年)[^，]{0,8}$")


def find_happenings(heard: Heard) -> tuple[Reading, ...]:
    """Tell what happened of the kinds that are a plain yes or no; what is only planned, or long ago, tells nothing."""
    found = [reading for slot, pattern in _PATTERNS.items() if (reading := _yes_or_no(heard, slot, pattern))]
    return (*found, *_injured(heard, died=any(each.slot is Slot.DIED and each.value for each in found)))


def _yes_or_no(heard: Heard, slot: Slot, pattern: re.Pattern[str]) -> Reading | None:
    denied: Reading | None = None
    for match in pattern.finditer(heard.plain):
        start, end = match.span()
        if _is_past(heard, start, end) or (slot is not Slot.DIED and is_planned(heard, start, end)):
            continue
        if slot in (Slot.HOSPITALISED, Slot.OPERATED) and is_denied(heard, start):
            denied = denied or heard.reading(slot, False, 0.95, start, end)
            continue
        if not is_denied(heard, start) and not (slot is Slot.DIED and re.search(r"[疼痛吓累急饿气烦热冷困笑]$", heard.before(start))):
            return heard.reading(slot, True, 0.95, start, end)
    return denied


def _is_past(heard: Heard, start: int, end: int) -> bool:
    if re.match(r"去世|过世|不在", heard.plain[start:end]) and re.match(r"了?(?:多年|好?几年|很久|早)", heard.plain[end : end + 5]):
        return True
    if "年前" not in heard.before(start) and heard.plain[end : end + 1] == "过" and "院" in heard.plain[start : end + 3]:
        return False
    return _BEFORE.search(heard.before(start)) is not None


def _injured(heard: Heard, *, died: bool) -> tuple[Reading, ...]:
    unhurt = _UNHURT.search(heard.plain)
    if unhurt:
        return (heard.reading(Slot.INJURED, False, 0.95, *unhurt.span()),)
    hurt = accident_word(heard, _ACCIDENT if died else _HURT)
    return (heard.reading(Slot.INJURED, True, 0.92, *hurt.span()),) if hurt else ()


def accident_word(heard: Heard, pattern: re.Pattern[str] = _ACCIDENT) -> re.Match[str] | None:
    """Find the first word of an accident that is not denied."""
    return next((match for match in pattern.finditer(heard.plain) if not is_denied(heard, match.start())), None)


def find_cause(heard: Heard, diagnosis: Reading | None, *, is_injury: bool, is_doubtful_illness: bool) -> tuple[Reading, ...]:
    """Tell accident from illness. A symptom beside an accident is its consequence; a disease beside one is for the customer to say."""
    accident = accident_word(heard)
    ill = next((match for match in _ILLNESS.finditer(heard.plain) if not is_denied(heard, match.start())), None)
    if is_injury and diagnosis is not None and not accident:
        return (Reading(Slot.CAUSE, LossCause.ACCIDENT, 0.85, diagnosis.turn, diagnosis.start, diagnosis.end, diagnosis.text),)
    if accident and ((diagnosis and not is_injury) or is_doubtful_illness):
        place = accident.span()
        return tuple(heard.reading(Slot.CAUSE, cause, 0.5, *place) for cause in (LossCause.ILLNESS, LossCause.ACCIDENT))
    if accident:
        if re.search(r"晕倒|昏倒|突发|骨质疏松|病理性", heard.plain):
            return tuple(heard.reading(Slot.CAUSE, cause, 0.5, *accident.span()) for cause in (LossCause.ILLNESS, LossCause.ACCIDENT))
        return (heard.reading(Slot.CAUSE, LossCause.ACCIDENT, 0.95, *accident.span()),)
    if diagnosis is not None:
        return (Reading(Slot.CAUSE, LossCause.ILLNESS, 0.95, diagnosis.turn, diagnosis.start, diagnosis.end, diagnosis.text),)
    return (heard.reading(Slot.CAUSE, LossCause.ILLNESS, 0.9, *ill.span()),) if ill else ()
