"""Catastrophes (灾害事件): who signed them, the claims that belong to them, and what they came to in the ledger.

A claim names its event in its own row, so that whatever hangs on a claim (ledger, clocks, decisions) is summed by event exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, false, func, insert, literal, or_, select, union_all, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain.catastrophe import CatastropheEvent, EventStatus
from domain.claim import Channel
from domain.errors import ConflictError, NotFoundError
from domain.policy import Policy
from domain.states import ClaimState
from storage import tables as t
from storage.codec import from_json, to_json
from storage.database import Transaction
from storage.ledger import Account
from storage.registry import policies_where

_DAY_MS, _CHINA_MS = 86_400_000, 8 * 3_600_000


@dataclass(frozen=True)
class EventRecord:
    """A stored event with those who signed it; None where nobody did yet."""

    event: CatastropheEvent
    declared_by: str
    declared_ms: int
    approved_by: str | None
    approved_ms: int | None
    closed_by: str | None
    closed_ms: int | None

    @property
    def status(self) -> EventStatus:
        """Tell how far it is."""
        if self.closed_ms is not None:
            return EventStatus.CLOSED
        return EventStatus.PROPOSED if self.approved_ms is None else EventStatus.OPEN


def add_event(tx: Transaction, event: CatastropheEvent, declared_by: str) -> None:
    """Store an event that one person declares.

    Raises:
        ConflictError: its code is taken.
    """
    if find_event(tx, event.code):
        raise ConflictError(f"there is an event {event.code} already", "give it another code, or see: event show " + event.code)
    values = {"code": event.code, "event_json": to_json(event, CatastropheEvent), "declared_by": declared_by, "declared_ms": tx.now_ms()}
    tx.connection.execute(insert(t.catastrophe_event).values(**values))


def find_event(tx: Transaction, code: str, *, lock: bool = False) -> EventRecord | None:
    """Find an event by its code; `lock` lets one transaction at a time change it."""
    statement = select(t.catastrophe_event).where(t.catastrophe_event.c.code == code)
    row = tx.connection.execute(statement.with_for_update() if lock else statement).one_or_none()
    return _record(row) if row else None


def get_event(tx: Transaction, code: str, *, lock: bool = False) -> EventRecord:
    """Give an event.

    Raises:
        NotFoundError: there is none of that code.
    """
    found = find_event(tx, code, lock=lock)
    if found is None:
        raise NotFoundError(f"no event {code}", "list them: event list")
    return found


def list_events(tx: Transaction) -> tuple[EventRecord, ...]:
    """List every event, in the order they were declared."""
    e = t.catastrophe_event.c
    return tuple(map(_record, tx.connection.execute(select(t.catastrophe_event).order_by(e.declared_ms, e.code))))


_OPEN = (
    select(t.catastrophe_event)
    .where(t.catastrophe_event.c.approved_ms.is_not(None), t.catastrophe_event.c.closed_ms.is_(None))
    .order_by(t.catastrophe_event.c.declared_ms, t.catastrophe_event.c.code)
)


def open_events(tx: Transaction) -> tuple[CatastropheEvent, ...]:
    """List the events that claims may belong to now, in the order they were declared."""
    return tx.once(("open events",), lambda: tuple(_record(row).event for row in tx.find_bare(_OPEN)))


def sign_approval(tx: Transaction, code: str, approved_by: str) -> None:
    """Write who approved an event; the database itself refuses whoever declared it."""
    _sign(tx, code, approved_by=approved_by, approved_ms=tx.now_ms())


def sign_closing(tx: Transaction, code: str, closed_by: str, sha256: str, report_json: str) -> None:
    """Write who closed an event, with the report of it; no report is ever changed."""
    _sign(tx, code, closed_by=closed_by, closed_ms=tx.now_ms())
    tx.connection.execute(insert(t.event_report).values(code=code, sha256=sha256, report_json=report_json, written_ms=tx.now_ms()))


def _sign(tx: Transaction, code: str, **values: object) -> None:
    tx.connection.execute(update(t.catastrophe_event).where(t.catastrophe_event.c.code == code).values(**values))


def find_report(tx: Transaction, code: str) -> tuple[str, str] | None:
    """Give the report of a closed event, hash and text; None while it is open."""
    r = t.event_report.c
    row = tx.connection.execute(select(r.sha256, r.report_json).where(r.code == code)).one_or_none()
    return (row.sha256, row.report_json) if row else None


def _record(row: Row[Any]) -> EventRecord:
    columns = dict(row._mapping)
    columns.pop("code")
    return EventRecord(from_json(columns.pop("event_json"), CatastropheEvent), **columns)


def insureds_after(tx: Transaction, event: CatastropheEvent, person_id: str, limit: int) -> tuple[str, ...]:
    """List insureds who live in the area and have a policy in force on a day of the period, by id, those after `person_id`."""
    p, o = t.person.c, t.policy.c
    in_area = or_(false(), *(p.region_code.startswith(each, autoescape=True) for each in event.area.regions))
    covered = [o.insured_id == p.person_id, o.effective_from <= event.period_to, o.effective_to >= event.period_from]
    if event.products:
        covered.append(o.product.in_(event.products))
    found = select(p.person_id).where(p.person_id > person_id, in_area, select(o.policy_number).where(*covered).exists())
    return tuple(tx.connection.execute(found.order_by(p.person_id).limit(limit)).scalars())


def lock_people(tx: Transaction, person_ids: Sequence[str]) -> None:
    """Let one transaction at a time bring claims of these insureds to an event; other work on them goes on."""
    tx.connection.execute(_LOCK_PEOPLE, {"of_people": list(person_ids)})


_LOCK_PEOPLE = (
    select(t.person.c.person_id)
    .where(t.person.c.person_id.in_(bindparam("of_people", expanding=True)))
    .order_by(t.person.c.person_id)
    .with_for_update(key_share=True)
)


def covering(tx: Transaction, event: CatastropheEvent, person_ids: Sequence[str]) -> tuple[Policy, ...]:
    """List the policies of insureds that are in force on a day of an event's period, by number."""
    o = t.policy.c
    wanted = [o.insured_id.in_(person_ids), o.effective_from <= event.period_to, o.effective_to >= event.period_from]
    return policies_where(tx, *wanted, *([o.product.in_(event.products)] if event.products else []))


