"""Papers known again: what was read of every stored paper gives its marks, and its picture the parts that are looked up"""

import sqlalchemy as sa
from alembic import context, op

from storage.codec import document_from_json
from storage.paper_marks import marks_of, part_rows

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_BATCH = 500


def upgrade() -> None:
    mark = op.create_table(
        "paper_mark",
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("number_index", sa.String(length=64), nullable=False),
        sa.Column("bill_index", sa.String(length=64), nullable=False),
        sa.Column("name_index", sa.String(length=64), nullable=False),
        sa.Column("look", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.document_id"], name=op.f("fk_paper_mark_document_id")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_paper_mark")),
    )
    part = op.create_table(
        "look_part",
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.document_id"], name=op.f("fk_look_part_document_id")),
        sa.PrimaryKeyConstraint("part", "document_id", name=op.f("pk_look_part")),
        sqlite_with_rowid=False,
    )
    _mark_what_was_read(op.get_bind(), mark, part)
    op.create_index("ix_paper_mark_number_index", "paper_mark", ["number_index"])
    op.create_index("ix_paper_mark_bill_index", "paper_mark", ["bill_index"])
    op.create_index("ix_look_part_document_id", "look_part", ["document_id"])
    op.drop_index("ix_evidence_key_claim_id", "evidence_key")
    op.drop_table("evidence_key")  # every number that stood there stands in a reading


def _mark_what_was_read(connection: sa.Connection, mark: sa.Table, part: sa.Table) -> None:
    cipher = context.config.attributes["cipher"]
    document = sa.table("document", sa.column("document_id"), sa.column("read_enc"))
    last = ""
    while rows := connection.execute(
        sa.select(document.c.document_id, document.c.read_enc)
        .where(document.c.document_id > last, document.c.read_enc.is_not(None))
        .order_by(document.c.document_id)
        .limit(_BATCH)
    ).all():
        last = rows[-1].document_id
        found = [(row.document_id, marks_of(document_from_json(cipher.decrypt(row.read_enc)), cipher)) for row in rows]
        marked = [(document_id, marks) for document_id, marks in found if marks is not None]
        if marked:
            connection.execute(mark.insert(), [{"document_id": document_id, **vars(marks)} for document_id, marks in marked])
        if parts := [each for document_id, marks in marked for each in part_rows(document_id, marks)]:
            connection.execute(part.insert(), parts)


def downgrade() -> None:
    for table in ("look_part", "paper_mark"):
        op.drop_table(table)
    op.create_table(
        "evidence_key",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("claim_id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.claim_id"], name=op.f("fk_evidence_key_claim_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.document_id"], name=op.f("fk_evidence_key_document_id")),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_evidence_key")),
    )
    op.create_index("ix_evidence_key_claim_id", "evidence_key", ["claim_id"])
