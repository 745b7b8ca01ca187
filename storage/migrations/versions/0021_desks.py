"""The desks of staff: who has a claim open, who works on it, what is set aside, who was named, which views somebody keeps"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claim_presence",
        _claim(),
        sa.Column("user_name", sa.String(length=64), nullable=False),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("claim_id", "user_name", name=op.f("pk_claim_presence")),
        _of_claim("claim_presence"),
    )
    op.create_index("ix_claim_presence_seen_ms", "claim_presence", ["seen_ms"])
    op.create_table(
        "claim_lease",
        _claim(),
        sa.Column("user_name", sa.String(length=64), nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_claim_lease")),
        _of_claim("claim_lease"),
    )
    op.create_table(
        "claim_snooze",
        _claim(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("user_name", sa.String(length=64), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_claim_snooze")),
        _of_claim("claim_snooze"),
    )
    op.create_index("ix_claim_snooze_until_ms", "claim_snooze", ["until_ms"])
    op.create_table(
        "claim_mention",
        sa.Column("user_name", sa.String(length=64), nullable=False),
        _claim(),
        sa.Column("by_user", sa.String(length=64), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_name", "claim_id", name=op.f("pk_claim_mention")),
        _of_claim("claim_mention"),
    )
    op.create_index("ix_claim_mention_claim_id", "claim_mention", ["claim_id"])
    op.create_table(
        "queue_view",
        sa.Column("user_name", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("query", sa.String(length=512), nullable=False),
        sa.PrimaryKeyConstraint("user_name", "name", name=op.f("pk_queue_view")),
    )


def downgrade() -> None:
    for name in ("queue_view", "claim_mention", "claim_snooze", "claim_lease", "claim_presence"):
        op.drop_table(name)


def _claim() -> sa.Column[str]:
    return sa.Column("claim_id", sa.String(length=32), nullable=False)


def _of_claim(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["claim_id"], ["claim.claim_id"], name=op.f(f"fk_{table}_claim_id"))
