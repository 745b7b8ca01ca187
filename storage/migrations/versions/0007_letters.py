"""Letters: which notices are still to be printed, and the hash of every letter that was"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.append_only import forbid_changes

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notice", sa.Column("letter_due_ms", sa.BigInteger(), nullable=True))
    open_ones = sa.text("letter_due_ms IS NOT NULL")
    op.create_index("ix_notice_letter_due", "notice", ["letter_due_ms"], sqlite_where=open_ones, postgresql_where=open_ones)
    op.create_table(
        "letter",
        sa.Column("letter_id", sa.String(length=32), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("claim_id", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("notice_id", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.claim_id"], name=op.f("fk_letter_claim_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.notice_id"], name=op.f("fk_letter_notice_id")),
        sa.PrimaryKeyConstraint("letter_id", "format", name=op.f("pk_letter")),
    )
    op.create_index("ix_letter_claim_id", "letter", ["claim_id"])
    forbid_changes("letter")


def downgrade() -> None:
    op.drop_table("letter")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION letter_append_only()")
    op.drop_index("ix_notice_letter_due", "notice")
    op.drop_column("notice", "letter_due_ms")
