"""Small papers lie in their own row: they are stored with their claim's commit, without files of their own"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("document", sa.Column("content_enc", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("document", "content_enc")
