"""Claims: written once when they come in, then moved from state to state, each move checked and put on the audit chain."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain.claim import Channel, LossCause, Payee
from domain.decision import Actor
from domain.errors import NotFoundError, StaleVersionError
from domain.states import CLAIM_MOVES, ClaimState, check_move
from storage import audit
from storage import tables as t
from storage.database import Transaction

_LEARNT_LATER = {"loss_date", "loss_cause", "hospital_id"}


@dataclass(frozen=True)
class NewClaim:
    """A claim that was understood and is about to be stored."""

    claim_id: str
    channel: Channel
    external_ref: str
    request_hash: str
    state: ClaimState
    insured_id: str
    policy_numbers: tuple[str, ...]
    loss_date: date | None
    loss_cause: LossCause | None
    narrative: str
    reporter_name: str
    reporter_phone: str
    payee: Payee | None
    device_id: str
    hospital_id: str | None = None
    settlement_json: str | None = None
    event_code: str | None = None


@dataclass(frozen=True)
class ClaimRecord:
    """A stored claim, its encrypted fields opened."""

    claim_id: str
    channel: Channel
    external_ref: str
    request_hash: str
    state: ClaimState
    round: int
    version: int
    insured_id: str
    policy_numbers: tuple[str, ...]
    loss_date: date | None
    loss_cause: LossCause | None
    narrative: str
    reporter_name: str
    reporter_phone: str
    payee: Payee | None
    reporter_phone_index: str
    payee_account_index: str
    device_index: str
    hospital_id: str | None
    settlement_json: str | None
    created_ms: int
    updated_ms: int
    event_code: str | None = None  # of the catastrophe it belongs to


# Written once: building a statement anew for every claim costs more than running it.
_OF_CLAIM = t.claim.c.claim_id == bindparam("of_claim")
_FIND = select(t.claim).where(_OF_CLAIM)
_LOCK = _FIND.with_for_update()
_LOCK_STATE = select(t.claim.c.state, t.claim.c.version).where(_OF_CLAIM).with_for_update()
_BY_KEY = select(t.claim).where(t.claim.c.channel == bindparam("channel"), t.claim.c.external_ref == bindparam("external_ref"))
_MOVE = (
    update(t.claim)
    .where(_OF_CLAIM, t.claim.c.version == bindparam("seen"))
    .values(state=bindparam("to"), version=bindparam("seen") + 1, updated_ms=bindparam("now"))
    .returning(t.claim.c.claim_id)
)


def add_claim(tx: Transaction, new: NewClaim, actor: Actor) -> bool:
    """Store a new claim and begin its audit chain; False when its channel's number is taken already."""
    now = tx.now_ms()
    row = {
        "claim_id": new.claim_id,
        "channel": new.channel,
        "external_ref": new.external_ref,
        "request_hash": new.request_hash,
        "state": new.state,
        "round": 1,
        "version": 1,
        "insured_id": new.insured_id,
        **_loss(new),
        **_reporter(tx, new),
        **_payee(tx, new.payee or Payee("", "")),
        "device_index": tx.cipher.index(new.device_id),
        "hospital_id": new.hospital_id,
        "settlement_enc": tx.cipher.encrypt(new.settlement_json) if new.settlement_json else None,
        "created_ms": now,
        "updated_ms": now,
        "audit_seq": 0,
        "audit_hash": audit.GENESIS,
        "event_code": new.event_code,
    }
    insert = sqlite_insert if tx.connection.dialect.name == "sqlite" else postgres_insert
    statement = insert(t.claim).values(**row).on_conflict_do_nothing(index_elements=["channel", "external_ref"])
    if tx.connection.execute(statement.returning(t.claim.c.claim_id)).one_or_none() is None:
        return False
    audit.append(tx, new.claim_id, actor, "claim.received", {"state": new.state, "channel": new.channel, "request_hash": new.request_hash})
    return True


def _loss(new: NewClaim) -> dict[str, Any]:
    policies = {"policy_numbers_json": json.dumps(new.policy_numbers)}
    return policies | {"loss_date": new.loss_date, "loss_cause": new.loss_cause, "narrative": new.narrative}


def _reporter(tx: Transaction, new: NewClaim) -> dict[str, Any]:
    phone = {"reporter_phone_enc": tx.cipher.encrypt(new.reporter_phone), "reporter_phone_index": tx.cipher.index(new.reporter_phone)}
    return {"reporter_name": new.reporter_name} | phone


def _payee(tx: Transaction, payee: Payee) -> dict[str, Any]:
    return {
        "payee_holder": payee.holder,
        "payee_account_enc": tx.cipher.encrypt(payee.account_number),
        "payee_account_index": tx.cipher.index(payee.account_number),
        "payee_bank": payee.bank_name,
    }


def take_report(tx: Transaction, claim_id: str, told: NewClaim) -> None:
    """Write what a later report of the same loss tells into a claim; what it leaves open stays as it was."""
    values = {name: value for name, value in _loss(told).items() if value}
    values |= _reporter(tx, told) if told.reporter_phone else {}
    values |= _payee(tx, told.payee) if told.payee else {}
    values |= {"device_index": tx.cipher.index(told.device_id)} if told.device_id else {}
    _change(tx, claim_id, values)


