"""Erasure: when what names a person in a claim was overwritten"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("claim", sa.Column("erased_ms", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("claim", "erased_ms")
