"""Claims: written once when they come in, then moved from state to state, each move checked and put on the audit chain."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain.claim import Channel, LossCause, Payee
from domain.decision import Actor
from domain.errors import NotFoundError
from domain.risk import EntityKind
from domain.states import CLAIM_MOVES, ClaimState, check_move
from storage import audit, entities, held, webhooks
from storage import tables as t
from storage.database import HeldClaim, Transaction

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
_FIND_SEVERAL = select(t.claim).where(t.claim.c.claim_id.in_(bindparam("of_claims", expanding=True)))
_BY_KEY = select(t.claim).where(t.claim.c.channel == bindparam("channel"), t.claim.c.external_ref == bindparam("external_ref"))
_ADD = insert(t.claim)
_NEW = {new: new(t.claim).on_conflict_do_nothing(index_elements=["channel", "external_ref"]).returning(t.claim.c.claim_id)
        for new in (sqlite_insert, postgres_insert)}  # fmt: skip


def add_claim(tx: Transaction, new: NewClaim, actor: Actor) -> bool:
    """Store a new claim and begin its audit chain; False when its channel's number is taken already."""
    row, first = _begun(tx, new, actor)
    if tx.connection.execute(_NEW[sqlite_insert if tx.is_sqlite else postgres_insert], row).one_or_none() is None:
        return False
    tx.held[new.claim_id] = HeldClaim({**row, "erased_ms": None})
    _remember(tx, row, row)
    audit.add_first(tx, first)
    return True


def add_new_claim(tx: Transaction, new: NewClaim, actor: Actor) -> None:
    """Store a new claim as `add_claim` does, with others at the end of the transaction; there a number that is taken undoes them all."""
    row, first = _begun(tx, new, actor)
    tx.later(new.claim_id, _ADD, row)
    tx.held[new.claim_id] = HeldClaim({**row, "erased_ms": None})
    _remember(tx, row, row)
    audit.add_first(tx, first)


def _begun(tx: Transaction, new: NewClaim, actor: Actor) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the row of a new claim, and the first entry of its audit chain."""
    now = tx.now_ms()
    row = {
        "claim_id": new.claim_id,
        "channel": str(new.channel),
        "external_ref": new.external_ref,
        "request_hash": new.request_hash,
        "state": str(new.state),
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
        "event_code": new.event_code,
    }
    told = {"state": new.state, "channel": new.channel, "request_hash": new.request_hash}
    return row, audit.begin(tx, row, actor, "claim.received", told)


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
    _remember(tx, held.held_claim(tx, claim_id).row, values)


def add_to_report(tx: Transaction, claim_id: str, told: NewClaim) -> None:
    """Write what another report of the same loss tells into a claim, as far as it does not know it; its words stand below the others."""
    known = get_claim(tx, claim_id)
    values: dict[str, Any] = {"loss_cause": told.loss_cause} if told.loss_cause and not known.loss_cause else {}
    if told.narrative and told.narrative not in known.narrative:
        values["narrative"] = f"{known.narrative}\n{told.narrative}".strip()
    values |= _reporter(tx, told) if told.reporter_phone and not known.reporter_phone else {}
    values |= _payee(tx, told.payee) if told.payee and not known.payee else {}
    _change(tx, claim_id, values)


def _remember(tx: Transaction, row: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    """Let what is told anew be known as the insured's from now on; an account that a hospital is paid to is nobody's."""
    account = "" if row["settlement_enc"] else told.get("payee_account_index", "")
    phone, device = told.get("reporter_phone_index", ""), told.get("device_index", "")
    entities.remember(tx, row["insured_id"], {EntityKind.PHONE: phone, EntityKind.ACCOUNT: account, EntityKind.DEVICE: device})


def join_event(tx: Transaction, claim_id: str, event_code: str, actor: Actor) -> None:
    """Write which catastrophe a claim belongs to."""
    _change(tx, claim_id, {"event_code": event_code})
    audit.append(tx, claim_id, actor, "event.joined", {"event": event_code})


def find_by_key(tx: Transaction, channel: Channel, external_ref: str) -> ClaimRecord | None:
    """Find a claim by the number its channel gave it."""
    row = tx.connection.execute(_BY_KEY, {"channel": channel, "external_ref": external_ref}).one_or_none()
    return _record(tx, row._mapping) if row else None


def get_claim(tx: Transaction, claim_id: str, *, lock: bool = False) -> ClaimRecord:
    """Give a claim; `lock` keeps other transactions from changing it until commit.

    Raises:
        NotFoundError: no claim of that id.
    """
    if lock:
        held.hold(tx, (claim_id,))
    if mine := tx.held.get(claim_id):
        mine.record = mine.record or _record(tx, mine.row)
        record: ClaimRecord = mine.record
        return record
    row = next(iter(tx.find_bare(_FIND, {"of_claim": claim_id})), None)
    if row is None:
        raise NotFoundError(f"no claim {claim_id}", "look the number up in the queue, or in the answer to the submission")
    return _record(tx, row._mapping)


def find_claims(tx: Transaction, claim_ids: Sequence[str]) -> tuple[ClaimRecord, ...]:
    """Give several claims, in no order; ids of no claim are passed over."""
    return tuple(_record(tx, row._mapping) for row in tx.find_bare(_FIND_SEVERAL, {"of_claims": list(claim_ids)}))


def claims_of(
    tx: Transaction, person_id: str, limit: int | None = None, *, after: tuple[int, str] | None = None
) -> tuple[ClaimRecord, ...]:
    """List the claims of an insured, newest first; at most `limit` of them, those after a claim's (created_ms, claim_id)."""
    c = t.claim.c
    statement = select(t.claim).where(c.insured_id == person_id).order_by(c.created_ms.desc(), c.claim_id).limit(limit)
    if after:
        created_ms, claim_id = after
        statement = statement.where((c.created_ms < created_ms) | ((c.created_ms == created_ms) & (c.claim_id > claim_id)))
    return tuple(_record(tx, row._mapping) for row in tx.connection.execute(statement))


