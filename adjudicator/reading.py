"""The stage `read`: every new document of a claim is read; then the papers are complete, or the one notice goes out."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Event, Thread

from adjudicator import clocks
from adjudicator.catastrophe import unasked_papers
from adjudicator.completeness import find_gaps
from adjudicator.decide import SYSTEM
from adjudicator.event_claims import event_of, join_by_papers
from adjudicator.joining import Joined, as_part, corrected_ids, find_joins
from adjudicator.letters import write_supplement
from adjudicator.paper_checks import CONFIDENT
from adjudicator.paper_files import Contents, content_of
from adjudicator.system import System
from adjudicator.telling import notify
from domain.claim import Payee
from domain.document import Document, DocumentClass
from domain.errors import InputError
from domain.finding import Finding, Severity
from domain.identity import is_bank_card
from domain.states import ClaimState, DocumentState
from storage import audit, claims, documents, notices, tasks
from storage.claims import ClaimRecord
from storage.database import Transaction
from storage.documents import DocumentRecord
from storage.ids import new_id
from storage.tasks import Lease

_READERS = 4  # documents of one claim in flight; the reader itself bounds how many are read at a time


def read(system: System, lease: Lease) -> None:
    """Read what is new, then move on: to adjudication, to the customer, or to a person.

    Raises:
        ReaderError: no engine could read; the task is tried again.
    """
    with system.database.write() as tx:
        claim = claims.get_claim(tx, lease.claim_id, lock=True)
        if claim.state in (ClaimState.SUBMITTED, ClaimState.NEEDS_SUPPLEMENT, ClaimState.REOPENED):
            claims.move(tx, claim.claim_id, ClaimState.READING, SYSTEM)
        elif claim.state is not ClaimState.READING:  # withdrawn, or handed to a person, while it waited
            tasks.finish(tx, lease)
            return
        held = documents.documents_of(tx, claim.claim_id)
        corrected = corrected_ids(audit.entries(tx, claim.claim_id))
        in_rows = documents.contents_of(tx, [claim.claim_id])
    waiting = [each for each in held if each.state is DocumentState.RECEIVED]
    with _keeping(system, lease):
        with ThreadPoolExecutor(_READERS) as pool:
            read_documents = list(pool.map(lambda record: read_one(system, record, in_rows), waiting))
        found = [as_records(record, papers) for record, papers in zip(waiting, read_documents, strict=True)]
        joins = find_joins(system, [*held, *(each for papers in found for each in papers)], corrected) if waiting else ()
    with system.database.write() as tx:
        tasks.finish(tx, lease)
        claim = claims.get_claim(tx, lease.claim_id, lock=True)  # before documents are numbered: others may add theirs
        for papers in found:
            _store(tx, papers)
        for joined in joins:
            _join(tx, claim, joined)
        if is_complete(system, tx, claim):
            tasks.open_task(tx, claim.claim_id, "adjudicate", claim.round)


def read_one(system: System, record: DocumentRecord, in_rows: Contents) -> tuple[Document, ...]:
    """Read one file: all its documents; one that nobody can open becomes an unreadable document that says why, and harms no other."""
    try:
        return system.reader.read_all(content_of(system, record, in_rows))
    except InputError as error:
        told = "文件无法打开" if error.advice_zh else f"文件无法打开：{error.what}"
        finding = Finding(error.code, Severity.BLOCK, told, error.advice_zh or error.way_out or "请重新上传", about=record.document_id)
        return (Document(record.sha256, record.media_type, DocumentState.UNREADABLE, findings=(finding,)),)


def as_records(record: DocumentRecord, found: tuple[Document, ...]) -> list[DocumentRecord]:
    """Give the documents found in a file as they will be stored: the first is the file's record, each other gets one of its own."""
    return [
        replace(
            record,
            document_id=new_id("D") if place else record.document_id,
            state=document.state,
            document_class=document.document_class,
            read=document,
        )
        for place, document in enumerate(found)
    ]