def count_without_region(tx: Transaction, event: CatastropheEvent) -> int:
    """Count the insureds whom the area cannot find because nobody knows where they live; they have a policy in force in the period."""
    p, o = t.person.c, t.policy.c
    covered = select(o.policy_number).where(
        o.insured_id == p.person_id, o.effective_from <= event.period_to, o.effective_to >= event.period_from
    )
    return int(tx.connection.execute(select(func.count()).where(p.region_code == "", covered.exists())).scalar_one())


def undecided_after(tx: Transaction, event: CatastropheEvent, claim_id: str, limit: int) -> tuple[tuple[str, str], ...]:
    """List claims of no event that were never decided, with a loss in the period, as claim and region of the insured, after `claim_id`."""
    c = t.claim.c
    wanted = (c.claim_id > claim_id, c.event_code.is_(None), c.round == 1, c.state.in_(_UNDECIDED))
    found = select(c.claim_id, t.person.c.region_code).join(t.person, t.person.c.person_id == c.insured_id)
    found = found.where(*wanted, c.loss_date >= event.period_from, c.loss_date <= event.period_to)
    return tuple((row.claim_id, row.region_code) for row in tx.connection.execute(found.order_by(c.claim_id).limit(limit)))


_UNDECIDED = (
    ClaimState.REPORTED,
    ClaimState.SUBMITTED,
    ClaimState.READING,
    ClaimState.NEEDS_SUPPLEMENT,
    ClaimState.IN_REVIEW,
    ClaimState.IN_INVESTIGATION,
)


def insureds_with_claim(tx: Transaction, code: str, person_ids: Sequence[str]) -> frozenset[str]:
    """Tell which of these insureds have a claim of an event already."""
    c = t.claim.c
    return frozenset(tx.connection.execute(select(c.insured_id).where(c.event_code == code, c.insured_id.in_(person_ids))).scalars())


# Asked for every claim that comes in: building a statement anew would cost more than running it.
_WAITING = (
    select(t.claim.c.claim_id)
    .where(
        t.claim.c.insured_id == bindparam("of_insured"),
        t.claim.c.event_code.is_not(None),
        t.claim.c.state.in_((ClaimState.REPORTED, ClaimState.NEEDS_SUPPLEMENT)),
        t.claim.c.round == 1,
    )
    .order_by(t.claim.c.created_ms, t.claim.c.claim_id)
)
_JOINED = select(t.joined_report.c.claim_id, t.joined_report.c.request_hash).where(
    t.joined_report.c.channel == bindparam("by_channel"), t.joined_report.c.external_ref == bindparam("by_ref")
)
_IS_KNOWN = union_all(
    *(select(each.c.claim_id).where(each.c.channel == bindparam("by_channel"), each.c.external_ref == bindparam("by_ref"))
      for each in (t.claim, t.joined_report))
)  # fmt: skip


def waiting_claims(tx: Transaction, insured_id: str) -> tuple[str, ...]:
    """List an insured's claims of events that wait for papers, the oldest first."""
    return tuple(tx.connection.execute(_WAITING, {"of_insured": insured_id}).scalars())


def is_known(tx: Transaction, channel: Channel, external_ref: str) -> bool:
    """Tell in one look whether a channel's number has made a claim, or was joined to one."""
    return bool(tx.find_bare(_IS_KNOWN, {"by_channel": channel, "by_ref": external_ref}))


