"""What an agent is to do about premiums (应交保费) of customers who agreed to that: the same reminders that the customers have."""

from collections.abc import Mapping, Sequence
from datetime import date

from adjudicator.system import System
from agent.seeing import Customer
from domain.reminder import Occasion, Reminder
from entitlement.reminders.finding import reminders_of
from policy.holdings import holdings_of
from storage.database import Transaction

_OF_PREMIUMS = frozenset(
    {Occasion.PREMIUM_DUE, Occasion.GRACE_ENDING, Occasion.PREMIUM_LOAN_COMING, Occasion.LAPSED, Occasion.REINSTATEMENT_ENDING}
)


def premium_todos(system: System, tx: Transaction, customers: Sequence[Customer], day: date) -> Mapping[str, tuple[Reminder, ...]]:
    """List by customer what stands of premiums they owe as policyholder, under policies that this agent looks after; the nearest first."""
    seen = [each for each in customers if each.sees_premiums]
    numbers = {number for each in seen for number in each.policy_numbers}
    holdings = holdings_of(tx, numbers, system.terms, day) if numbers else ()
    found: dict[str, list[Reminder]] = {each.person_id: [] for each in seen}
    for holding in holdings:
        if holding.policy.policyholder_id in found:
            standing = reminders_of(holding, system.bases, system.reminders)
            found[holding.policy.policyholder_id] += [each for each in standing if each.rule.occasion in _OF_PREMIUMS]
    return {person: tuple(sorted(each, key=lambda one: (one.due_on, one.policy_number))) for person, each in found.items()}
