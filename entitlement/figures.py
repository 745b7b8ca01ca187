"""What a policy's money comes to on a day (权益): nine figures, each from the contract and the entries of its ledger, none stored.

With the overview of all of them and their history (entitlement/history.py) these are the eleven kinds of entitlement that a
customer sees. A figure that nobody can know is None and says why; it is never taken for nothing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from actuarial.benefits import Instalment, instalments
from actuarial.cash_value import Bases, cash_value_fen, value_of_account
from actuarial.loans import BORROWED, REPAID, LoanBalance, loan_available_fen, roll_loan
from domain.contract import COVERING, PAIRS, PREMIUM_KINDS, EntryKind, Holding, PolicyAccount, PolicyState, balance_of


class Kind(StrEnum):
    """The nine figures."""

    __hash__ = str.__hash__  # an enum's own is written in Python: too slow for thousands of parts

    PREMIUMS_PAID = "premiums_paid"  # 累计已交保费
    RECEIVED = "received"  # 累计已领取
    BORROWED = "borrowed"  # 累计已借
    REPAID = "repaid"  # 累计已还
    PREMIUM_DUE = "premium_due"  # 当前应交保费
    RECEIVABLE = "receivable"  # 当前可领取
    LOAN_AVAILABLE = "loan_available"  # 当前可借
    REPAYMENT_DUE = "repayment_due"  # 当前应还
    UNIVERSAL_ACCOUNT = "universal_account"  # 万能账户价值


# The entries that each figure to date sums. A premium into a universal account counts before its charge.
TO_DATE: Mapping[Kind, frozenset[EntryKind]] = {
    Kind.PREMIUMS_PAID: PREMIUM_KINDS | {EntryKind.ACCOUNT_PREMIUM},
    Kind.RECEIVED: frozenset({EntryKind.BENEFIT_PAID, EntryKind.SURRENDER_PAID, EntryKind.RESCISSION_PAID, EntryKind.ACCOUNT_WITHDRAWAL}),
    Kind.BORROWED: BORROWED,
    Kind.REPAID: REPAID,
}


BENEFITS = ("survival", "annuity", "maturity")  # the first word of a benefit's event


class Part(NamedTuple):  # and no data class: a customer's figures are made of thousands
    """One thing that a figure is made of: an entry by its event, or what the contract says is due."""

    day: date
    what: str  # an entry's kind; or premium, survival, annuity, maturity, cash_value, owed, unpaid_premium, principal, interest, account
    amount_fen: int


@dataclass(frozen=True)
class Figure:
    """One figure of one policy on a day."""

    policy_number: str
    kind: Kind
    amount_fen: int | None  # None: nobody knows
    why: str = ""  # why it is None, or nothing where something could be expected: a code of `WHY`
    parts: tuple[Part, ...] = ()


class Why(StrEnum):
    """Why a figure is unknown, or nothing."""

    NO_CONTRACT = "no_contract"  # only the cover of this policy is known here
    NO_TERMS = "no_terms"  # no terms of its product stand in policy/terms/
    NOT_LENDING = "not_lending"  # this contract lends nothing
    NOT_COVERING = "not_covering"  # it has lapsed or ended


def figures_of(holding: Holding, bases: Bases) -> tuple[Figure, ...]:
    """Give the figures of a policy on the holding's day; those that do not concern its product are left out."""
    return (*_to_date(holding), *_now(holding, bases))


def totals(figures: Sequence[Figure]) -> dict[Kind, tuple[int | None, int]]:
    """Sum figures over policies: of each kind the known amounts in fen, and the number of policies of which it is unknown.

    Where it is unknown of every policy that it concerns, so is the sum.
    """
    known: dict[Kind, list[int]] = {kind: [] for kind in Kind}
    unknown = Counter(each.kind for each in figures if each.amount_fen is None)
    for each in figures:
        if each.amount_fen is not None:
            known[each.kind].append(each.amount_fen)
    return {kind: (sum(told) if told or not unknown[kind] else None, unknown[kind]) for kind, told in known.items()}


def _to_date(holding: Holding) -> list[Figure]:
    number = holding.policy.policy_number
    if holding.contract is None:
        return [Figure(number, kind, None, Why.NO_CONTRACT) for kind in TO_DATE]
    found: dict[Kind, list[Part]] = {kind: [] for kind in TO_DATE}
    for entry in holding.entries:
        kinds, what = _FIGURES_OF_ENTRY[entry.kind]
        for kind in kinds:
            found[kind].append(Part(entry.value_date, what, entry.amount_fen))
    return [_summed(number, kind, parts) for kind, parts in found.items()]


_FIGURES_OF_ENTRY = {entry: (tuple(kind for kind, entries in TO_DATE.items() if entry in entries), entry.value) for entry in EntryKind}


def _summed(number: str, kind: Kind, parts: Sequence[Part], why: str = "") -> Figure:
    return Figure(number, kind, sum(each.amount_fen for each in parts), why, tuple(parts))