def join_event(tx: Transaction, claim_id: str, event_code: str, actor: Actor) -> None:
    """Write which catastrophe a claim belongs to."""
    _change(tx, claim_id, {"event_code": event_code})
    audit.append(tx, claim_id, actor, "event.joined", {"event": event_code})


def find_by_key(tx: Transaction, channel: Channel, external_ref: str) -> ClaimRecord | None:
    """Find a claim by the number its channel gave it."""
    row = tx.connection.execute(_BY_KEY, {"channel": channel, "external_ref": external_ref}).one_or_none()
    return _record(tx, row) if row else None


def get_claim(tx: Transaction, claim_id: str, *, lock: bool = False) -> ClaimRecord:
    """Give a claim; `lock` keeps other transactions from changing it until commit.

    Raises:
        NotFoundError: no claim of that id.
    """
    row = tx.connection.execute(_LOCK if lock else _FIND, {"of_claim": claim_id}).one_or_none()
    if row is None:
        raise NotFoundError(f"no claim {claim_id}", "look the number up in the queue, or in the answer to the submission")
    return _record(tx, row)


def claims_of(tx: Transaction, person_id: str) -> tuple[ClaimRecord, ...]:
    """List the claims of an insured, newest first."""
    rows = tx.connection.execute(
        select(t.claim).where(t.claim.c.insured_id == person_id).order_by(t.claim.c.created_ms.desc(), t.claim.c.claim_id)
    )
    return tuple(_record(tx, row) for row in rows)


def move(tx: Transaction, claim_id: str, to: ClaimState, actor: Actor, detail: dict[str, Any] | None = None) -> None:
    """Move a claim to another state, if the state machine has the move.

    Raises:
        IllegalTransitionError: it has not.
        NotFoundError: no claim of that id.
    """
    now_in = tx.connection.execute(_LOCK_STATE, {"of_claim": claim_id}).one_or_none()
    if now_in is None:
        raise NotFoundError(f"no claim {claim_id}")
    check_move(CLAIM_MOVES, ClaimState(now_in.state), to, f"claim {claim_id}")
    moved = {"of_claim": claim_id, "seen": now_in.version, "to": to, "now": tx.now_ms()}
    if tx.connection.execute(_MOVE, moved).one_or_none() is None:
        raise StaleVersionError(f"claim {claim_id} changed while it was being moved to {to}", "try again")
    audit.append(tx, claim_id, actor, "claim.moved", {"from": now_in.state, "to": to, **(detail or {})})


def note_facts(tx: Transaction, claim_id: str, **facts: Any) -> None:
    """Fill in what was learnt after the report: `loss_date`, `loss_cause` or `hospital_id`; without any, only the version rises.

    Raises:
        NotFoundError: no claim of that id.
    """
    if others := facts.keys() - _LEARNT_LATER:
        raise TypeError(f"note_facts() does not write {', '.join(sorted(others))}: states move by move(), payees by set_payee()")
    _change(tx, claim_id, facts)


def _change(tx: Transaction, claim_id: str, values: dict[str, Any]) -> None:
    changed = tx.connection.execute(
        update(t.claim)
        .where(t.claim.c.claim_id == claim_id)
        .values(version=t.claim.c.version + 1, updated_ms=tx.now_ms(), **values)
        .returning(t.claim.c.claim_id)
    ).one_or_none()
    if changed is None:
        raise NotFoundError(f"no claim {claim_id}")


def begin_round(tx: Transaction, claim_id: str) -> None:
    """Begin a new round of a claim that is to be decided anew; what belongs to the earlier ones stays."""
    _change(tx, claim_id, {"round": t.claim.c.round + 1})


def set_payee(tx: Transaction, claim_id: str, payee: Payee) -> None:
    """Write where the money of a claim goes."""
    _change(tx, claim_id, _payee(tx, payee))


def count_by_state(tx: Transaction) -> dict[ClaimState, int]:
    """Count claims by state; states without a claim are left out."""
    rows = tx.connection.execute(select(t.claim.c.state, func.count()).group_by(t.claim.c.state))
    return {ClaimState(state): count for state, count in rows}


def _record(tx: Transaction, row: Row[Any]) -> ClaimRecord:
    account = tx.cipher.decrypt(row.payee_account_enc)
    return ClaimRecord(
        claim_id=row.claim_id,
        channel=Channel(row.channel),
        external_ref=row.external_ref,
        request_hash=row.request_hash,
        state=ClaimState(row.state),
        round=row.round,
        version=row.version,
        insured_id=row.insured_id,
        policy_numbers=tuple(json.loads(row.policy_numbers_json)),
        loss_date=row.loss_date,
        loss_cause=LossCause(row.loss_cause) if row.loss_cause else None,
        narrative=row.narrative,
        reporter_name=row.reporter_name,
        reporter_phone=tx.cipher.decrypt(row.reporter_phone_enc),
        payee=Payee(row.payee_holder, account, row.payee_bank) if account else None,
        reporter_phone_index=row.reporter_phone_index,
        payee_account_index=row.payee_account_index,
        device_index=row.device_index,
        hospital_id=row.hospital_id,
        settlement_json=tx.cipher.decrypt(row.settlement_enc) if row.settlement_enc else None,
        created_ms=row.created_ms,
        updated_ms=row.updated_ms,
        event_code=row.event_code,
    )
