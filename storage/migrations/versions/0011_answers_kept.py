"""Answers to calls with an Idempotency-Key, to be given again"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answered_call",
        sa.Column("asker", sa.String(length=96), nullable=False),
        sa.Column("key_index", sa.String(length=64), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("begun_ms", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer_enc", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("asker", "key_index", name=op.f("pk_answered_call")),
    )
    op.create_index("ix_answered_call_begun_ms", "answered_call", ["begun_ms"])


def downgrade() -> None:
    op.drop_table("answered_call")
