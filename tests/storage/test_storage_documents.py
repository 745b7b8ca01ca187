"""Documents of a claim: in order, read once, encrypted whatever they say; an invoice belongs to the claim that sent it first."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from storage_samples import ACCOUNT, ACTOR, AGENT, PHONE, new_claim, person, save_claims, save_world

from domain.document import Box, Document, DocumentClass, Field, InvoiceLine, QualityScore
from domain.errors import IllegalTransitionError
from domain.finding import Finding, Severity
from domain.states import DocumentState
from storage import claims, documents
from storage.all_tables import metadata
from storage.blobs import BlobStore
from storage.codec import canonical_json, sha256_of
from storage.crypto import FieldCipher
from storage.database import Database

ID_NUMBER = person().id_number
READ = Document(
    sha256="ab" * 32,
    media_type="image/jpeg",
    state=DocumentState.EXTRACTED,
    document_class=DocumentClass.ID_CARD,
    class_confidence=0.1 + 0.2,
    quality=(QualityScore("blur", 12.5, 10.0, passed=True),),
    fields=(
        Field("id_number", ID_NUMBER, 0.99, 0, Box(1, 2, 3, 4), ID_NUMBER, proven=True),
        Field("birth_date", date(1990, 1, 1), 0.9),
        Field("total_fen", 774362, 0.9),
        Field("inpatient_days", 7, 0.9),
        Field("invoice_number", "20240301", 0.9),
        Field("patient_name", "2024-03-01", 0.9),  # a text that looks like a day stays a text
        Field("check_code", "1709251200", 0.9),  # and so do digits that are a second at midnight
        Field("bank_account", "0", 0.9),
    ),
    lines=(InvoiceLine("床位费", 100, "甲"),),
    findings=(Finding("id.expired", Severity.DOUBT, "证件过期"),),
    text=f"公民身份号码 {ID_NUMBER} 卡号 {ACCOUNT} 电话 {PHONE}",
    reader="rapidocr",
)


def _add(database: Database, document_id: str, claim_id: str = "C1") -> None:
    with database.write() as tx:
        documents.add_document(tx, document_id, claim_id, f"{document_id}.jpg", "ab" * 32, 5, "image/jpeg")


@pytest.fixture
def received(database: Database) -> Database:
    save_claims(database, 2)
    _add(database, "D1")
    return database


def test_a_new_document_is_received_and_unread(received: Database) -> None:
    with received.read() as tx:
        found = documents.find_document(tx, "D1")
    assert found is not None
    assert (found.seq, found.state, found.document_class, found.read) == (1, DocumentState.RECEIVED, None, None)


def test_documents_are_listed_in_the_order_they_came(received: Database) -> None:
    _add(received, "D3")
    _add(received, "D2")
    with received.read() as tx:
        assert [(each.document_id, each.seq) for each in documents.documents_of(tx, "C1")] == [("D1", 1), ("D3", 2), ("D2", 3)]


def test_each_claim_numbers_its_own_documents(received: Database) -> None:
    _add(received, "D9", "C2")
    with received.read() as tx:
        assert [each.seq for each in documents.documents_of(tx, "C2")] == [1]


def test_a_document_that_is_not_there_is_none(received: Database) -> None:
    with received.read() as tx:
        assert documents.find_document(tx, "D404") is None


def test_a_reading_comes_back_exactly_as_it_was(received: Database) -> None:
    with received.write() as tx:
        documents.save_reading(tx, "D1", READ)
        found = documents.find_document(tx, "D1")
    assert found is not None
    assert found.read == READ


def test_a_readings_values_keep_their_types(received: Database) -> None:
    with received.write() as tx:
        documents.save_reading(tx, "D1", READ)
        found = documents.find_document(tx, "D1")
    assert found is not None
    assert found.read is not None
    assert [type(each.value) for each in found.read.fields] == [str, date, int, int, str, str, str, str]


@pytest.mark.parametrize(
    "state",
    [DocumentState.EXTRACTED, DocumentState.CLASSIFIED, DocumentState.RETAKE_ASKED, DocumentState.UNREADABLE, DocumentState.CHECKED],
)
def test_a_reading_ends_in_its_own_state(received: Database, state: DocumentState) -> None:
    with received.write() as tx:
        documents.save_reading(tx, "D1", replace(READ, state=state))
        found = documents.find_document(tx, "D1")
    assert found is not None
    assert found.state is state


@pytest.mark.parametrize("first", [DocumentState.EXTRACTED, DocumentState.RETAKE_ASKED, DocumentState.UNREADABLE])
def test_a_document_is_read_once(received: Database, first: DocumentState) -> None:
    with received.write() as tx:
        documents.save_reading(tx, "D1", replace(READ, state=first))
    with pytest.raises(IllegalTransitionError, match=f"document D1 is {first}"), received.write() as tx:
        documents.save_reading(tx, "D1", READ)


def test_a_reading_may_not_end_where_it_began(received: Database) -> None:
    with pytest.raises(IllegalTransitionError), received.write() as tx:
        documents.save_reading(tx, "D1", replace(READ, state=DocumentState.RECEIVED))


def test_a_correction_replaces_the_reading_and_keeps_the_state(received: Database) -> None:
    corrected = replace(READ, document_class=DocumentClass.OTHER, fields=())
    with received.write() as tx:
        documents.save_reading(tx, "D1", READ)
        documents.correct_reading(tx, "D1", corrected)
        found = documents.find_document(tx, "D1")
    assert found is not None
    assert (found.read, found.document_class, found.state) == (corrected, DocumentClass.OTHER, DocumentState.EXTRACTED)


def test_no_number_of_a_person_stands_in_the_sqlite_file_or_its_log(tmp_path: Path, sqlite_template: Path) -> None:
    """People, claims, a settlement and a card's reading are stored; the bytes of the file and of its log are searched."""
    path, cipher = tmp_path / "claims.db", FieldCipher(bytes(range(64)))
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}", cipher)
    with database.write() as tx:
        save_world(tx)
        claims.add_claim(tx, new_claim(settlement_json=f'{{"insured":{{"id_number":"{ID_NUMBER}"}}}}'), ACTOR)
        documents.add_document(tx, "D1", "C1", "card.jpg", "ab" * 32, 5, "image/jpeg")
        documents.save_reading(tx, "D1", READ)
        documents.correct_reading(tx, "D1", READ)
    log = path.with_name("claims.db-wal")
    assert "示例1".encode() in log.read_bytes() + path.read_bytes()  # names are not encrypted: the search does find things
    stored = log.read_bytes()
    database.close()  # moves the log into the file
    stored += path.read_bytes()
    assert [each for each in (ID_NUMBER, PHONE, ACCOUNT, AGENT.phone) if each.encode() in stored] == []


