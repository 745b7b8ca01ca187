"""What tells a paper again on another claim: its number, what it bills to whom on which day, whose it is, and how it looks."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert

from domain.document import Document, DocumentClass
from domain.states import DocumentState
from storage import tables as t
from storage.crypto import FieldCipher
from storage.database import Transaction
from storage.look_parts import parts_of

CARDS = frozenset({DocumentClass.ID_CARD, DocumentClass.BANK_CARD})  # of a person, on as many claims as they have
LOSS_PAPERS = frozenset(DocumentClass) - CARDS - {DocumentClass.CLAIM_FORM, DocumentClass.OTHER}  # what proves a loss, once
NAME_FIELDS = ("payer_name", "patient_name", "deceased_name")
_NUMBER, _BILL = ("invoice_code", "invoice_number"), ("payer_name", "issue_date", "total_fen")
_NATIONAL_DIGITS = 20  # a fully digital e-invoice has no code: its number alone is unique in the country


@dataclass(frozen=True)
class Marks:
    """Keyed hashes of what names people and bills, "" where it was not read; `look` is the perceptual hash, "" without a picture."""

    number_index: str = ""
    bill_index: str = ""
    name_index: str = ""
    look: str = ""


def marks_of(read: Document, cipher: FieldCipher) -> Marks | None:
    """Tell what a paper is known again by; None for one that proves no loss or could not be read."""
    if read.state is not DocumentState.EXTRACTED or read.document_class not in LOSS_PAPERS:
        return None
    name = next((found for each in NAME_FIELDS if (found := _told(read, (each,)))), "")
    if read.document_class is not DocumentClass.MEDICAL_INVOICE:
        return Marks(name_index=cipher.index(name), look=read.perceptual_hash)
    number = _told(read, _NUMBER) or _national(_told(read, _NUMBER[1:]))
    return Marks(cipher.index(number), cipher.index(_told(read, _BILL)), cipher.index(name), read.perceptual_hash)


def save_marks(tx: Transaction, document_id: str, read: Document, *, is_first: bool = False) -> None:
    """Write a paper's marks, in place of those it had before it was corrected; it had none before it was first read."""
    for table in () if is_first else (t.look_part, t.paper_mark):
        tx.connection.execute(delete(table).where(table.c.document_id == document_id))
    marks = marks_of(read, tx.cipher)
    tx.learn(("marks", document_id), marks)
    if marks is not None:
        tx.later(document_id, _ADD_MARKS, {"document_id": document_id, **vars(marks)})
        for row in part_rows(document_id, marks):
            tx.later(document_id, _ADD_PART, row)


def marks_in(tx: Transaction, document_id: str, read: Document | None) -> Marks:
    """Give a stored paper's marks, worked out once in a transaction; nothing is told of one that has none."""
    found: Marks | None = tx.once(("marks", document_id), lambda: marks_of(read, tx.cipher) if read else None)
    return found or Marks()


_ADD_MARKS, _ADD_PART = insert(t.paper_mark), insert(t.look_part)


def part_rows(document_id: str, marks: Marks) -> list[dict[str, Any]]:
    """Give the rows of `look_part` for a paper; none without a picture."""
    return [{"part": part, "document_id": document_id} for part in parts_of(marks.look)] if marks.look else []


def _told(read: Document, names: tuple[str, ...]) -> str:
    found = [read.field(name) for name in names]
    return "|".join([names[0], *(str(each.value) for each in found if each)]) if all(found) else ""


def _national(number: str) -> str:
    return number if sum(map(str.isdigit, number)) == _NATIONAL_DIGITS else ""
