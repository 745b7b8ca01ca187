"""The conversation of a report: a frozen value of what was said, from which everything else follows.

Nothing is kept between two answers: whoever holds the `Dialogue` sends it again with what the customer says next.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.report import Question, Slot, ToldHospital, Turn, Understanding
from reporting.answers import is_unknown, read_answer, taken_back
from reporting.glossary import Glossary
from reporting.questions import next_question, question_about
from reporting.understand import understand

_ASKED_AT_MOST = 2  # times for one slot: then it is left to the papers


@dataclass(frozen=True)
class Dialogue:
    """What was said, turn by turn, and the moment of reporting in China, to which 昨天 refers however long the talk takes."""

    at: datetime
    turns: tuple[Turn, ...] = ()

    def say(self, text: str, asked: Slot | None = None) -> "Dialogue":
        """Give the dialogue with one more thing said, in answer to what was asked."""
        return replace(self, turns=(*self.turns, Turn(text, asked)))


@dataclass(frozen=True)
class Standing:
    """Where a dialogue stands: what is understood, what nobody can tell, and the next question; None when it has what it needs."""

    understanding: Understanding
    question: Question | None
    settled: frozenset[Slot] = field(default_factory=frozenset)


def follow(dialogue: Dialogue, glossary: Glossary) -> Standing:
    """Read a dialogue from its first turn on."""
    known = Understanding()
    settled: set[Slot] = set()
    asked: dict[Slot, int] = {}
    for number, turn in enumerate(dialogue.turns):
        told = understand(turn.text, dialogue.at, glossary, number)
        if turn.asked is not None:
            slot = turn.asked
            asked[slot] = asked.get(slot, 0) + 1
            told = read_answer(turn, told, question_about(slot, known, glossary), dialogue.at, glossary, number)
            if _is_answered(told, slot) or asked[slot] >= _ASKED_AT_MOST or is_unknown(turn.text):
                settled.add(slot)
        known = merge(known, told, taken_back(known, turn.text, dialogue.at, number))
    return Standing(known, next_question(known, settled, glossary), frozenset(settled))


def _is_answered(told: Understanding, slot: Slot) -> bool:
    """Tell whether an answer settles its question; a hospital that nobody knows is asked about once more, beside those like it."""
    value = told.told(slot)
    return value is not None and not (isinstance(value, ToldHospital) and not value.hospital_id)


def merge(known: Understanding, told: Understanding, gone: frozenset[Slot] = frozenset()) -> Understanding:
    """Lay what is told now over what was known: what is sure replaces, a doubt replaces only doubts; `gone` was taken back."""
    sure = {each.slot: each for each in known.readings if each.slot not in gone} | {each.slot: each for each in told.readings}
    newly_doubted = {each.slot for each in told.doubts}
    doubts = (*(each for each in known.doubts if each.slot not in newly_doubted), *told.doubts)
    return Understanding(tuple(sure.values()), tuple(each for each in doubts if each.slot not in sure))
