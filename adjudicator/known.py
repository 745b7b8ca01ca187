"""What is known of one policy's claim, and the form in which an element is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from adjudicator.costs import Costs
from adjudicator.evidence import Evidence
from domain.claim import LossCause
from domain.element import ElementValue
from domain.policy import Person, Policy
from rules.medical_base import MedicalBase
from rules.model import Element as Declared

VISIT_COSTS, STAY_COSTS = ("门急诊费用", "outpatient_cost"), ("合理医疗费用", "reasonable_cost")


@dataclass(frozen=True)
class Known:
    """One policy with its insured, the loss, the evidence, the medical base, and the elements that its book declares."""

    policy: Policy
    insured: Person
    loss_date: date | None
    cause: LossCause | None
    evidence: Evidence
    base: MedicalBase
    declared: Mapping[str, Declared]

    @property
    def loss_day(self) -> date | None:
        """The day of the loss: as reported, else the first one that a paper proves."""
        return self.loss_date or self.evidence.first_day

    @property
    def costs(self) -> Costs | None:
        """The costs that the book means: of stays, of visits, or of both when it tells no difference."""
        bills = self.evidence.bills
        for_visits = any(name in self.declared for name in VISIT_COSTS)
        for_stays = any(name in self.declared for name in STAY_COSTS)
        if for_visits and for_stays:
            return bills.inpatient
        return bills.outpatient if for_visits else bills.all


@dataclass(frozen=True)
class Told:
    """An element's value and where it was learnt; None is unknown. `doubt` says why a person must look before money moves."""

    value: ElementValue | date = None
    source: str = ""
    doubt: str = ""


UNTOLD = Told()
Find = Callable[[Known, Declared], Told]
