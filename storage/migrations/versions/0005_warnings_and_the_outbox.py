"""Clocks warn before they run out; the outbox of messages"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("warn_ms", "warned_ms", "breached_ms"):
        op.add_column("clock", sa.Column(column, sa.BigInteger(), nullable=True))
    op.execute("UPDATE clock SET warn_ms = due_ms - (due_ms - started_ms) / 5 WHERE met_ms IS NULL")  # the running ones: few
    running = sa.text("met_ms IS NULL AND paused_ms IS NULL")
    op.create_index("ix_clock_running", "clock", ["warn_ms"], unique=False, sqlite_where=running, postgresql_where=running)
    op.create_table(
        "message",
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("claim_id", sa.String(length=32), nullable=False),
        sa.Column("notice_id", sa.String(length=32), nullable=True),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("recipient_enc", sa.LargeBinary(), nullable=False),
        sa.Column("subject", sa.String(length=128), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("available_ms", sa.BigInteger(), nullable=False),
        sa.Column("lease_token", sa.String(length=32), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("reference", sa.String(length=128), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("sent_ms", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("status IN ('open','sent','dead')", name=op.f("ck_message_status")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.claim_id"], name=op.f("fk_message_claim_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.notice_id"], name=op.f("fk_message_notice_id")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_message")),
    )
    op.create_index("ix_message_claim_id", "message", ["claim_id"], unique=False)
    is_open = sa.text("status = 'open'")
    op.create_index("ix_message_open", "message", ["available_ms"], unique=False, sqlite_where=is_open, postgresql_where=is_open)


def downgrade() -> None:
    op.drop_table("message")
    op.drop_index("ix_clock_running", table_name="clock")
    for column in ("breached_ms", "warned_ms", "warn_ms"):
        op.drop_column("clock", column)
