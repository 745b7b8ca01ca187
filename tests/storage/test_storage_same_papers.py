"""A paper is found again among all stored papers: by number, by bill, by its bytes, by how it looks."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.document import Document, DocumentClass, Field
from domain.states import ClaimState, DocumentState
from storage import documents
from storage.database import Database, Transaction
from storage.look_parts import BITS, NEAR_BITS, PARTS, bits_apart, parts_of, probes_of
from storage.migrate import upgrade
from storage.same_papers import Likeness, SamePaper, find_same
from tests.storage.storage_samples import save_claims

LOOK = "0f" * 32


def invoice(number: str = "9900000001", look: str = "", **more: int | str | date) -> Document:
    values = {"invoice_code": "99010126", "invoice_number": number, "payer_name": "示例1", **more}
    fields = tuple(Field(name, value, 0.99) for name, value in values.items() if value)
    return Document("", "image/jpeg", DocumentState.EXTRACTED, DocumentClass.MEDICAL_INVOICE, fields=fields, perceptual_hash=look)


def keep(tx: Transaction, number: int, read: Document, sha256: str = "") -> None:
    """Store a paper as document D… of claim C…, in a file of its own."""
    documents.add_document(tx, f"D{number}", f"C{number}", f"{number}.jpg", sha256 or f"{number:064d}", 1, "image/jpeg")
    documents.save_reading(tx, f"D{number}", read)


def same(tx: Transaction, number: int) -> list[SamePaper]:
    record = documents.find_document(tx, f"D{number}")
    assert record is not None
    return list(find_same(tx, record))


@pytest.fixture
def claimed(database: Database) -> Database:
    save_claims(database, 3)
    return database


def turned(look: str, *bits: int) -> str:
    return f"{int(look, 16) ^ sum(1 << bit for bit in bits):064x}"


@given(st.integers(0, 2**BITS - 1), st.sets(st.integers(0, BITS - 1), max_size=NEAR_BITS))
def test_no_look_within_the_bound_is_missed(look: int, bits: set[int]) -> None:
    one = f"{look:064x}"
    assert set(parts_of(turned(one, *bits))) & set(probes_of(one))


def test_a_look_one_bit_beyond_the_bound_may_be_missed() -> None:
    far = turned(LOOK, *range(2 * PARTS))  # two bits of every part
    assert bits_apart(LOOK, far) == NEAR_BITS + 1
    assert not set(parts_of(far)) & set(probes_of(LOOK))


def test_parts_hold_every_bit_once() -> None:
    assert sum((each & (1 << 22) - 1).bit_count() for each in parts_of("f" * 64)) == BITS


def test_the_same_number_is_found_on_another_claim_with_its_state(claimed: Database) -> None:
    with claimed.write() as tx:
        keep(tx, 1, invoice())
        keep(tx, 2, invoice())
        (found,) = same(tx, 2)
    assert (found.likeness, found.document.claim_id, found.claim_state, found.insured_id) == (
        Likeness.NUMBER, "C1", ClaimState.SUBMITTED, "I1",
    )  # fmt: skip


def test_papers_of_the_same_claim_are_not_looked_at(claimed: Database) -> None:
    with claimed.write() as tx:
        keep(tx, 1, invoice(look=LOOK))
        documents.add_part(tx, documents.documents_of(tx, "C1")[0], "D9", invoice(look=LOOK))
        assert same(tx, 1) == []


def test_a_number_without_its_code_counts_only_with_twenty_digits(claimed: Database) -> None:
    with claimed.write() as tx:
        keep(tx, 1, invoice("99000001", invoice_code=""))
        keep(tx, 2, invoice("99000001", invoice_code=""))
        assert same(tx, 2) == []
        documents.correct_reading(tx, "D1", invoice("9" * 20, invoice_code=""))
        documents.correct_reading(tx, "D2", invoice("9" * 20, invoice_code=""))
        assert [each.likeness for each in same(tx, 2)] == [Likeness.NUMBER]


def test_payer_day_and_total_find_an_invoice_whose_number_was_not_read(claimed: Database) -> None:
    bill = {"issue_date": date(2025, 8, 23), "total_fen": 100_00}
    with claimed.write() as tx:
        keep(tx, 1, invoice(**bill))
        keep(tx, 2, invoice(number="", **bill))
        assert [each.likeness for each in same(tx, 2)] == [Likeness.BILL]


def test_the_very_file_is_found(claimed: Database) -> None:
    with claimed.write() as tx:
        keep(tx, 1, invoice(number=""), "ab" * 32)
        keep(tx, 2, invoice(number=""), "ab" * 32)
        assert [each.likeness for each in same(tx, 2)] == [Likeness.FILE]


def test_files_whose_sums_begin_alike_are_two_files(claimed: Database) -> None:
    """They are looked up by the first sixteen characters."""
    with claimed.write() as tx:
        keep(tx, 1, invoice(number=""), "ab" * 8 + "0" * 48)
        keep(tx, 2, invoice(number=""), "ab" * 8 + "0" * 47 + "1")
        assert same(tx, 2) == []


@pytest.mark.parametrize(("bits", "found"), [(0, [0]), (NEAR_BITS, [NEAR_BITS]), (NEAR_BITS + 1, [])])
def test_a_look_is_near_up_to_the_bound(claimed: Database, bits: int, found: list[int]) -> None:
    with claimed.write() as tx:
        keep(tx, 1, invoice(number="", look=LOOK))
        keep(tx, 2, invoice(number="", look=turned(LOOK, *range(bits))))
        assert [each.bits for each in same(tx, 2) if each.likeness is Likeness.LOOK] == found


@pytest.mark.parametrize("other", [invoice("9900000002", LOOK), invoice(payer_name="示例2", number="", look=LOOK)])
def test_a_look_with_another_number_or_name_is_left_out_at_once(claimed: Database, other: Document) -> None:
    with claimed.write() as tx:
        keep(tx, 1, other)
        keep(tx, 2, invoice(look=LOOK))
        assert same(tx, 2) == []


def test_the_nearest_looks_come_first_and_never_more_than_twenty(database: Database) -> None:
    save_claims(database, 23)
    with database.write() as tx:
        for number in range(1, 24):
            keep(tx, number, invoice(number="", look=turned(LOOK, *range(24 - number))))
        assert [each.bits for each in same(tx, 23)] == list(range(1, 21))


def test_a_corrected_number_is_what_counts(claimed: Database) -> None:
    with claimed.write() as tx:
        keep(tx, 1, invoice())
        keep(tx, 2, invoice("1234"))
        documents.correct_reading(tx, "D2", invoice())
        assert len(same(tx, 2)) == 1
        documents.correct_reading(tx, "D2", invoice("1234", LOOK))
        assert same(tx, 2) == []


@pytest.mark.parametrize("kind", [DocumentClass.CLAIM_FORM, DocumentClass.ID_CARD, DocumentClass.OTHER])
def test_papers_that_prove_no_loss_have_no_marks(claimed: Database, kind: DocumentClass) -> None:
    with claimed.write() as tx:
        for number in (1, 2):
            keep(tx, number, replace(invoice(look=LOOK), document_class=kind))
        assert same(tx, 2) == []


def test_papers_read_before_marks_were_kept_are_marked_by_the_migration(database: Database) -> None:
    from alembic import command

    from storage.migrate import _config

    save_claims(database, 3)
    with database.write() as tx:
        keep(tx, 1, invoice(look=LOOK))
        keep(tx, 3, Document("", "image/jpeg", DocumentState.UNREADABLE))
        config = _config()
        config.attributes["connection"] = tx.connection
        command.downgrade(config, "0003")
    upgrade(database)
    with database.write() as tx:
        keep(tx, 2, invoice(look=LOOK))
        assert [(each.likeness, each.document.document_id) for each in same(tx, 2)] == [(Likeness.NUMBER, "D1"), (Likeness.LOOK, "D1")]