def add_joined(tx: Transaction, channel: Channel, external_ref: str, claim_id: str, request_hash: str) -> bool:
    """Remember that a channel's number leads to a claim that was there before; False when it leads to one already."""
    row = {"channel": channel, "external_ref": external_ref, "claim_id": claim_id, "request_hash": request_hash, "joined_ms": tx.now_ms()}
    dialect_insert = sqlite_insert if tx.connection.dialect.name == "sqlite" else postgres_insert
    statement = dialect_insert(t.joined_report).values(**row).on_conflict_do_nothing(index_elements=["channel", "external_ref"])
    return tx.connection.execute(statement.returning(t.joined_report.c.claim_id)).one_or_none() is not None


def find_joined(tx: Transaction, channel: Channel, external_ref: str) -> tuple[str, str] | None:
    """Find the claim that a channel's number was joined to, with the hash of what was sent; None when it was not."""
    row = tx.connection.execute(_JOINED, {"by_channel": channel, "by_ref": external_ref}).one_or_none()
    return (row.claim_id, row.request_hash) if row else None


def claims_of_event(tx: Transaction, code: str) -> tuple[Row[Any], ...]:
    """List an event's claims, oldest first: claim_id, state, channel, loss_date, policy_numbers_json."""
    c = t.claim.c
    found = select(c.claim_id, c.state, c.channel, c.loss_date, c.policy_numbers_json).where(c.event_code == code)
    return tuple(tx.connection.execute(found.order_by(c.created_ms, c.claim_id)))


@dataclass(frozen=True)
class DaySums:
    """What the ledger says of an event's claims under one product, booked on one day in China, all in fen."""

    day: int  # days since 1970 in China
    product: str
    decided_fen: int  # claims expense, less what later decisions took back
    paid_fen: int  # what left the bank, less what came back
    recoverable_fen: int  # paid, and by a later decision not owed
    written_off_fen: int  # of that, given up
    offset_fen: int  # given by setting off what another claim owed, less what was set off against these claims' own debts


def sum_ledger(tx: Transaction, code: str) -> tuple[DaySums, ...]:
    """Sum the ledger of an event's claims by day and product."""
    e = t.ledger_entry.c
    day = ((e.booked_ms + literal(_CHINA_MS)) // literal(_DAY_MS)).label("day")
    decided, paid = _net(Account.CLAIMS_EXPENSE, 1).label("decided"), _net(Account.BANK, -1).label("paid")
    owed_back, given_up = _net(Account.CLAIMS_RECOVERABLE, 1).label("back"), _net(Account.CLAIMS_WRITTEN_OFF, 1).label("given_up")
    set_off = _net(Account.CLAIMS_OFFSET, -1).label("set_off")
    product = t.policy.c.product
    summed = (
        select(day, product, decided, paid, owed_back, given_up, set_off)
        .join(t.claim, t.claim.c.claim_id == e.claim_id)
        .join(t.policy, t.policy.c.policy_number == e.policy_number)
        .where(t.claim.c.event_code == code)
        .group_by(day, product)
        .order_by(day, product)
    )
    return tuple(
        DaySums(int(day), product, *(int(fen) for fen in sums))
        for day, product, *sums in tx.connection.execute(summed)  # in their order
    )


def _net(account: Account, sign: int) -> ColumnElement[Any]:
    e = t.ledger_entry.c
    return func.sum(case((e.debit_account == account, sign * e.amount_fen), (e.credit_account == account, -sign * e.amount_fen), else_=0))


@dataclass(frozen=True)
class ClockSums:
    """How an event's promises of one kind were kept: in time, late or not yet and overdue, still running in time."""

    kind: str
    kept: int
    missed: int
    running: int


def sum_clocks(tx: Transaction, code: str, kinds: Sequence[str]) -> tuple[ClockSums, ...]:
    """Count how the clocks of an event's claims were kept, by kind; one that stands still is running."""
    k, now = t.clock.c, tx.now_ms()
    is_overdue = and_(k.paused_ms.is_(None), k.due_ms <= now)
    late = or_(k.met_ms > k.due_ms, and_(k.met_ms.is_(None), or_(is_overdue, k.breached_ms.is_not(None))))
    kept = k.met_ms <= k.due_ms
    summed = (
        select(k.kind, func.count().label("all"), func.count().filter(kept).label("kept"), func.count().filter(late).label("late"))
        .join(t.claim, t.claim.c.claim_id == k.claim_id)
        .where(t.claim.c.event_code == code, k.kind.in_(kinds))
        .group_by(k.kind)
        .order_by(k.kind)
    )
    rows = [row._mapping for row in tx.connection.execute(summed)]
    return tuple(ClockSums(row["kind"], row["kept"], row["late"], row["all"] - row["kept"] - row["late"]) for row in rows)
