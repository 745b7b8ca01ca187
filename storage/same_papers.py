"""Looks a claim's paper up among the papers of all other claims: the surest likeness first, and never more than a handful."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select, true

from domain.states import ClaimState
from storage import tables as t
from storage.database import Transaction
from storage.documents import DocumentRecord, find_document
from storage.look_parts import NEAR_BITS, bits_apart, probes_of
from storage.paper_marks import Marks, marks_of

_MOST = 20  # papers of one likeness: who sees twenty needs no more to know


class Likeness(StrEnum):
    """In what two papers are alike; the surest first."""

    NUMBER = "number"  # 票据代码 and 票据号码
    BILL = "bill"  # payer, day and total
    FILE = "file"  # the very bytes
    LOOK = "look"  # a re-encoded copy, or another paper of the same form: to be confirmed by what was read


@dataclass(frozen=True)
class SamePaper:
    """A paper of another claim that is like ours; `bits` tells how far apart two looks are, 0 for the other likenesses."""

    likeness: Likeness
    bits: int
    document: DocumentRecord
    claim_state: ClaimState
    insured_id: str


def find_same(tx: Transaction, record: DocumentRecord) -> Iterator[SamePaper]:
    """Look for a paper on all other claims. What was read of two papers that bill or look alike may still tell them apart."""
    marks = (marks_of(record.read, tx.cipher) if record.read else None) or Marks()
    if marks.number_index:
        yield from _found(tx, Likeness.NUMBER, _marked(record).where(t.paper_mark.c.number_index == marks.number_index))
    if marks.bill_index:
        yield from _found(tx, Likeness.BILL, _marked(record).where(t.paper_mark.c.bill_index == marks.bill_index))
    yield from _found(tx, Likeness.FILE, _of_others(record).where(t.document.c.sha256 == record.sha256))
    if marks.look:
        yield from _near(tx, record, marks)


def _near(tx: Transaction, record: DocumentRecord, marks: Marks) -> Iterator[SamePaper]:
    """Give the nearest looks; papers of one form crowd together, so that those of another name or number are left out at once."""
    rows = tx.connection.execute(
        _marked(record, t.paper_mark.c.look)
        .where(_may_equal(t.paper_mark.c.number_index, marks.number_index), _may_equal(t.paper_mark.c.name_index, marks.name_index))
        .where(t.document.c.document_id.in_(select(t.look_part.c.document_id).where(t.look_part.c.part.in_(probes_of(marks.look)))))
    )
    near = sorted((bits_apart(row.look, marks.look), row.received_ms, row.document_id, row) for row in rows)
    for bits, _, document_id, row in near[:_MOST]:
        if bits <= NEAR_BITS:
            yield _same(tx, Likeness.LOOK, bits, document_id, row)


def _of_others(record: DocumentRecord, *more: ColumnElement[Any]) -> Select[Any]:
    """Choose the papers of the same class on other claims."""
    d, c = t.document.c, t.claim.c
    return (
        select(d.document_id, d.received_ms, c.state.label("claim_state"), c.insured_id, *more)
        .join(t.claim, c.claim_id == d.claim_id)
        .where(d.claim_id != record.claim_id, d.document_class == record.document_class)
    )


def _marked(record: DocumentRecord, *more: ColumnElement[Any]) -> Select[Any]:
    return _of_others(record, *more).join(t.paper_mark, t.paper_mark.c.document_id == t.document.c.document_id)


def _may_equal(column: ColumnElement[str], value: str) -> ColumnElement[bool]:
    return or_(column == "", column == value) if value else true()


def _found(tx: Transaction, likeness: Likeness, chosen: Select[Any]) -> Iterator[SamePaper]:
    for row in tx.connection.execute(chosen.order_by(t.document.c.received_ms.desc()).limit(_MOST)).all():
        yield _same(tx, likeness, 0, row.document_id, row)


def _same(tx: Transaction, likeness: Likeness, bits: int, document_id: str, row: Row[Any]) -> SamePaper:
    document = find_document(tx, document_id)
    if document is None:
        raise LookupError(document_id)  # it was found a moment ago in the same transaction, and no document is ever deleted
    return SamePaper(likeness, bits, document, ClaimState(row.claim_state), row.insured_id)
