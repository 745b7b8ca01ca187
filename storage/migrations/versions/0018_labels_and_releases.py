"""What claims turned out to be, models that people put in force, what is watched of them; audits and challengers beside a score"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.append_only import forbid_changes

revision = "0018"
down_revision = "0015"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("risk_row", sa.Column("audit_drawn", sa.Boolean(), nullable=True))
    op.add_column("risk_row", sa.Column("challenger_hash", sa.String(length=64), nullable=True))
    op.add_column("risk_row", sa.Column("challenger_probability", sa.Float(), nullable=True))
    op.create_table(
        "risk_label",
        sa.Column("label_id", _KEY, autoincrement=True, nullable=False),
        sa.Column("claim_id", sa.String(length=32), nullable=False),
        sa.Column("is_fraud", sa.Boolean(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("actor_role", sa.String(length=32), nullable=False),
        sa.Column("recorded_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.claim_id"], name=op.f("fk_risk_label_claim_id")),
        sa.PrimaryKeyConstraint("label_id", name=op.f("pk_risk_label")),
    )
    op.create_index("ix_risk_label_claim_id", "risk_label", ["claim_id"])
    op.create_table(
        "risk_release",
        sa.Column("seq", _KEY, autoincrement=True, nullable=False),
        sa.Column("proposal", sa.BigInteger(), nullable=True),
        sa.Column("model_hash", sa.String(length=64), nullable=False),
        sa.Column("folder", sa.String(length=255), nullable=False),
        sa.Column("comparison_json", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("actor_role", sa.String(length=32), nullable=False),
        sa.Column("signed_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_risk_release")),
        sa.UniqueConstraint("proposal", name=op.f("uq_risk_release_proposal")),
    )
    for table in ("risk_label", "risk_release"):
        forbid_changes(table)
    op.create_table(
        "risk_watch",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("figures_json", sa.Text(), nullable=False),
        sa.Column("written_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "until", name=op.f("pk_risk_watch")),
    )


def downgrade() -> None:
    for table in ("risk_watch", "risk_release", "risk_label"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        for table in ("risk_release", "risk_label"):
            op.execute(f"DROP FUNCTION {table}_append_only()")
    for column in ("challenger_probability", "challenger_hash", "audit_drawn"):
        op.drop_column("risk_row", column)
