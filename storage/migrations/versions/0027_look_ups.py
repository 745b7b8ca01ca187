"""Who looked whom up at the telephone desk"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.append_only import forbid_changes

revision = "0027"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "look_up",
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("actor_role", sa.String(length=32), nullable=False),
        sa.Column("clue", sa.String(length=16), nullable=False),
        sa.Column("found_json", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("actor", "seq", name=op.f("pk_look_up")),
    )
    op.create_index("ix_look_up_at_ms", "look_up", ["at_ms"])
    forbid_changes("look_up")


def downgrade() -> None:
    op.drop_table("look_up")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION look_up_append_only()")
