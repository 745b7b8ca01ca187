"""Policies: other ways of paying the premium, each from its day on"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("policy_contract", sa.Column("changes_json", sa.Text(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("policy_contract", "changes_json")
