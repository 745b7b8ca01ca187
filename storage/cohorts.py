"""The claims behind a figure (统计口径): one condition each, by which the dashboard counts and the queue lists the same claims."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, FromClause, and_, exists, func, not_, or_, select

from domain.decision import DecisionKind
from domain.states import ClaimState
from storage import tables as t

WITH_PEOPLE = (ClaimState.IN_REVIEW, ClaimState.IN_INVESTIGATION, ClaimState.DECIDED)
_DAY_MS = 86_400_000
_FIRST_ROUND = 1
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
            return and_(c.created_ms >= figure.since_ms, c.created_ms < figure.until_ms, c.completeness != t.NOTHING_SAID)
        case Cohort.COMPLETE:
            return and_(c.created_ms >= figure.since_ms, c.created_ms < figure.until_ms, c.completeness == t.NOTHING_ASKED)
        case Cohort.PAID:
            return and_(c.first_paid_ms >= figure.since_ms, c.first_paid_ms < figure.until_ms)
        case Cohort.AT_RISK:
            return c.claim_id.in_(select(t.clock.c.claim_id).where(*is_at_risk(now_ms)))
        case Cohort.MISSED:
            # The nearest of its running clocks is over; that it is in some state says nothing new, and is what an index is walked by.
            return and_(c.state.in_(tuple(ClaimState)), c.urgency_ms <= now_ms)
        case Cohort.WAITING:
            first, last = figure.detail.split("-")
            youngest = c.created_ms <= now_ms - int(first) * _DAY_MS
            oldest = (c.created_ms > now_ms - int(last) * _DAY_MS) if last else youngest
            return and_(c.state.in_(WITH_PEOPLE), youngest, oldest)
        case _:
            return _has_decision(figure)


def of_decision(figure: Figure, decision: FromClause = t.decision) -> tuple[ColumnElement[bool], ...]:
    """Give the conditions under which a row of `decision` makes its claim one of the figure's."""
    d = decision.c
    within = (d.decided_ms >= figure.since_ms, d.decided_ms < figure.until_ms, d.kind != DecisionKind.CANCELLED)
    match figure.cohort:
        case Cohort.STRAIGHT_THROUGH:
            return (*within, d.actor_role == _OF_THE_SYSTEM)
        case Cohort.DECLINED:
            return (*within, d.kind == DecisionKind.DECLINE, *((d.clause == figure.detail,) if figure.detail else ()))
        case Cohort.CHANGED:
            return (*within, proposed_of(decision) != d.amount_fen)
        case _:
            return within


def is_first_of(figure: Figure) -> ColumnElement[bool]:
    """Give the condition under which a row of `decision` is the first by which its claim is one of the figure's: a claim counts once.

    Only a claim that was reopened has another, which is looked for in rounds after the first alone.
    """
    d, earlier = t.decision.c, t.decision.alias("earlier")
    other = exists().where(earlier.c.claim_id == d.claim_id, earlier.c.round < d.round, *of_decision(figure, earlier))
    return and_(*of_decision(figure), or_(d.round == _FIRST_ROUND, not_(other.correlate(t.decision))))


def proposed_of(decision: FromClause = t.decision) -> ColumnElement[int | None]:
    """Give what the rules had worked out when a decision was made; one older than its column has it in the adjudication of its round."""
    d, a = decision.c, t.adjudication.c
    worked_out = select(a.proposed_fen).where(a.claim_id == d.claim_id, a.round == d.round).correlate(decision).scalar_subquery()
    return func.coalesce(d.proposed_fen, worked_out)


def _has_decision(figure: Figure) -> ColumnElement[bool]:
    return t.claim.c.claim_id.in_(select(t.decision.c.claim_id).where(*of_decision(figure)))


def is_at_risk(now_ms: int) -> tuple[ColumnElement[bool], ...]:
    """Give the conditions under which a row of `clock` runs and has less than a fifth left."""
    k = t.clock.c
    return (k.met_ms.is_(None), k.paused_ms.is_(None), k.warn_ms <= now_ms, k.due_ms > now_ms)