def claims_elsewhere(tx: Transaction, person_id: str, channel: Channel) -> tuple[ClaimRecord, ...]:
    """List the claims of an insured that came by other channels and stand, the oldest first; those we reported ourselves are left out."""
    found = tx.connection.execute(_ELSEWHERE, {"of_insured": person_id, "but_channel": channel}).scalars().all()
    return tuple(sorted(find_claims(tx, found), key=lambda each: (each.created_ms, each.claim_id))) if found else ()


def standing_of(tx: Transaction, person_ids: Sequence[str]) -> dict[str, set[tuple[str, str | None]]]:
    """Tell for several insureds by which channels the claims came that they have, and of which catastrophes they are."""
    found: dict[str, set[tuple[str, str | None]]] = {}
    for insured_id, channel, event_code in tx.find(_STANDING, {"of_insureds": list(person_ids)}) if person_ids else ():
        found.setdefault(insured_id, set()).add((channel, event_code))
    return found


# Asked for every claim that comes in: most insureds have none, and then nothing is decrypted.
_STANDS = t.claim.c.state.not_in((ClaimState.WITHDRAWN, ClaimState.DUPLICATE))
_ELSEWHERE = select(t.claim.c.claim_id).where(
    t.claim.c.insured_id == bindparam("of_insured"),
    t.claim.c.channel != bindparam("but_channel"),
    t.claim.c.channel != Channel.EVENT,
    _STANDS,
)
_STANDING = (
    select(t.claim.c.insured_id, t.claim.c.channel, t.claim.c.event_code)
    .where(t.claim.c.insured_id.in_(bindparam("of_insureds", expanding=True)), _STANDS)
    .distinct()
)


def move(tx: Transaction, claim_id: str, to: ClaimState, actor: Actor, detail: dict[str, Any] | None = None) -> None:
    """Move a claim to another state, if the state machine has the move.

    Raises:
        IllegalTransitionError: it has not.
        NotFoundError: no claim of that id.
    """
    before = ClaimState(held.held_claim(tx, claim_id).row["state"])
    check_move(CLAIM_MOVES, before, to, f"claim {claim_id}")
    _change(tx, claim_id, {"state": str(to)})
    audit.append(tx, claim_id, actor, "claim.moved", {"from": before, "to": to, **(detail or {})})
    webhooks.announce(tx, held.held_claim(tx, claim_id).row, before, to)


def note_facts(tx: Transaction, claim_id: str, **facts: Any) -> None:
    """Fill in what was learnt after the report: `loss_date`, `loss_cause` or `hospital_id`; without any, only the version rises.

    Raises:
        NotFoundError: no claim of that id.
    """
    if others := facts.keys() - _LEARNT_LATER:
        raise TypeError(f"note_facts() does not write {', '.join(sorted(others))}: states move by move(), payees by set_payee()")
    _change(tx, claim_id, facts)


def _change(tx: Transaction, claim_id: str, values: dict[str, Any]) -> None:
    version = held.held_claim(tx, claim_id).row["version"] + 1
    held.change(tx, claim_id, {**values, "version": version, "updated_ms": tx.now_ms()})


def begin_round(tx: Transaction, claim_id: str) -> None:
    """Begin a new round of a claim that is to be decided anew; what belongs to the earlier ones stays."""
    _change(tx, claim_id, {"round": held.held_claim(tx, claim_id).row["round"] + 1, "stake_fen": 0, "worth_fen": None})


def set_payee(tx: Transaction, claim_id: str, payee: Payee) -> None:
    """Write where the money of a claim goes."""
    values = _payee(tx, payee)
    _change(tx, claim_id, values)
    _remember(tx, held.held_claim(tx, claim_id).row, values)


def count_by_state(tx: Transaction) -> dict[ClaimState, int]:
    """Count claims by state; states without a claim are left out."""
    rows = tx.connection.execute(select(t.claim.c.state, func.count()).group_by(t.claim.c.state))
    return {ClaimState(state): count for state, count in rows}


def _record(tx: Transaction, row: Mapping[Any, Any]) -> ClaimRecord:
    account = tx.cipher.decrypt(row["payee_account_enc"])
    return ClaimRecord(
        claim_id=row["claim_id"],
        channel=Channel(row["channel"]),
        external_ref=row["external_ref"],
        request_hash=row["request_hash"],
        state=ClaimState(row["state"]),
        round=row["round"],
        version=row["version"],
        insured_id=row["insured_id"],
        policy_numbers=tuple(json.loads(row["policy_numbers_json"])),
        loss_date=row["loss_date"],
        loss_cause=LossCause(row["loss_cause"]) if row["loss_cause"] else None,
        narrative=row["narrative"],
        reporter_name=row["reporter_name"],
        reporter_phone=tx.cipher.decrypt(row["reporter_phone_enc"]),
        payee=Payee(row["payee_holder"], account, row["payee_bank"]) if account else None,
        reporter_phone_index=row["reporter_phone_index"],
        payee_account_index=row["payee_account_index"],
        device_index=row["device_index"],
        hospital_id=row["hospital_id"],
        settlement_json=tx.cipher.decrypt(row["settlement_enc"]) if row["settlement_enc"] else None,
        created_ms=row["created_ms"],
        updated_ms=row["updated_ms"],
        event_code=row["event_code"],
    )
