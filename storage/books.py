"""The books of claims (账册): for each claim its ledger entries, decisions, orders and used limits, page by page."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select

from domain.states import ClaimState
from storage import tables as t
from storage.database import Transaction
from storage.decisions import Decision, decision_of
from storage.ledger import LedgerEntry
from storage.payouts import PayoutRecord, payouts_of_many
from storage.recoveries import ArrangedOffset, Receipt, WriteOff, offsets_of, receipts_of, write_offs_of


@dataclass(frozen=True)
class ClaimBooks:
    """One claim as the books tell it; `using_rounds` are the rounds whose uses of limits count."""

    claim_id: str
    state: ClaimState
    entries: tuple[LedgerEntry, ...]
    decisions: tuple[Decision, ...]
    payouts: tuple[PayoutRecord, ...]
    using_rounds: frozenset[int]
    receipts: tuple[Receipt, ...] = ()
    write_offs: tuple[WriteOff, ...] = ()  # those that are booked
    offsets: tuple[ArrangedOffset, ...] = ()  # as the claim that is paid, or the one that owes
    hospital: str = ""  # the name of the hospital whose bill the claim is


def claim_ids(tx: Transaction, after: str, limit: int) -> tuple[str, ...]:
    """List the next claims after one, in the order of their numbers."""
    c = t.claim.c
    return tuple(tx.connection.execute(select(c.claim_id).where(c.claim_id > after).order_by(c.claim_id).limit(limit)).scalars())


def read_books(tx: Transaction, after: str, limit: int) -> tuple[ClaimBooks, ...]:
    """Read the next claims after one, in the order of their numbers."""
    c = t.claim.c
    claims = tx.connection.execute(
        select(c.claim_id, c.state, c.reporter_name, c.settlement_enc.is_not(None).label("is_bill"))
        .where(c.claim_id > after)
        .order_by(c.claim_id)
        .limit(limit)
    ).all()
    ids = [row.claim_id for row in claims]
    entries: defaultdict[str, list[LedgerEntry]] = defaultdict(list)
    decisions: defaultdict[str, list[Decision]] = defaultdict(list)
    rounds: defaultdict[str, set[int]] = defaultdict(set)
    e, d, a = t.ledger_entry.c, t.decision.c, t.accumulator_use.c
    for row in tx.connection.execute(select(t.ledger_entry).where(e.claim_id.in_(ids)).order_by(e.entry_id)):
        entries[row.claim_id].append(LedgerEntry(**row._mapping))
    for row in tx.connection.execute(select(t.decision).where(d.claim_id.in_(ids)).order_by(d.round)):
        decisions[row.claim_id].append(decision_of(row))
    using = select(a.claim_id, a.round).where(a.claim_id.in_(ids), a.superseded_by.is_(None)).distinct()
    for row in tx.connection.execute(using):
        rounds[row.claim_id].add(row.round)
    orders = payouts_of_many(tx, ids)
    receipts, offsets = receipts_of(tx, ids), offsets_of(tx, ids)
    write_offs = [each for each in write_offs_of(tx, ids) if each.booked_ms is not None]
    return tuple(
        ClaimBooks(
            row.claim_id,
            ClaimState(row.state),
            tuple(entries[row.claim_id]),
            tuple(decisions[row.claim_id]),
            orders.get(row.claim_id, ()),
            frozenset(rounds[row.claim_id]),
            tuple(each for each in receipts if each.claim_id == row.claim_id),
            tuple(each for each in write_offs if each.claim_id == row.claim_id),
            tuple(each for each in offsets if row.claim_id in (each.claim_id, each.owing_claim_id)),
            row.reporter_name if row.is_bill else "",
        )
        for row in claims
    )
