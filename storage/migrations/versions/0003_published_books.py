"""Published books: what decides is kept by its content hash, and who put it in force is a chain of acts"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.append_only import forbid_changes

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule_content",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_rule_content")),
    )
    op.create_table(
        "book_act",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("actor_role", sa.String(length=32), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.Column("book_sha256", sa.String(length=64), nullable=False),
        sa.Column("base_sha256", sa.String(length=64), nullable=False),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("proposal", sa.Integer(), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("(act = 'approved') = (proposal IS NOT NULL)", name=op.f("ck_book_act_approves_a_proposal")),
        sa.ForeignKeyConstraint(["book_sha256"], ["rule_content.sha256"], name=op.f("fk_book_act_book_sha256")),
        sa.ForeignKeyConstraint(["base_sha256"], ["rule_content.sha256"], name=op.f("fk_book_act_base_sha256")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_book_act")),
        sa.UniqueConstraint("proposal", name=op.f("uq_book_act_proposal")),
    )
    op.create_index("ix_book_act_product_effective", "book_act", ["product", "effective"], unique=False)
    for table in ("rule_content", "book_act"):
        forbid_changes(table)


def downgrade() -> None:
    for table in ("book_act", "rule_content"):
        op.drop_table(table)
        if op.get_bind().dialect.name != "sqlite":
            op.execute(f"DROP FUNCTION {table}_append_only()")
