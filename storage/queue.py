"""What the workbench's queue shows: one row a claim, ordered by the nearest clock and then by what is at stake."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, Subquery, and_, bindparam, exists, func, or_, select, union_all

from domain.states import ClaimState
from storage import tables as t
from storage.cohorts import Cohort, Figure, is_of
from storage.database import Transaction
from storage.desk import is_aside
from storage.referrals import holds, is_to
from storage.verdicts import is_pending


@dataclass(frozen=True)
class Place:
    """Where a claim stands in the queue's order, whether or not it is among what is asked for."""

    urgency_ms: int
    stake_fen: int
    created_ms: int
    claim_id: str


@dataclass(frozen=True)
class QueueRow:
    """A claim as the queue shows it."""

    claim_id: str
    version: int
    channel: str
    state: str
    insured_name: str
    loss_date: str
    proposed_fen: int | None
    expected_loss_fen: int | None
    decided_fen: int | None
    route_json: str | None
    created_ms: int
    updated_ms: int
    urgency_ms: int
    stake_fen: int
    worked_by: str | None  # who has its lease
    to_user: str | None  # to whom it was handed on: by name, or by role
    to_role: str | None

    @property
    def due_ms(self) -> int | None:
        """The nearest running clock; None: there is none."""
        return None if self.urgency_ms == t.NO_CLOCK_MS else self.urgency_ms

    @property
    def place(self) -> Place:
        """Where it stands in the queue's order."""
        return Place(self.urgency_ms, self.stake_fen, self.created_ms, self.claim_id)


@dataclass(frozen=True)
class FreeClaim:
    """A claim that somebody may work on next; a page of another version is not it."""

    claim_id: str
    version: int


class Aside(StrEnum):
    """Whether claims that wait for nobody now, set aside or with a verdict whose minute is not over, are among what is asked for."""

    ANY = "any"
    LEFT_OUT = "left_out"
    ONLY = "only"  # those that are set aside
    PENDING = "pending"  # those with a verdict


_FEW = (Aside.ONLY, Aside.PENDING)


@dataclass(frozen=True)
class QueueQuery:
    """What is asked for; what is empty asks for nothing in particular. `at_least_fen` is of what was decided, else proposed."""

    states: tuple[ClaimState, ...] = ()
    search: str = ""  # the beginning of a claim number, or a whole name
    channel: str = ""
    at_least_fen: int = 0
    due_before_ms: int | None = None
    aside: Aside = Aside.ANY
    naming: str = ""  # a user name that a comment names
    handed_to: tuple[str, str] | None = None  # to whom it was handed on: a user name, or that person's role
    figure: Figure | None = None  # the claims that a figure of the dashboard counts
    claim_id: str = ""  # this one alone, if it is among the others that are asked for

    @property
    def picks_few(self) -> bool:
        """Tell whether the claims are better found one by one than along the queue's order."""
        is_of_figure = self.figure is not None and self.figure.cohort not in (Cohort.MISSED, Cohort.WAITING)
        return bool(self.search or self.naming or self.handed_to or self.claim_id or is_of_figure) or self.aside in _FEW


def find_place(tx: Transaction, claim_id: str) -> Place | None:
    """Tell where a claim stands in the order; None: there is no such claim."""
    row = next(iter(tx.find(_PLACE, {"of_claim": claim_id})), None)
    return Place(*row) if row else None


def list_claims(tx: Transaction, query: QueueQuery, limit: int = 200, offset: int = 0, behind: Place | None = None) -> tuple[QueueRow, ...]:
    """List claims, the most urgent first; those behind a place only, where one is given."""
    c, a, d, now = t.claim.c, t.adjudication.c, t.decision.c, tx.now_ms()
    page, lease = _page(tx, query, limit, offset, behind), t.claim_lease.c
    statement = (
        select(
            c.claim_id, c.version, c.channel, c.state, t.person.c.name.label("insured_name"), c.loss_date,
            a.proposed_fen, a.expected_loss_fen, d.amount_fen.label("decided_fen"), a.route_json, c.created_ms, c.updated_ms,
            c.urgency_ms, c.stake_fen, lease.user_name.label("worked_by"), t.claim_referral.c.to_user, t.claim_referral.c.to_role,
        )
        .select_from(page.join(t.claim, c.claim_id == page.c.claim_id))
        .join(t.person, t.person.c.person_id == c.insured_id)
        .outerjoin(t.adjudication, and_(a.claim_id == c.claim_id, a.round == c.round))
        .outerjoin(t.decision, and_(d.claim_id == c.claim_id, d.round == c.round))
        .outerjoin(t.claim_lease, and_(lease.claim_id == c.claim_id, lease.until_ms > now))
        .outerjoin(t.claim_referral, holds())
        .order_by(c.urgency_ms, c.stake_fen.desc(), c.created_ms, c.claim_id)
    )  # fmt: skip
    return tuple(
        QueueRow(**{**row._mapping, "loss_date": row.loss_date.isoformat() if row.loss_date else ""})
        for row in tx.connection.execute(statement)
    )


def first_free(
    tx: Transaction, query: QueueQuery, user_name: str, role: str, without: str, behind: Place | None = None
) -> FreeClaim | None:
    """Give the first claim, another one than `without`, that nobody else works on and that was handed to nobody else; None: no such."""
    c, lease, r = t.claim.c, t.claim_lease.c, t.claim_referral.c
    taken = exists().where(lease.claim_id == c.claim_id, lease.until_ms > tx.now_ms(), lease.user_name != user_name).correlate(t.claim)
    away = exists().where(holds(), or_(r.to_user.not_in(("", user_name)), r.to_role.not_in(("", role)))).correlate(t.claim)
    page = _page(tx, query, 1, 0, behind, (~taken, ~away, c.claim_id != without))
    row = tx.connection.execute(select(c.claim_id, c.version).join(page, c.claim_id == page.c.claim_id)).one_or_none()
    return FreeClaim(*row) if row else None


