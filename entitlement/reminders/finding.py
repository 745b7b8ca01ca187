"""What a customer is to be reminded of on a day (五类提醒): each from the policy's state and its figures, whether it was told or not.

A reminder stands for a span of days, so that a day on which nobody looked is made up by the next one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from actuarial.calendar import full_years
from actuarial.cash_value import Bases, cash_value_fen
from actuarial.premium_loan import holding_as_of, premium_loan_of
from actuarial.premiums import iter_due_days, missing_fen, missing_interest_fen
from domain.contract import COVERING, PREMIUM_KINDS, Contract, EntryKind, Holding, PolicyState, premium_event
from domain.reminder import Occasion, Reminder, ReminderRule
from domain.servicing import Asker
from domain.terms import Frequency, ProductTerms
from entitlement.figures import BENEFITS, Figure, Kind, figures_of
from entitlement.reminders.file import ReminderBook

ADULT_YEARS = 18
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Seen:
    """A policy whose contract and terms are known, with what is asked of it more than once."""

    holding: Holding
    contract: Contract
    terms: ProductTerms
    bases: Bases

    @property
    def day(self) -> date:
        return self.holding.day

    @property
    def state(self) -> PolicyState:
        return self.holding.standing.state

    @cached_property
    def figures(self) -> Mapping[Kind, Figure]:
        return {each.kind: each for each in figures_of(self.holding, self.bases)}

    def fen(self, kind: Kind) -> int:
        return (self.figures[kind].amount_fen if kind in self.figures else None) or 0

    @cached_property
    def next_due(self) -> date | None:
        """The first day after this one on which a premium comes due that is not paid in advance."""
        paid = {each.event for each in self.holding.entries if each.kind in PREMIUM_KINDS}
        dues = iter_due_days(self.holding.policy, self.contract, self.terms)
        return next((each for each in dues if each > self.day and premium_event(each) not in paid), None)

    @cached_property
    def will_lend(self) -> bool:
        """Whether the premium will be lent by itself when its grace runs out, if nothing moves any more."""
        grace = self.holding.standing.grace_until
        return grace is not None and premium_loan_of(holding_as_of(self.holding, grace + _ONE_DAY), self.bases) is not None

    @cached_property
    def reinstating_fen(self) -> int:
        """What reinstating costs: the missing premiums with their interest."""
        return (missing_fen(self.holding) or 0) + (missing_interest_fen(self.holding) or 0)

    def is_near(self, due: date | None, rule: ReminderRule) -> bool:
        return due is not None and 0 <= (due - self.day).days <= rule.lead_days


def reminders_of(holding: Holding, bases: Bases, book: ReminderBook) -> tuple[Reminder, ...]:
    """List what stands on the holding's day; nothing where only the cover of a policy is known.

    Raises:
        InputError: the terms name a mortality basis or a rate that is not there.
    """
    if holding.contract is None or holding.terms is None:
        return ()
    seen = _Seen(holding, holding.contract, holding.terms, bases)
    found = [each for rule in book.rules for each in _FINDERS[rule.occasion](seen, rule)]
    silenced = {_SILENCES[each.rule.occasion] for each in found if each.rule.occasion in _SILENCES}
    return tuple(each for each in found if each.rule.occasion not in silenced)


def _make(seen: _Seen, rule: ReminderRule, due_on: date, amount_fen: int, interest_fen: int = 0, benefit: str = "") -> Reminder:
    number, name = seen.holding.policy.policy_number, seen.terms.name
    return Reminder(number, name, rule, _addressee(seen.holding, rule), due_on, amount_fen, interest_fen, rule.items[benefit])


def _addressee(holding: Holding, rule: ReminderRule) -> str:
    """Tell who is told: for a child the policyholder."""
    is_child = full_years(holding.insured_birth_date, holding.day) < ADULT_YEARS
    to_insured = rule.to is Asker.INSURED and not is_child
    return holding.policy.insured_id if to_insured else holding.policy.policyholder_id


def _premium_due(seen: _Seen, rule: ReminderRule) -> Iterator[Reminder]:
    """Premiums that are due, and the next one when it is near."""
    if seen.state not in COVERING:
        return
    is_monthly = seen.contract.frequency_on(seen.day) is Frequency.MONTHLY and rule.lead_days_monthly is not None
    lead = rule.lead_days_monthly if is_monthly else rule.lead_days
    coming = seen.next_due if seen.next_due and (seen.next_due - seen.day).days <= (lead or 0) else None
    days = (*seen.holding.standing.due, *([coming] if coming else []))
    amount_fen = seen.fen(Kind.PREMIUM_DUE) + (seen.contract.premium_on(coming) if coming else 0)
    if days and amount_fen:
        yield _make(seen, rule, days[-1], amount_fen)


def _renewal_coming(seen: _Seen, rule: ReminderRule) -> Iterator[Reminder]:
    last = seen.holding.policy.effective_to
    if _ends_soon(seen, rule) and seen.contract.auto_renew:
        yield _make(seen, rule, last + _ONE_DAY, seen.contract.premium_on(last))


def _term_ending(seen: _Seen, rule: ReminderRule) -> Iterator[Reminder]:
    if _ends_soon(seen, rule) and not seen.contract.auto_renew:
        yield _make(seen, rule, seen.holding.policy.effective_to, seen.contract.premium_on(seen.day))


def _ends_soon(seen: _Seen, rule: ReminderRule) -> bool:
    last = seen.holding.policy.effective_to
    return seen.terms.is_renewable and seen.state in COVERING and last < date.max and seen.is_near(last, rule)


def _grace_ending(seen: _Seen, rule: ReminderRule) -> Iterator[Reminder]:
    grace = seen.holding.standing.grace_until
    if grace and seen.state is PolicyState.IN_GRACE and seen.is_near(grace, rule) and not seen.will_lend:
        yield _make(seen, rule, grace, seen.fen(Kind.PREMIUM_DUE))


def _premium_loan_coming(seen: _Seen, rule: ReminderRule) -> Iterator[Reminder]:
    grace = seen.holding.standing.grace_until
    if grace and seen.state is PolicyState.IN_GRACE and seen.is_near(grace, rule) and seen.will_lend:
        yield _make(seen, rule, grace, seen.contract.premium_on(seen.holding.standing.due[0]))


def _premium_loan_taken(seen: _Seen, rule: ReminderRule) -> Iterator[Reminder]:
    for each in seen.holding.entries:
        if each.kind is EntryKind.PREMIUM_BY_LOAN and (seen.day - each.value_date).days <= rule.keep_days:
            yield _make(seen, rule, each.value_date, each.amount_fen)


def _lapsed(seen: _Seen, rule: ReminderRule) -> Iterator[Reminder]:
    until = seen.holding.standing.reinstate_until
    if until and seen.state is PolicyState.LAPSED:
        yield _make(seen, rule, until, seen.reinstating_fen)


def _reinstatement_ending(seen: _Seen, rule: ReminderRule) -> Iterator[Reminder]:
    until = seen.holding.standing.reinstate_until
    if until and seen.state is PolicyState.LAPSED and seen.is_near(until, rule):
        yield _make(seen, rule, until, seen.reinstating_fen)


def _money_waiting(seen: _Seen, rule: ReminderRule) -> Iterator[Reminder]:
    """Benefits only: what a surrender left is on its way, or waits for another account under its transaction."""
    figure = seen.figures.get(Kind.RECEIVABLE)
    waiting = sorted((each for each in (figure.parts if figure else ()) if each.what in BENEFITS), key=lambda each: each.day)
    if waiting:
        yield _make(seen, rule, waiting[-1].day, sum(each.amount_fen for each in waiting), benefit=waiting[-1].what)


def _loan_term_ending(seen: _Seen, rule: ReminderRule) -> Iterator[Reminder]:
    owed = seen.figures[Kind.REPAYMENT_DUE]
    if owed.amount_fen and seen.is_near(owed.parts[0].day, rule):
        interest_fen = sum(each.amount_fen for each in owed.parts if each.what == "interest")
        yield _make(seen, rule, owed.parts[0].day, owed.amount_fen, interest_fen)


def _loan_near_value(seen: _Seen, rule: ReminderRule) -> Iterator[Reminder]:
    owed = seen.figures[Kind.REPAYMENT_DUE]
    if not owed.amount_fen or seen.state not in COVERING | {PolicyState.LAPSED}:
        return
    value_fen = cash_value_fen(seen.holding, seen.bases)
    if value_fen is not None and owed.amount_fen >= rule.share * value_fen:
        yield _make(seen, rule, owed.parts[0].day, owed.amount_fen)


# What is more pressing is told alone: whoever reads that grace ends is not told beside it that the premium is due.
_SILENCES = {
    Occasion.GRACE_ENDING: Occasion.PREMIUM_DUE,
    Occasion.PREMIUM_LOAN_COMING: Occasion.PREMIUM_DUE,
    Occasion.REINSTATEMENT_ENDING: Occasion.LAPSED,
}
_FINDERS: Mapping[Occasion, Callable[[_Seen, ReminderRule], Iterator[Reminder]]] = {
    Occasion.PREMIUM_DUE: _premium_due,
    Occasion.RENEWAL_COMING: _renewal_coming,
    Occasion.TERM_ENDING: _term_ending,
    Occasion.GRACE_ENDING: _grace_ending,
    Occasion.LAPSED: _lapsed,
    Occasion.REINSTATEMENT_ENDING: _reinstatement_ending,
    Occasion.PREMIUM_LOAN_COMING: _premium_loan_coming,
    Occasion.PREMIUM_LOAN_TAKEN: _premium_loan_taken,
    Occasion.MONEY_WAITING: _money_waiting,
    Occasion.LOAN_TERM_ENDING: _loan_term_ending,
    Occasion.LOAN_NEAR_VALUE: _loan_near_value,
}
