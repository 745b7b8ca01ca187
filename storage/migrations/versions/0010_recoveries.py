"""What is got back of what was paid too much: receipts, write-offs, offsets; and free words beside the chain of audit"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.append_only import forbid_changes

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_OF_RECOVERABLES = sa.text("debit_account = 'claims_recoverable' OR credit_account = 'claims_recoverable'")


def upgrade() -> None:
    op.create_index("ix_ledger_entry_recoverable", "ledger_entry", ["claim_id"], sqlite_where=_OF_RECOVERABLES, postgresql_where=_OF_RECOVERABLES)
    op.create_table(
        "receipt",
        sa.Column("bank_reference", sa.String(length=64), nullable=False),
        sa.Column("claim_id", sa.String(length=32), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("booked_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_receipt_amount_positive")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.claim_id"], name=op.f("fk_receipt_claim_id")),
        sa.PrimaryKeyConstraint("bank_reference", name=op.f("pk_receipt")),
    )
    op.create_index("ix_receipt_claim_id", "receipt", ["claim_id"])
    op.create_index("ix_receipt_day", "receipt", ["day"])
    forbid_changes("receipt")
    op.create_table(
        "write_off",
        sa.Column("claim_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("proposed_by", sa.String(length=64), nullable=False),
        sa.Column("proposed_ms", sa.BigInteger(), nullable=False),
        sa.Column("signed_by", sa.String(length=64), nullable=True),
        sa.Column("booked_ms", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_write_off_amount_positive")),
        sa.CheckConstraint("signed_by <> proposed_by", name=op.f("ck_write_off_two_people")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.claim_id"], name=op.f("fk_write_off_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", "number", name=op.f("pk_write_off")),
    )
    op.create_table(
        "offset_arranged",
        sa.Column("claim_id", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("owing_claim_id", sa.String(length=32), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("arranged_by", sa.String(length=64), nullable=False),
        sa.Column("arranged_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_offset_arranged_amount_positive")),
        sa.CheckConstraint("claim_id <> owing_claim_id", name=op.f("ck_offset_arranged_two_claims")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.claim_id"], name=op.f("fk_offset_arranged_claim_id")),
        sa.ForeignKeyConstraint(["owing_claim_id"], ["claim.claim_id"], name=op.f("fk_offset_arranged_owing_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", "round", name=op.f("pk_offset_arranged")),
    )
    op.create_index("ix_offset_arranged_owing_claim_id", "offset_arranged", ["owing_claim_id"])
    op.create_table(
        "audit_text",
        sa.Column("claim_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("text_enc", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id", "seq"], ["audit.claim_id", "audit.seq"], name=op.f("fk_audit_text_claim_id_seq")),
        sa.PrimaryKeyConstraint("claim_id", "seq", name=op.f("pk_audit_text")),
    )


def downgrade() -> None:
    op.drop_table("audit_text")
    op.drop_table("offset_arranged")
    op.drop_table("write_off")
    op.drop_table("receipt")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION receipt_append_only()")
    op.drop_index("ix_ledger_entry_recoverable", "ledger_entry")
