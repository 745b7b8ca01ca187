"""Servicing: each contract tells the day on which the calendar next changes something of it, so that a day looks at those alone"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("policy_contract", sa.Column("look_on", sa.Date(), server_default="0001-01-01", nullable=False))
    op.add_column("policy_contract", sa.Column("touched", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_policy_contract_look_on", "policy_contract", ["look_on", "policy_number"], unique=False)
    op.add_column("servicing_sweep", sa.Column("terms_json", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("servicing_sweep", "terms_json")
    op.drop_index("ix_policy_contract_look_on", table_name="policy_contract")
    op.drop_column("policy_contract", "touched")
    op.drop_column("policy_contract", "look_on")
