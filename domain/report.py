"""A report in the customer's own words, as it was understood: readings with their confidence and their place, and what is in doubt."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.claim import LossCause


class Slot(StrEnum):
    """What a report may tell."""

    RELATION = "relation"  # who it happened to, as the reporter calls them
    LOSS_DAY = "loss_day"  # 出险日期
    CAUSE = "cause"
    DIAGNOSIS = "diagnosis"
    HOSPITAL = "hospital"
    HOSPITALISED = "hospitalised"
    OPERATED = "operated"
    OUTPATIENT = "outpatient"
    INJURED = "injured"
    DIED = "died"
    CRITICAL_ILLNESS = "critical_illness"
    AMOUNT = "amount"


class Relation(StrEnum):
    """What the insured is to the reporter; so whose policy it is."""

    SELF = "本人"
    FATHER = "父亲"
    MOTHER = "母亲"
    SPOUSE = "配偶"
    SON = "儿子"
    DAUGHTER = "女儿"
    CHILD = "子女"  # told without son or daughter
    WIFES_FATHER = "岳父"
    WIFES_MOTHER = "岳母"
    HUSBANDS_FATHER = "公公"
    HUSBANDS_MOTHER = "婆婆"
    GRANDPARENT = "祖父母"
    MATERNAL_GRANDPARENT = "外祖父母"
    GRANDCHILD = "孙子女"
    SIBLING = "兄弟姐妹"
    COLLEAGUE = "同事"  # also an employee: the policy of a group
    OTHER = "其他"


@dataclass(frozen=True)
class Days:
    """A day, or the first and the last day of a stretch; both count."""

    first: date
    last: date | None = None


@dataclass(frozen=True)
class ToldDiagnosis:
    """A diagnosis: its ICD-10 code ("" when it has none here) and name, as listed or as said."""

    code: str
    name: str


@dataclass(frozen=True)
class ToldHospital:
    """A hospital: its id in the registry or the medical base ("" when it is known to neither), and its name."""

    hospital_id: str
    name: str


Told = Relation | Days | LossCause | ToldDiagnosis | ToldHospital | bool | int  # an int is an amount in 分


@dataclass(frozen=True)
class Reading:
    """One thing that was told: `text` is what stands in turn `turn` from `start` to `end` (the end does not count)."""

    slot: Slot
    value: Told
    confidence: float
    turn: int
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Understanding:
    """What was understood: at most one sure reading a slot; what could be meant of the others."""

    readings: tuple[Reading, ...] = ()
    doubts: tuple[Reading, ...] = ()

    def find(self, slot: Slot) -> Reading | None:
        """Give the sure reading of a slot, if there is one."""
        return next((each for each in self.readings if each.slot is slot), None)

    def told(self, slot: Slot) -> Told | None:
        """Give the value of a slot that was told for sure."""
        found = self.find(slot)
        return found.value if found else None

    def doubts_of(self, slot: Slot) -> tuple[Reading, ...]:
        """List what could be meant of a slot."""
        return tuple(each for each in self.doubts if each.slot is slot)


@dataclass(frozen=True)
class Turn:
    """Something the customer said, and the slot that was asked before; None: nothing was."""

    text: str
    asked: Slot | None = None


@dataclass(frozen=True)
class Choice:
    """An answer that may be given to a question by its words or its number; `value` is None for what no choice names."""

    text: str
    value: Told | None


@dataclass(frozen=True)
class Question:
    """The next thing to ask, in the customer's words."""

    slot: Slot
    text: str
    choices: tuple[Choice, ...] = ()
