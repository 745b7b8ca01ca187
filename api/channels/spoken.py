"""A report in the customer's own words: the app's or the desk's text, typed or from speech-to-text, and where the dialogue stands."""

from datetime import datetime, timedelta
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, model_validator
from pydantic_core import PydanticCustomError

from api.channels.fields import LongText, Payload
from domain.china import CHINA
from domain.report import Slot
from reporting.dialogue import Dialogue

_AHEAD = timedelta(minutes=5)  # clocks of two machines differ
_LONGEST = 5_000  # characters of a whole dialogue: what a narrative may hold


class SaidBefore(Payload):
    """Something the customer said, and the question it answered; none for the first."""

    text: LongText
    asked: Slot | None = None


class DialogueState(Payload):
    """Where a dialogue stands: send it back as it came. Nothing of it is kept here."""

    at: AwareDatetime = Field(description="the moment of reporting: 昨天 stays the day before it, however long the dialogue takes")
    said: Annotated[tuple[SaidBefore, ...], Field(max_length=30)] = ()
    asked: Slot | None = Field(None, description="the open question")


class SpokenReport(Payload):
    """What the customer says now: the first sentence, or the answer to the open question."""

    text: Annotated[LongText, Field(min_length=1)]
    state: DialogueState | None = None

    @model_validator(mode="after")
    def _not_too_long(self) -> Self:
        before = self.state.said if self.state else ()
        if len(self.text) + sum(len(each.text) for each in before) > _LONGEST:
            raise PydanticCustomError(
                "mingbai_dialogue",
                "the dialogue is longer than {most} characters",
                {"most": _LONGEST, "way_out": "take the report down by hand"},
            )
        return self

    def to_dialogue(self, now: datetime) -> Dialogue:
        """Give it in the words of the domain; `now` is the moment of reporting of a dialogue that begins, in China.

        Raises:
            ValueError: the state's moment lies in the future.
        """
        if self.state is None:
            return Dialogue(now).say(self.text)
        at = self.state.at.astimezone(CHINA)
        if at > now + _AHEAD:
            raise ValueError(f"{at:%Y-%m-%dT%H:%M} lies in the future")
        dialogue = Dialogue(at)
        for each in self.state.said:
            dialogue = dialogue.say(each.text, each.asked)
        return dialogue.say(self.text, self.state.asked)