def test_no_number_of_a_person_stands_in_any_table_of_either_database(received: Database) -> None:
    with received.write() as tx:
        documents.save_reading(tx, "D1", READ)
    with received.read() as tx:
        cells = [cell for table in metadata.sorted_tables for row in tx.connection.execute(table.select()) for cell in row]
    stored = b"\n".join(bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for cell in cells)
    assert "示例1".encode() in stored
    assert [each for each in (ID_NUMBER, PHONE, ACCOUNT, AGENT.phone) if each.encode() in stored] == []


def test_no_number_of_a_person_stands_in_a_stored_file(tmp_path: Path) -> None:
    BlobStore(tmp_path, FieldCipher(bytes(range(64)))).put(READ.text.encode())
    stored = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
    assert len(stored) > len(READ.text)
    assert [each for each in (ID_NUMBER, PHONE, ACCOUNT) if each.encode() in stored] == []


def test_what_is_hashed_has_one_form_whatever_the_order_of_its_keys() -> None:
    assert sha256_of({"b": 1, "a": "保单"}) == sha256_of({"a": "保单", "b": 1})


def test_the_form_that_is_hashed_has_sorted_keys_no_spaces_and_its_own_characters() -> None:
    assert canonical_json({"b": [1, None], "a": "保单"}) == '{"a":"保单","b":[1,null]}'
