"""Looks a claim's paper up among the papers of all other claims: the surest likeness first, and never more than a handful."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select, true

from domain.states import ClaimState
from storage import tables as t
from storage.database import Transaction
from storage.documents import DocumentRecord, find_document
from storage.heads import among, asked, is_among
from storage.look_parts import NEAR_BITS, bits_apart, probes_of
from storage.paper_marks import Marks, marks_in

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
    marks = marks_in(tx, record.document_id, record.read)
    seen = ("likenesses", record.document_id)
    likely: frozenset[Likeness] = tx.known(seen) if tx.knows(seen) else frozenset(Likeness)
    if marks.number_index and Likeness.NUMBER in likely:
        yield from _found(
            tx, Likeness.NUMBER, _marked(record).where(is_among(t.paper_mark.c.number_index, tx.cipher.same(marks.number_index)))
        )
    if marks.bill_index and Likeness.BILL in likely:
        yield from _found(tx, Likeness.BILL, _marked(record).where(is_among(t.paper_mark.c.bill_index, tx.cipher.same(marks.bill_index))))
    if Likeness.FILE in likely:
        yield from _found(tx, Likeness.FILE, _of_others(record).where(is_among(t.document.c.sha256, (record.sha256,))))
    if marks.look:
        yield from _near(tx, record, marks)


def look_ahead(tx: Transaction, records: Sequence[DocumentRecord]) -> None:
    """Find out in three looks in what many papers can be like any of another claim: most are like none, and are not looked up again."""
    marks = {each.document_id: marks_in(tx, each.document_id, each.read) for each in records}
    numbers = _elsewhere(tx, _NUMBERS, {each.number_index for each in marks.values()})
    bills = _elsewhere(tx, _BILLS, {each.bill_index for each in marks.values()})
    files = _elsewhere(tx, _FILES, {each.sha256 for each in records})
    for each in records:
        mine = marks[each.document_id]
        found = (
            (Likeness.NUMBER, numbers, mine.number_index),
            (Likeness.BILL, bills, mine.bill_index),
            (Likeness.FILE, files, each.sha256),
        )
        likely = {likeness for likeness, claims_of, value in found if claims_of.get(value, set()) - {each.claim_id}}
        tx.learn(("likenesses", each.document_id), frozenset(likely | {Likeness.LOOK}))


def _elsewhere(tx: Transaction, look: Select[Any], values: set[str]) -> dict[str, set[str]]:
    """Tell on which claims each value stands, under whichever key."""
    found: dict[str, set[str]] = {}
    forms = {form: value for value in values - {""} for form in tx.cipher.same(value)}
    for form, claim_id in tx.find(look, asked(forms)) if forms else ():
        found.setdefault(forms[form], set()).add(claim_id)
    return found


def _looking(column: ColumnElement[str], *, is_mark: bool) -> Select[Any]:
    chosen = select(column, t.document.c.claim_id).where(among(column)).distinct()
    joined = t.paper_mark.join(t.document, t.paper_mark.c.document_id == t.document.c.document_id)
    return chosen.select_from(joined) if is_mark else chosen


_NUMBERS, _BILLS = _looking(t.paper_mark.c.number_index, is_mark=True), _looking(t.paper_mark.c.bill_index, is_mark=True)
_FILES = _looking(t.document.c.sha256, is_mark=False)


def _near(tx: Transaction, record: DocumentRecord, marks: Marks) -> Iterator[SamePaper]:
    """Give the nearest looks; papers of one form crowd together, so that those of another name or number are left out at once."""
    rows = tx.connection.execute(
        _marked(record, t.paper_mark.c.look)
        .where(_may_equal(tx, t.paper_mark.c.number_index, marks.number_index), _may_equal(tx, t.paper_mark.c.name_index, marks.name_index))
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


def _may_equal(tx: Transaction, column: ColumnElement[str], value: str) -> ColumnElement[bool]:
    return column.in_(("", *tx.cipher.same(value))) if value else true()


def _found(tx: Transaction, likeness: Likeness, chosen: Select[Any]) -> Iterator[SamePaper]:
    for row in tx.connection.execute(chosen.order_by(t.document.c.received_ms.desc()).limit(_MOST)).all():
        yield _same(tx, likeness, 0, row.document_id, row)


def _same(tx: Transaction, likeness: Likeness, bits: int, document_id: str, row: Row[Any]) -> SamePaper:
    document = find_document(tx, document_id)
    if document is None:
        raise LookupError(document_id)  # it was found a moment ago in the same transaction, and no document is ever deleted
    return SamePaper(likeness, bits, document, ClaimState(row.claim_state), row.insured_id)