def _page(
    tx: Transaction, query: QueueQuery, limit: int, offset: int, behind: Place | None, more: tuple[ColumnElement[bool], ...] = ()
) -> Subquery:
    """Find which claims a page shows, before anything else of them is read.

    The claims of one state lie in the queue's order in an index; so the page is among the first of each state.
    """
    wanted, order = (*_wanted(tx, replace(query, states=())), *_behind(behind), *more), [c.name for c in _ORDER]
    if query.picks_few:
        states = [t.claim.c.state.in_(query.states)] if query.states else []
        return _in_order(select(*_ORDER).where(*states, *wanted), limit, offset).subquery()
    first = [_in_order(select(*_ORDER).where(t.claim.c.state == each, *wanted), offset + limit, 0) for each in query.states or ClaimState]
    together = union_all(*(each.subquery().select() for each in first)).subquery()
    return _in_order(select(*(together.c[name] for name in order)), limit, offset).subquery()


_ORDER = (t.claim.c.urgency_ms, t.claim.c.stake_fen, t.claim.c.created_ms, t.claim.c.claim_id)
_PLACE = select(*_ORDER).where(t.claim.c.claim_id == bindparam("of_claim"))


def _in_order(statement: Select[Any], limit: int, offset: int) -> Select[Any]:
    urgency, stake, created, claim_id = statement.selected_columns
    return statement.order_by(urgency, stake.desc(), created, claim_id).limit(limit).offset(offset)


def count_claims(tx: Transaction, query: QueueQuery) -> int:
    """Count what `list_claims` would list without a limit.

    The few that wait for nobody now are counted by themselves and taken off: looking for each claim among them takes longer.
    """
    if query.aside is not Aside.LEFT_OUT:
        return _count(tx, _wanted(tx, query))
    every = _wanted(tx, replace(query, aside=Aside.ANY))
    few = select(t.claim_snooze.c.claim_id).union(select(t.pending_verdict.c.claim_id))
    return _count(tx, every) - _count(tx, [*every, t.claim.c.claim_id.in_(few), ~_of_aside(tx, Aside.LEFT_OUT)])


def _count(tx: Transaction, wanted: list[ColumnElement[bool]]) -> int:
    return int(tx.connection.execute(select(func.count()).select_from(t.claim).where(*wanted)).scalar_one())


def _wanted(tx: Transaction, query: QueueQuery) -> list[ColumnElement[bool]]:
    c = t.claim.c
    wanted: list[ColumnElement[bool]] = []
    if query.states:
        wanted.append(c.state.in_(query.states))
    if query.search:
        wanted.append(c.claim_id.in_(_found(query.search)))
    if query.channel:
        wanted.append(c.channel == query.channel)
    if query.at_least_fen:
        wanted.append(c.worth_fen >= query.at_least_fen)
    if query.due_before_ms is not None:
        wanted.append(c.urgency_ms < query.due_before_ms)
    if query.aside is not Aside.ANY:
        wanted.append(_of_aside(tx, query.aside))
    if query.figure:
        wanted.append(is_of(query.figure, tx.now_ms()))
    if query.claim_id:
        wanted.append(c.claim_id == query.claim_id)
    if query.naming:
        m = t.claim_mention.c
        wanted.append(c.claim_id.in_(select(m.claim_id).where(m.user_name == query.naming)))
    if query.handed_to:
        r = t.claim_referral.c
        handed = select(r.claim_id).where(is_to(*query.handed_to))  # they are few: so they are looked up, and not each claim among them
        wanted += [c.claim_id.in_(handed), exists().where(holds()).correlate(t.claim)]
    return wanted


def _found(search: str) -> CompoundSelect[Any]:
    """Find claims by the beginning of their number and by the insured's name, each by its index."""
    c, begin = t.claim.alias("found").c, search.upper()
    numbered = select(c.claim_id).where(c.claim_id >= begin, c.claim_id <= begin + _LAST, c.claim_id.startswith(begin, autoescape=True))
    of_person = select(t.person.c.person_id).where(t.person.c.name == search)
    return numbered.union(select(c.claim_id).where(c.insured_id.in_(of_person)))


_LAST = "z" * 32  # behind every letter and digit of a number


def _behind(place: Place | None) -> list[ColumnElement[bool]]:
    if place is None:
        return []
    c = t.claim.c
    after = (c.created_ms > place.created_ms) | ((c.created_ms == place.created_ms) & (c.claim_id > place.claim_id))
    after = (c.stake_fen < place.stake_fen) | ((c.stake_fen == place.stake_fen) & after)
    # The first says nothing new: it is what an index is walked by.
    return [c.urgency_ms >= place.urgency_ms, (c.urgency_ms > place.urgency_ms) | after]


def _of_aside(tx: Transaction, asked: Aside) -> ColumnElement[bool]:
    aside, pending, claim_id = exists().where(is_aside(tx)), exists().where(is_pending()), t.claim.c.claim_id
    if asked is Aside.LEFT_OUT:
        return ~aside & ~pending
    # That the claim is among them says the same once more: so the few are looked up among the claims, and not each claim among the few.
    if asked is Aside.ONLY:
        return claim_id.in_(select(t.claim_snooze.c.claim_id)) & aside
    return claim_id.in_(select(t.pending_verdict.c.claim_id)) & pending
