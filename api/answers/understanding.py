"""What was understood of a report in the customer's own words, and what to ask next."""

from datetime import date

from pydantic import Field

from api.answers.base import Answer
from domain.claim import LossCause
from domain.report import Choice, Days, Question, Reading, Relation, Slot, Told, ToldDiagnosis, ToldHospital
from reporting.dialogue import Dialogue, Standing
from reporting.questions import words_of


class ReadingShown(Answer):
    """One thing that was told. Of `value`, `code` and `until` what the slot has: a code is ICD-10 or a hospital's id."""

    slot: Slot
    value: str | bool | int = Field(description="a day as YYYY-MM-DD, an amount in 分, a name, yes or no")
    code: str = ""
    until: date | None = Field(None, description="the last day, when a stretch of days was told")
    words: str = Field(description="the value in the customer's words, to be read back")
    confidence: float
    turn: int = Field(description="in which of the things said it stands, counted from 0")
    start: int
    end: int
    text: str = Field(description="what stands there from start to end")


class ChoiceShown(Answer):
    """An answer to choose: its words, or its number counted from 1, may be sent back."""

    text: str


class QuestionShown(Answer):
    """The next question; ask it as it stands."""

    slot: Slot
    text: str
    choices: tuple[ChoiceShown, ...]


class TurnShown(Answer):
    """Something that was said."""

    text: str
    asked: Slot | None


class StateShown(Answer):
    """Where the dialogue stands; send it back with the next answer."""

    at: str
    said: tuple[TurnShown, ...]
    asked: Slot | None


class NoticeFields(Answer):
    """What goes into `POST /v1/claims` or `POST /v1/hotline/reports` as it stands, beside who is insured and your own reference."""

    loss_date: date | None
    loss_cause: LossCause | None
    narrative: str


class ReportUnderstood(Answer):
    """A report as it was understood; without a question it has what a report needs."""

    readings: tuple[ReadingShown, ...]
    doubts: tuple[ReadingShown, ...] = Field(description="what could be meant of slots that are not sure")
    question: QuestionShown | None
    relation: Relation | None = Field(description="whose policy it is: look the insured up among your customer's own family")
    claim: NoticeFields
    state: StateShown


def report_understood(dialogue: Dialogue, standing: Standing) -> ReportUnderstood:
    """Tell where a dialogue stands."""
    told, question = standing.understanding, standing.question
    day, cause, relation = told.told(Slot.LOSS_DAY), told.told(Slot.CAUSE), told.told(Slot.RELATION)
    asked = question.slot if question else None
    return ReportUnderstood(
        readings=tuple(map(reading_shown, told.readings)),
        doubts=tuple(map(reading_shown, told.doubts)),
        question=_question(question) if question else None,
        relation=relation if isinstance(relation, Relation) else None,
        claim=NoticeFields(
            loss_date=day.first if isinstance(day, Days) else None,
            loss_cause=cause if isinstance(cause, LossCause) else None,
            narrative="；".join(each.text for each in dialogue.turns),
        ),
        state=StateShown(
            at=dialogue.at.isoformat(timespec="seconds"),
            said=tuple(TurnShown(text=each.text, asked=each.asked) for each in dialogue.turns),
            asked=asked,
        ),
    )


def reading_shown(reading: Reading) -> ReadingShown:
    """Show one reading with its place."""
    value, code, until = _parts(reading.value)
    return ReadingShown(
        slot=reading.slot,
        value=value,
        code=code,
        until=until,
        words=words_of(reading.value),
        confidence=reading.confidence,
        turn=reading.turn,
        start=reading.start,
        end=reading.end,
        text=reading.text,
    )


def _parts(value: Told) -> tuple[str | bool | int, str, date | None]:
    match value:
        case Days():
            return value.first.isoformat(), "", value.last
        case ToldDiagnosis():
            return value.name, value.code, None
        case ToldHospital():
            return value.name, value.hospital_id, None
        case bool() | int():
            return value, "", None
        case _:
            return value.value, "", None


def _question(question: Question) -> QuestionShown:
    return QuestionShown(slot=question.slot, text=question.text, choices=tuple(map(_choice, question.choices)))


def _choice(choice: Choice) -> ChoiceShown:
    return ChoiceShown(text=choice.text)
