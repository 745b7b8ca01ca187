"""To whom a claim was handed (转交、上报), and what adjusters attach to it (附件)"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claim_referral",
        _claim(),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("to_user", sa.String(length=64), nullable=False),
        sa.Column("to_role", sa.String(length=32), nullable=False),
        sa.Column("is_escalation", sa.Boolean(), nullable=False),
        sa.Column("by_user", sa.String(length=64), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_claim_referral")),
        _of_claim("claim_referral"),
    )
    op.create_index("ix_claim_referral_to_user", "claim_referral", ["to_user"])
    op.create_index("ix_claim_referral_to_role", "claim_referral", ["to_role"])
    op.create_table(
        "claim_attachment",
        sa.Column("attachment_id", sa.String(length=32), nullable=False),
        _claim(),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("added_by", sa.String(length=64), nullable=False),
        sa.Column("added_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_claim_attachment")),
        _of_claim("claim_attachment"),
    )
    op.create_index("ix_claim_attachment_claim_id", "claim_attachment", ["claim_id"])
    op.create_index("ix_claim_attachment_sha256", "claim_attachment", ["sha256"])


def downgrade() -> None:
    for name in ("claim_attachment", "claim_referral"):
        op.drop_table(name)


def _claim() -> sa.Column[str]:
    return sa.Column("claim_id", sa.String(length=32), nullable=False)


def _of_claim(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["claim_id"], ["claim.claim_id"], name=op.f(f"fk_{table}_claim_id"))
