"""Payments that are ordered anew, decisions that take the place of others, and what the bank's statements came to"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.append_only import forbid_changes

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_STANDING = sa.text("state NOT IN ('BOUNCED','LATE')")
_UNIQUE = ("uq_payout_claim_id_round", "uq_payout_claim_id_round_attempt")


def upgrade() -> None:
    op.add_column("accumulator_use", sa.Column("superseded_by", sa.Integer(), nullable=True))
    with op.batch_alter_table("payout") as table:
        table.add_column(sa.Column("attempt", sa.Integer(), server_default="1", nullable=False))
        table.drop_constraint(_UNIQUE[0], type_="unique")
        table.create_unique_constraint(_UNIQUE[1], ["claim_id", "round", "attempt"])
    op.create_index("uq_payout_one_standing", "payout", ["claim_id", "round"], unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING)
    op.create_index("ix_ledger_entry_booked_ms", "ledger_entry", ["booked_ms"])
    op.create_table(
        "reconciliation",
        sa.Column("reconciliation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("statement_sha256", sa.String(length=64), nullable=False),
        sa.Column("matched", sa.Integer(), nullable=False),
        sa.Column("matched_fen", sa.BigInteger(), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.Column("findings_json", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("done_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reconciliation_id", name=op.f("pk_reconciliation")),
    )
    op.create_index("ix_reconciliation_day", "reconciliation", ["day"])
    forbid_changes("reconciliation")


def downgrade() -> None:
    op.drop_table("reconciliation")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION reconciliation_append_only()")
    op.drop_index("ix_ledger_entry_booked_ms", "ledger_entry")
    op.drop_index("uq_payout_one_standing", "payout")
    with op.batch_alter_table("payout") as table:
        table.drop_constraint(_UNIQUE[1], type_="unique")
        table.create_unique_constraint(_UNIQUE[0], ["claim_id", "round"])
        table.drop_column("attempt")
    op.drop_column("accumulator_use", "superseded_by")
