"""Understands one thing that was said: everything in it that a report needs, each with its confidence and its place."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from domain.claim import LossCause
from domain.report import Reading, Slot, ToldDiagnosis, Understanding
from reporting.amounts import find_amount
from reporting.glossary import Glossary, Illness
from reporting.happenings import accident_word, find_cause, find_happenings
from reporting.heard import hear
from reporting.hospitals import find_hospital
from reporting.illnesses import find_critical, find_diagnosis
from reporting.loss_day import find_loss_day
from reporting.people import find_relation

SURE = 0.8  # what is less sure than this is asked
MOST_DOUBTS = 8  # of one slot: more than anybody can choose from
LONGEST = 5_000  # characters that are read of one thing said


def understand(said: str, at: datetime, glossary: Glossary, turn: int = 0) -> Understanding:
    """Read a report as it was said; `at` is the moment of reporting in China. What is beyond `LONGEST` characters is not read."""
    heard = hear(said[:LONGEST], turn)
    is_accident = accident_word(heard) is not None
    diagnosis = find_diagnosis(heard, glossary, is_accident=is_accident)
    if is_accident and any(not _is_injury(each) for each in diagnosis):
        diagnosis = tuple(replace(each, confidence=0.5) for each in diagnosis)  # fell ill and fell: which came first is asked
    one = diagnosis[0] if len(diagnosis) == 1 and diagnosis[0].confidence >= SURE else None
    illness = _illness_of(one, glossary)
    cause = find_cause(
        heard,
        one,
        is_injury=illness is not None and illness.is_injury,
        is_doubtful_illness=one is None and any(not _is_injury(each) for each in diagnosis),
    )
    told_cause = cause[0].value if len(cause) == 1 and isinstance(cause[0].value, LossCause) else None
    return gather(
        (
            *find_relation(heard),
            *find_loss_day(heard, at, told_cause),
            *cause,
            *diagnosis,
            *find_hospital(heard, glossary),
            *find_happenings(heard),
            *find_critical(heard, one, illness),
            *find_amount(heard),
        )
    )


def gather(found: Iterable[Reading]) -> Understanding:
    """Part what is sure from what is in doubt: sure is what has one value in its slot, and enough confidence."""
    by_slot: dict[Slot, list[Reading]] = {}
    for each in found:
        by_slot.setdefault(each.slot, []).append(each)
    sure = {slot: each[0] for slot, each in by_slot.items() if len(each) == 1 and each[0].confidence >= SURE}
    doubts = tuple(reading for slot, each in by_slot.items() if slot not in sure for reading in each[:MOST_DOUBTS])
    return Understanding(tuple(sure.values()), doubts)


def _illness_of(diagnosis: Reading | None, glossary: Glossary) -> Illness | None:
    if diagnosis is None or not isinstance(diagnosis.value, ToldDiagnosis):
        return None
    return glossary.codes.get(diagnosis.value.code)


def _is_injury(reading: Reading) -> bool:
    return isinstance(reading.value, ToldDiagnosis) and reading.value.code[:1] in ("S", "T")
