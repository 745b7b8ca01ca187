"""Getting back what was paid too much (追偿): receipts, write-offs and arranged offsets, each beside the ledger's entries of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage import tables as t
from storage.database import Transaction


@dataclass(frozen=True)
class Receipt:
    """Money that came in, by the bank's own number; `day` is that of the statement that tells it."""

    bank_reference: str
    claim_id: str
    amount_fen: int
    day: date
    actor: str


@dataclass(frozen=True)
class WriteOff:
    """A receivable that somebody wants to give up, or that was: `booked_ms` None waits for a second person."""

    claim_id: str
    number: int
    amount_fen: int
    proposed_by: str
    proposed_ms: int
    signed_by: str | None
    booked_ms: int | None


@dataclass(frozen=True)
class ArrangedOffset:
    """What the payout of a claim's round is made smaller by, at most, because another claim owes it."""

    claim_id: str
    round: int
    owing_claim_id: str
    amount_fen: int
    arranged_by: str


def add_receipt(tx: Transaction, receipt: Receipt) -> bool:
    """Keep a receipt; False when its number stands there already."""
    insert_ = sqlite_insert if tx.connection.dialect.name == "sqlite" else postgres_insert
    row = insert_(t.receipt).values(**vars(receipt), booked_ms=tx.now_ms())
    kept = row.on_conflict_do_nothing(index_elements=["bank_reference"]).returning(t.receipt.c.bank_reference)
    return tx.connection.execute(kept).one_or_none() is not None


def find_receipt(tx: Transaction, bank_reference: str) -> Receipt | None:
    """Give the receipt of a bank's number, or None."""
    found = tx.connection.execute(select(t.receipt).where(t.receipt.c.bank_reference == bank_reference)).one_or_none()
    return _receipt(found) if found else None


def receipts_of(tx: Transaction, claim_ids: Sequence[str]) -> tuple[Receipt, ...]:
    """List what came in on some claims."""
    r = t.receipt.c
    rows = tx.connection.execute(select(t.receipt).where(r.claim_id.in_(claim_ids)).order_by(r.booked_ms, r.bank_reference))
    return tuple(map(_receipt, rows))


def receipts_on(tx: Transaction, day: date) -> tuple[Receipt, ...]:
    """List what came in on a day."""
    rows = tx.connection.execute(select(t.receipt).where(t.receipt.c.day == day).order_by(t.receipt.c.bank_reference))
    return tuple(map(_receipt, rows))


def write_offs_of(tx: Transaction, claim_ids: Sequence[str]) -> tuple[WriteOff, ...]:
    """List the write-offs of some claims, claim by claim in their order, also one that waits."""
    rows = tx.find(_WRITE_OFFS, {"of_claims": list(claim_ids)}) if claim_ids else ()
    return tuple(WriteOff(**row._mapping) for row in rows)


_WRITE_OFFS = (
    select(t.write_off)
    .where(t.write_off.c.claim_id.in_(bindparam("of_claims", expanding=True)))
    .order_by(t.write_off.c.claim_id, t.write_off.c.number)
)


def propose_write_off(tx: Transaction, claim_id: str, amount_fen: int, staff_name: str) -> WriteOff:
    """Keep a write-off that is not booked; one that waits already is replaced. The claim is locked."""
    w = t.write_off.c
    tx.connection.execute(delete(t.write_off).where(w.claim_id == claim_id, w.booked_ms.is_(None)))
    last = tx.connection.execute(select(func.max(w.number)).where(w.claim_id == claim_id)).scalar_one() or 0
    made = WriteOff(claim_id, last + 1, amount_fen, staff_name, tx.now_ms(), None, None)
    tx.connection.execute(insert(t.write_off).values(**vars(made)))
    return made


def note_booked(tx: Transaction, made: WriteOff, signed_by: str | None) -> None:
    """Write that a write-off is booked, and who signed it beside the one who proposed it."""
    w = t.write_off.c
    it = (w.claim_id == made.claim_id, w.number == made.number)
    tx.connection.execute(update(t.write_off).where(*it).values(signed_by=signed_by, booked_ms=tx.now_ms()))


def arrange_offset(tx: Transaction, made: ArrangedOffset) -> None:
    """Keep an offset for a round of a claim, in place of one that was arranged before."""
    drop_offset(tx, made.claim_id, made.round)
    tx.connection.execute(insert(t.offset_arranged).values(**vars(made), arranged_ms=tx.now_ms()))


def drop_offset(tx: Transaction, claim_id: str, round_: int) -> bool:
    """Call an offset off; False when none was arranged."""
    o = t.offset_arranged.c
    dropped = delete(t.offset_arranged).where(o.claim_id == claim_id, o.round == round_).returning(o.claim_id)
    return tx.connection.execute(dropped).one_or_none() is not None


def find_offset(tx: Transaction, claim_id: str, round_: int) -> ArrangedOffset | None:
    """Give the offset of a claim's round, or None."""
    found = next(iter(tx.find(_OFFSET, {"of_claim": claim_id, "of_round": round_})), None)
    return ArrangedOffset(**found._mapping) if found else None


def offsets_of(tx: Transaction, claim_ids: Sequence[str]) -> tuple[ArrangedOffset, ...]:
    """List the offsets that some claims are part of, on either side."""
    o = t.offset_arranged.c
    rows = tx.connection.execute(_OFFSETS.where(o.claim_id.in_(claim_ids) | o.owing_claim_id.in_(claim_ids)))
    return tuple(ArrangedOffset(**row._mapping) for row in rows)


_OFFSETS = select(*(column for column in t.offset_arranged.c if column.name != "arranged_ms"))
_OFFSET = _OFFSETS.where(t.offset_arranged.c.claim_id == bindparam("of_claim"), t.offset_arranged.c.round == bindparam("of_round"))


def _receipt(row: object) -> Receipt:
    values = dict(row._mapping)  # type: ignore[attr-defined]  # a row of `receipt`
    values.pop("booked_ms")
    return Receipt(**values)
