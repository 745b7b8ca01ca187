"""Hashes are found by their first sixteen characters, and told apart by all of them."""

from typing import Any

import pytest
from sqlalchemy import Column, Table, literal, select

from storage import tables as t
from storage.database import Database, Transaction
from storage.erasure import _holds
from storage.heads import is_among, is_group
from storage.tables_servicing import endorsement

HEAD = "0123456789abcdef"
ONE, OTHER = HEAD + "0" * 48, HEAD + "1" * 48
LOOKED_UP = {
    "ix_claim_reporter_phone_head": t.claim.c.reporter_phone_index,
    "ix_claim_payee_account_head": t.claim.c.payee_account_index,
    "ix_claim_device_head": t.claim.c.device_index,
    "ix_document_sha256_head": t.document.c.sha256,
    "ix_paper_mark_number_head": t.paper_mark.c.number_index,
    "ix_paper_mark_bill_head": t.paper_mark.c.bill_index,
    "ix_claim_attachment_sha256_head": t.claim_attachment.c.sha256,
}


def plan(tx: Transaction, statement: Any) -> str:
    """Tell how the database would look for it, with more rows than an empty table has."""
    if not tx.is_sqlite:
        tx.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    verb = "EXPLAIN QUERY PLAN" if tx.is_sqlite else "EXPLAIN"
    plain = statement.compile(tx.connection, compile_kwargs={"literal_binds": True})
    return "\n".join(str(row[-1]) for row in tx.connection.exec_driver_sql(f"{verb} {plain}"))


@pytest.mark.parametrize("values", [(ONE,), (ONE, OTHER)])
@pytest.mark.parametrize("index", LOOKED_UP)
def test_every_hash_that_is_looked_up_is_found_by_an_index_of_heads(database: Database, index: str, values: tuple[str, ...]) -> None:
    column: Column[str] = LOOKED_UP[index]
    with database.read() as tx:
        assert index in plan(tx, select(column).where(is_among(column, values)))


def test_the_entities_of_a_group_are_found_by_an_index_of_heads(database: Database) -> None:
    e = t.risk_entity.c
    with database.read() as tx:
        told = plan(tx, select(e.entity_key).where(is_group(e.component, literal(f"insured:{ONE[:32]}")), e.kind == "insured"))
    assert "ix_risk_entity_group_head" in told


@pytest.mark.parametrize("table", [t.letter, endorsement])
def test_whose_pdf_some_bytes_are_is_found_by_an_index_of_heads(database: Database, table: Table) -> None:
    with database.read() as tx:
        assert f"ix_{table.name}_pdf_head" in plan(tx, select(table.c.sha256).where(*_holds(table, (ONE, OTHER))))


def test_the_papers_of_a_claim_need_no_index_beside_their_order(database: Database) -> None:
    d = t.document.c
    with database.read() as tx:
        told = plan(tx, select(d.document_id).where(d.claim_id == "C1").order_by(d.seq))
    assert "autoindex_document_2" in told or "uq_document_claim_id_seq" in told
