"""Correcting what was read, and establishing what no paper tells (人工认定): the claim is worked out again at once."""

from dataclasses import replace
from datetime import date

from adjudicator.adjudicate import Worked, books_of
from adjudicator.pending import check_none_pending
from adjudicator.people import HANDLERS, actor_of, check_role, check_with_people, work_again
from adjudicator.system import System
from domain.document import PRINTED_FIELDS, Document, Field
from domain.errors import ConflictError, InputError, NotFoundError
from domain.money import parse_fen
from domain.states import DocumentState
from rules.element_texts import parse_elements
from rules.types import ListType
from storage import audit, claims, documents, registry
from storage.access import Staff
from storage.claims import ClaimRecord
from storage.database import Transaction
from storage.decisions import Adjudication


def correct_field(system: System, document_id: str, field_name: str, text: str, staff: Staff) -> None:
    """Write what a person read in place of the machine's reading, and work the claim out again at once.

    A name that no paper prints is an element of one of the claim's contracts, which a person establishes (人工认定); the
    text is written as the contract's tests write it: 否, 九级残, 8000元.

    Raises:
        NotFoundError: no such document.
        InputError: a text that does not fit the type, or a name that no paper prints and no contract asks for.
        ConflictError: the claim is not with people any more, or the document became part of another.
    """
    with system.database.write() as tx:
        _correct(system, tx, document_id, field_name, text, staff)


def preview_correction(system: System, document_id: str, field_name: str, text: str, staff: Staff) -> Adjudication:
    """Give what the rules, the risk and the route would say if a field were corrected; nothing is kept. Raises as `correct_field` does."""
    with system.database.rehearse() as tx:
        return _correct(system, tx, document_id, field_name, text, staff).adjudication


def _correct(system: System, tx: Transaction, document_id: str, field_name: str, text: str, staff: Staff) -> Worked:
    check_role(staff, HANDLERS)
    record = documents.find_document(tx, document_id)
    if record is None or record.read is None:
        raise NotFoundError(f"no read document {document_id}", "reload the page")
    claim = claims.get_claim(tx, record.claim_id, lock=True)
    check_with_people(claim)
    check_none_pending(tx, claim.claim_id)
    if record.state is DocumentState.JOINED:
        raise ConflictError(f"the pages of document {document_id} count in another document", "correct it there")
    is_printed = field_name in PRINTED_FIELDS
    if not is_printed:
        _check_statement(system, tx, claim, field_name, text)
    value = typed_value(field_name, text) if is_printed else text.strip()
    documents.correct_reading(tx, document_id, _corrected(record.read, field_name, value))
    audit.append(tx, claim.claim_id, actor_of(staff), "field.corrected", {"document": document_id, "field": field_name})
    claims.note_facts(tx, claim.claim_id)
    return work_again(system, tx, claims.get_claim(tx, claim.claim_id), actor_of(staff))


def _check_statement(system: System, tx: Transaction, claim: ClaimRecord, name: str, text: str) -> None:
    # What the papers tell of the day of the loss was written into the claim when they were first worked out.
    books = [each.book for each in books_of(system, tx, registry.find_policies(tx, claim.policy_numbers), claim.loss_date)]
    asking = [book for book in books if name in book.elements]
    if not asking:
        raise InputError(f"no paper prints {name}, and no contract of claim {claim.claim_id} asks for it", "check the name", field=name)
    for book in asking:
        if isinstance(book.elements[name].type, ListType):
            raise InputError(f"{name} is a list of lines", "correct the lines' paper, or ask for it", field=name)
        parse_elements(book, {name: text})


def typed_value(field_name: str, text: str) -> int | date | str:
    """Read a correction by the ending of its field's name.

    Raises:
        InputError: not an amount, a number of days, or a date.
    """
    text = text.strip()
    try:
        if field_name.endswith("_fen"):
            return parse_fen(text)
        if field_name.endswith("_days"):
            return int(text)
        return date.fromisoformat(text) if field_name.endswith("_date") else text
    except ValueError as error:
        raise InputError(
            f"{text!r} does not fit {field_name}", "dates read 2026-08-15, days are whole numbers", field=field_name
        ) from error


def _corrected(read: Document, name: str, value: int | date | str) -> Document:
    old = read.field(name)
    new = replace(old, value=value, confidence=1.0, proven=True) if old else Field(name, value, 1.0, proven=True)
    others = tuple(each for each in read.fields if each.name != name)
    settled = tuple(each for each in read.findings if each.about != name)
    return replace(read, fields=(*others, new), findings=settled)
