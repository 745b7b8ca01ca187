"""Files that come in parts: what has come of each, until it is claimed with or runs out"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("upload_id", sa.String(length=32), nullable=False),
        sa.Column("asker", sa.String(length=96), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("received_bytes", sa.Integer(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("upload_id", name=op.f("pk_upload")),
    )
    op.create_index("ix_upload_asker", "upload", ["asker"])
    op.create_index("ix_upload_expires_ms", "upload", ["expires_ms"])
    op.create_table(
        "upload_part",
        sa.Column("upload_id", sa.String(length=32), nullable=False),
        sa.Column("start_byte", sa.Integer(), nullable=False),
        sa.Column("content_enc", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.upload_id"], name=op.f("fk_upload_part_upload_id")),
        sa.PrimaryKeyConstraint("upload_id", "start_byte", name=op.f("pk_upload_part")),
    )


def downgrade() -> None:
    op.drop_table("upload_part")
    op.drop_table("upload")