def _now(holding: Holding, bases: Bases) -> list[Figure]:
    number, now = holding.policy.policy_number, [Kind.PREMIUM_DUE, Kind.RECEIVABLE, Kind.LOAN_AVAILABLE, Kind.REPAYMENT_DUE]
    if holding.contract is None or holding.terms is None:
        why = Why.NO_CONTRACT if holding.contract is None else Why.NO_TERMS
        return [Figure(number, kind, None, why) for kind in now]
    unpaid = _unpaid_premiums(holding)
    loan = roll_loan(holding.entries, holding.terms.loan, holding.day) if holding.terms.loan else LoanBalance()
    return [
        _summed(number, Kind.PREMIUM_DUE, unpaid, "" if holding.standing.is_covering else Why.NOT_COVERING),
        _summed(number, Kind.RECEIVABLE, _receivable(holding)),
        _loan_available(holding, bases, loan, sum(each.amount_fen for each in unpaid)),
        _summed(number, Kind.REPAYMENT_DUE, _owed(loan)),
        *_account(holding, bases),
    ]


def _unpaid_premiums(holding: Holding) -> list[Part]:
    """List the premiums that have come due; a lapsed policy owes none: what reinstates it is another sum."""
    if holding.contract is None or not holding.standing.is_covering:
        return []
    return [Part(due, "premium", holding.contract.premium_on(due)) for due in holding.standing.due]


_MAKING_PAYABLE = frozenset(kind for kind, (_, credit) in PAIRS.items() if credit is PolicyAccount.BENEFIT_PAYABLE)


def _receivable(holding: Holding) -> list[Part]:
    """List what waits for the customer: due and not paid by the ledger, and due by the contract today but not booked yet."""
    together = -balance_of(holding.entries, PolicyAccount.BENEFIT_PAYABLE)
    booked = _booked(holding, together) if together else []
    return booked + [Part(each.due, each.kind, each.amount_fen) for each in unbooked_benefits(holding)]


def _booked(holding: Holding, together_fen: int) -> list[Part]:
    """List what is due by the ledger and not paid, one by one; in one part where a payment names nothing that came due."""
    left: dict[str, Part] = {}
    for each in holding.entries:
        if each.kind in _MAKING_PAYABLE:
            word = each.event.partition(" ")[0]
            before_fen = left[each.event].amount_fen if each.event in left else 0
            what = word if word in BENEFITS else EntryKind.BENEFIT_DUE.value
            left[each.event] = Part(each.value_date, what, before_fen + each.amount_fen)
    oldest = next(iter(left.values()), None)
    for each in holding.entries:
        if each.debit is PolicyAccount.BENEFIT_PAYABLE and (event := each.event.removeprefix("paid ")) in left:
            left[event] = left[event]._replace(amount_fen=left[event].amount_fen - each.amount_fen)
    waiting = [each for each in left.values() if each.amount_fen]
    if sum(each.amount_fen for each in waiting) == together_fen and all(each.amount_fen > 0 for each in waiting):
        return waiting
    return [Part(oldest.day if oldest else holding.day, EntryKind.BENEFIT_DUE.value, together_fen)]


def unbooked_benefits(holding: Holding) -> tuple[Instalment, ...]:
    """List the benefits that came due while the policy covered and that the ledger does not know yet, oldest first."""
    policy, contract, terms, standing = holding.policy, holding.contract, holding.terms, holding.standing
    if contract is None or terms is None or standing.since is None:
        return ()
    is_running = standing.state in COVERING | {PolicyState.MATURED}
    until = holding.day if is_running else standing.since - timedelta(days=1)
    known = {each.event for each in holding.entries if each.kind in _MAKING_PAYABLE}
    every = instalments(policy, contract, terms, holding.insured_birth_date, until)
    return tuple(each for each in every if each.event not in known)


def _loan_available(holding: Holding, bases: Bases, loan: LoanBalance, unpaid_fen: int) -> Figure:
    number, kind = holding.policy.policy_number, Kind.LOAN_AVAILABLE
    if holding.terms is None or holding.terms.loan is None:
        return Figure(number, kind, 0, Why.NOT_LENDING)
    if not holding.standing.is_covering:
        return Figure(number, kind, 0, Why.NOT_COVERING)
    value_fen = cash_value_fen(holding, bases)
    if value_fen is None:
        return Figure(number, kind, None, Why.NO_TERMS)
    told = ((value_fen, "cash_value"), (-loan.total_fen, "owed"), (-unpaid_fen, "unpaid_premium"))
    parts = tuple(Part(holding.day, what, fen) for fen, what in told if fen)
    return Figure(number, kind, loan_available_fen(value_fen, loan.total_fen, unpaid_fen, holding.terms.loan), "", parts)


def _owed(loan: LoanBalance) -> list[Part]:
    if loan.due_on is None:
        return []
    told = ((loan.principal_fen, "principal"), (loan.interest_fen, "interest"))
    return [Part(loan.due_on, what, fen) for fen, what in told if fen]


def _account(holding: Holding, bases: Bases) -> list[Figure]:
    terms, number = holding.terms, holding.policy.policy_number
    if terms is None or terms.universal is None:
        return []
    if holding.standing.state in (PolicyState.SURRENDERED, PolicyState.TERMINATED):
        return [Figure(number, Kind.UNIVERSAL_ACCOUNT, 0, Why.NOT_COVERING)]
    account = value_of_account(holding, terms.universal, bases)
    return [_summed(number, Kind.UNIVERSAL_ACCOUNT, [Part(account.settled_on or holding.day, "account", account.value_fen)])]
