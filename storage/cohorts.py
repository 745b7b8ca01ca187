"""The claims behind a figure (统计口径): one condition each, by which the dashboard counts and the queue lists the same claims."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, FromClause, and_, exists, not_, or_

from domain.decision import DecisionKind
from domain.states import ClaimState
from storage import tables as t

_WITH_PEOPLE = (ClaimState.IN_REVIEW, ClaimState.IN_INVESTIGATION, ClaimState.DECIDED)
_DAY_MS = 86_400_000
_OF_THE_SYSTEM = "system"  # the role that decides when nobody does


class Cohort(StrEnum):
    """What claims are counted; those of a period are by the moment named."""

    DECIDED = "decided"  # a decision in the period, of whatever round; one taken back by a hospital is none
    STRAIGHT_THROUGH = "straight_through"  # of them: decided by nobody
    DECLINED = "declined"  # of them: declined, by the clause `detail` when it is given
    CHANGED = "changed"  # of them: another amount than the rules worked out
    RECEIVED = "received"  # received in the period, and since then read whole or asked for papers
    COMPLETE = "complete"  # of them: nothing had to be asked for
    PAID = "paid"  # money first reached somebody in the period
    AT_RISK = "at_risk"  # now: less than a fifth of a running clock is left
    MISSED = "missed"  # now: a running clock is over
    WAITING = "waiting"  # now: with people, received `detail` days ago: "3-7", "30-"


AGES = ("0-1", "1-3", "3-7", "7-30", "30-")  # in days; the last has no end


@dataclass(frozen=True)
class Figure:
    """One figure's claims: whose, from when and until when (not included), in milliseconds."""

    cohort: Cohort
    since_ms: int = 0
    until_ms: int = 0
    detail: str = ""


def is_of(figure: Figure, now_ms: int) -> ColumnElement[bool]:
    """Give the condition under which a row of `claim` is counted."""
    c = t.claim.c
    match figure.cohort:
        case Cohort.RECEIVED:
            return and_(c.created_ms >= figure.since_ms, c.created_ms < figure.until_ms, or_(_was_worked_out(), _was_asked()))
        case Cohort.COMPLETE:
            return and_(c.created_ms >= figure.since_ms, c.created_ms < figure.until_ms, _was_worked_out(), not_(_was_asked()))
        case Cohort.PAID:
            return and_(_has_paid(figure), not_(_paid_before(figure)))
        case Cohort.AT_RISK | Cohort.MISSED:
            return _has_clock(figure.cohort, now_ms)
        case Cohort.WAITING:
            first, last = figure.detail.split("-")
            youngest = c.created_ms <= now_ms - int(first) * _DAY_MS
            oldest = (c.created_ms > now_ms - int(last) * _DAY_MS) if last else youngest
            return and_(c.state.in_(_WITH_PEOPLE), youngest, oldest)
        case _:
            return _has_decision(figure)


def of_decision(figure: Figure) -> tuple[ColumnElement[bool], ...]:
    """Give the conditions under which a row of `decision` makes its claim one of the figure's."""
    d = t.decision.c
    within = (d.decided_ms >= figure.since_ms, d.decided_ms < figure.until_ms, d.kind != DecisionKind.CANCELLED)
    match figure.cohort:
        case Cohort.STRAIGHT_THROUGH:
            return (*within, d.actor_role == _OF_THE_SYSTEM)
        case Cohort.DECLINED:
            return (*within, d.kind == DecisionKind.DECLINE, *((d.clause == figure.detail,) if figure.detail else ()))
        case Cohort.CHANGED:
            a = t.adjudication.c
            return (
                *within,
                exists().where(a.claim_id == d.claim_id, a.round == d.round, a.proposed_fen != d.amount_fen).correlate(t.decision),
            )
        case _:
            return within


def _there_is(*wanted: ColumnElement[bool]) -> ColumnElement[bool]:
    """Look for a row that belongs to the claim; the queue joins the same tables for what it shows, and they are not meant."""
    return exists().where(*wanted).correlate(t.claim)


def _has_decision(figure: Figure) -> ColumnElement[bool]:
    return _there_is(t.decision.c.claim_id == t.claim.c.claim_id, *of_decision(figure))


def _was_worked_out() -> ColumnElement[bool]:
    return _there_is(t.adjudication.c.claim_id == t.claim.c.claim_id)


def _was_asked() -> ColumnElement[bool]:
    n = t.notice.c
    return _there_is(n.claim_id == t.claim.c.claim_id, n.kind == "supplement")


def _has_paid(figure: Figure) -> ColumnElement[bool]:
    e = t.ledger_entry.c
    within = (e.booked_ms >= figure.since_ms, e.booked_ms < figure.until_ms)
    return _there_is(e.claim_id == t.claim.c.claim_id, *is_payment(), *within)


def _paid_before(figure: Figure) -> ColumnElement[bool]:
    e = t.ledger_entry.c
    return _there_is(e.claim_id == t.claim.c.claim_id, *is_payment(), e.booked_ms < figure.since_ms)


def is_payment(entry: FromClause = t.ledger_entry) -> tuple[ColumnElement[bool], ...]:
    """Give the conditions under which a row of the ledger is money that reached somebody."""
    return (entry.c.debit_account == "claims_payable", entry.c.credit_account == "bank")


def _has_clock(cohort: Cohort, now_ms: int) -> ColumnElement[bool]:
    k = t.clock.c
    over = k.due_ms <= now_ms if cohort is Cohort.MISSED else and_(k.warn_ms <= now_ms, k.due_ms > now_ms)
    return _there_is(k.claim_id == t.claim.c.claim_id, k.met_ms.is_(None), k.paused_ms.is_(None), over)
