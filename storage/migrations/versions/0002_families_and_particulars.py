"""Families and particulars of policies"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("policy", schema=None) as batch_op:
        batch_op.add_column(sa.Column("family_id", sa.String(length=32), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("particulars_json", sa.Text(), nullable=False, server_default="{}"))
        batch_op.create_index("ix_policy_family_id_product", ["family_id", "product"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("policy", schema=None) as batch_op:
        batch_op.drop_index("ix_policy_family_id_product")
        batch_op.drop_column("particulars_json")
        batch_op.drop_column("family_id")
