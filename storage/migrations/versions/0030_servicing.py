"""Servicing of policies: transactions, codes, signatures, money on its way, endorsements, and how far a day's chores are"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.append_only import forbid_changes

revision = "0030"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "servicing_sweep",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("after", sa.String(length=32), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_servicing_sweep")),
    )
    op.create_table(
        "servicing_transaction",
        sa.Column("transaction_id", sa.String(length=32), nullable=False),
        sa.Column("policy_number", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("item", sa.String(length=32), nullable=False),
        sa.Column("item_version", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("fields_enc", sa.LargeBinary(), nullable=False),
        sa.Column("text_enc", sa.LargeBinary(), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("figures_json", sa.Text(), nullable=False),
        sa.Column("entries_json", sa.Text(), nullable=False),
        sa.Column("quoted_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("signed_ms", sa.BigInteger(), nullable=True),
        sa.Column("due_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("print_due_ms", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('quoted','waiting','moving','done','refused')", name=op.f("ck_servicing_transaction_state")),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_servicing_transaction_person_id")),
        sa.ForeignKeyConstraint(["policy_number"], ["policy.policy_number"], name=op.f("fk_servicing_transaction_policy_number")),
        sa.PrimaryKeyConstraint("transaction_id", name=op.f("pk_servicing_transaction")),
    )
    op.create_index(op.f("ix_servicing_transaction_person_id"), "servicing_transaction", ["person_id"], unique=False)
    op.create_index(op.f("ix_servicing_transaction_policy_number"), "servicing_transaction", ["policy_number"], unique=False)
    op.create_index(
        "ix_servicing_transaction_print_due",
        "servicing_transaction",
        ["print_due_ms"],
        unique=False,
        sqlite_where=sa.text("print_due_ms IS NOT NULL"),
        postgresql_where=sa.text("print_due_ms IS NOT NULL"),
    )
    op.create_index(
        "uq_servicing_transaction_one_open",
        "servicing_transaction",
        ["policy_number"],
        unique=True,
        sqlite_where=sa.text("state IN ('waiting','moving')"),
        postgresql_where=sa.text("state IN ('waiting','moving')"),
    )
    op.create_table(
        "endorsement",
        sa.Column("transaction_id", sa.String(length=32), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["transaction_id"], ["servicing_transaction.transaction_id"], name=op.f("fk_endorsement_transaction_id")),
        sa.PrimaryKeyConstraint("transaction_id", "format", name=op.f("pk_endorsement")),
    )
    op.create_table(
        "servicing_code",
        sa.Column("code_id", sa.String(length=32), nullable=False),
        sa.Column("transaction_id", sa.String(length=32), nullable=False),
        sa.Column("code_mac", sa.String(length=128), nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("passed_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["servicing_transaction.transaction_id"], name=op.f("fk_servicing_code_transaction_id")
        ),
        sa.PrimaryKeyConstraint("code_id", name=op.f("pk_servicing_code")),
    )
    op.create_index(op.f("ix_servicing_code_transaction_id"), "servicing_code", ["transaction_id"], unique=False)
    op.create_table(
        "servicing_order",
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("transaction_id", sa.String(length=32), nullable=False),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("account_enc", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("sends", sa.Integer(), nullable=False),
        sa.Column("first_sent_ms", sa.BigInteger(), nullable=True),
        sa.Column("bank_reference", sa.String(length=64), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("available_ms", sa.BigInteger(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("answered_ms", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("direction IN ('pay','collect')", name=op.f("ck_servicing_order_direction")),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_servicing_order_amount_positive")),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["servicing_transaction.transaction_id"], name=op.f("fk_servicing_order_transaction_id")
        ),
        sa.PrimaryKeyConstraint("idempotency_key", name=op.f("pk_servicing_order")),
        sa.UniqueConstraint("transaction_id", "attempt", name=op.f("uq_servicing_order_transaction_id_attempt")),
    )
    op.create_index(op.f("ix_servicing_order_answered_ms"), "servicing_order", ["answered_ms"], unique=False)
    op.create_index(
        "ix_servicing_order_to_send",
        "servicing_order",
        ["available_ms"],
        unique=False,
        sqlite_where=sa.text("state IN ('ORDERED','SENT')"),
        postgresql_where=sa.text("state IN ('ORDERED','SENT')"),
    )
    op.create_table(
        "servicing_signature",
        sa.Column("transaction_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_ms", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("proof", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_servicing_signature_person_id")),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["servicing_transaction.transaction_id"], name=op.f("fk_servicing_signature_transaction_id")
        ),
        sa.PrimaryKeyConstraint("transaction_id", name=op.f("pk_servicing_signature")),
    )
    forbid_changes("servicing_signature")


def downgrade() -> None:
    for table in ("servicing_sweep", "endorsement", "servicing_order", "servicing_signature", "servicing_code", "servicing_transaction"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION servicing_signature_append_only()")