def _store(tx: Transaction, papers: list[DocumentRecord]) -> None:
    """Write the documents found in a file."""
    file = papers[0]
    for record in papers:
        document = record.read
        if document is None:
            continue
        if record is file:
            documents.save_reading(tx, record.document_id, document)
        else:
            documents.add_part(tx, file, record.document_id, document)
        told = told_of(record, document)
        if len(papers) > 1:
            told |= {"file": file.document_id, "pages": [number + 1 for number in document.pages]}
        audit.append(tx, record.claim_id, SYSTEM, "document.read", told)


def told_of(record: DocumentRecord, document: Document) -> dict[str, object]:
    """Tell for the audit trail what a reading came to."""
    return {"document": record.document_id, "state": document.state, "class": document.document_class, "reader": document.reader}


def _join(tx: Transaction, claim: ClaimRecord, joined: Joined) -> None:
    """Write a document that stands in several files, or that came twice; the other records count in it."""
    documents.save_joined(tx, joined.document_id, joined.read)
    for part in joined.parts:
        record = documents.find_document(tx, part)
        if record and record.read:
            documents.save_joined(tx, part, as_part(record.read, joined.read))
    told = {"document": joined.document_id, "parts": list(joined.parts), "class": joined.read.document_class}
    audit.append(tx, claim.claim_id, SYSTEM, "documents.joined", told)


def is_complete(system: System, tx: Transaction, claim: ClaimRecord) -> bool:
    """Tell whether the papers of a claim that was read are complete; if not, the one notice goes out, or a person has it."""
    records = documents.documents_of(tx, claim.claim_id)
    claim = join_by_papers(system, tx, _take_payee_from_card(tx, claim, records))
    if any(each.document_class is DocumentClass.PATHOLOGY_REPORT for each in records):
        clocks.start_critical_illness(tx, claim.claim_id)
    event = event_of(tx, claim)
    unasked = unasked_papers(event, claim, records)
    gaps = find_gaps(records, claim.loss_cause, claim.payee, unasked)
    if not gaps:
        if event:
            clocks.start_catastrophe_decision(tx, claim.claim_id)
        return True
    if any(each.kind == "supplement" and each.round == claim.round for each in notices.notices_of(tx, claim.claim_id)):
        # The law allows one notice; whether to ask again is for a person to say.
        claims.move(tx, claim.claim_id, ClaimState.IN_REVIEW, SYSTEM, {"gaps": [each.about for each in gaps]})
    else:
        subject, body = write_supplement(claim, gaps, unasked)
        notify(tx, claim, "supplement", subject, body, gaps)
        claims.move(tx, claim.claim_id, ClaimState.NEEDS_SUPPLEMENT, SYSTEM, {"gaps": len(gaps)})
        clocks.papers_asked(tx, claim.claim_id)
    return False


def _take_payee_from_card(tx: Transaction, claim: ClaimRecord, records: tuple[DocumentRecord, ...]) -> ClaimRecord:
    if claim.payee is not None:
        return claim
    for record in records:
        number = record.read.field("card_number") if record.read and record.document_class is DocumentClass.BANK_CARD else None
        if number and record.read and (number.proven or (is_bank_card(str(number.value)) and number.confidence >= CONFIDENT)):
            holder, bank = record.read.field("holder_name"), record.read.field("bank_name")
            if holder:  # whose account it is must be read, not assumed
                claims.set_payee(tx, claim.claim_id, Payee(str(holder.value), str(number.value), str(bank.value) if bank else ""))
                return claims.get_claim(tx, claim.claim_id)
    return claim


@contextmanager
def _keeping(system: System, lease: Lease) -> Iterator[None]:
    """Renew a lease at a third of its length while the block runs: reading may take longer than one lease."""
    done = Event()

    def renew() -> None:
        while not done.wait(system.limits.lease_ms / 3_000):
            with system.database.write() as tx:
                if not tasks.renew(tx, lease, system.limits.lease_ms):
                    return

    keeper = Thread(target=renew, name=f"lease-{lease.claim_id}", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()
