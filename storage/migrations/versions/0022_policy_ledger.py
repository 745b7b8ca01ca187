"""What contracts agree about money, and the ledger of policies"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.append_only import forbid_changes

revision = "0022"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "policy_contract",
        sa.Column("policy_number", sa.String(length=32), nullable=False),
        sa.Column("frequency", sa.String(length=16), nullable=False),
        sa.Column("premium_fen", sa.BigInteger(), nullable=False),
        sa.Column("payment_years", sa.Integer(), nullable=False),
        sa.Column("automatic_premium_loan", sa.Boolean(), nullable=False),
        sa.Column("auto_renew", sa.Boolean(), nullable=False),
        sa.CheckConstraint("premium_fen >= 0", name=op.f("ck_policy_contract_premium_not_negative")),
        sa.ForeignKeyConstraint(["policy_number"], ["policy.policy_number"], name=op.f("fk_policy_contract_policy_number")),
        sa.PrimaryKeyConstraint("policy_number", name=op.f("pk_policy_contract")),
    )
    op.create_table(
        "policy_entry",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("policy_number", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("debit_account", sa.String(length=32), nullable=False),
        sa.Column("credit_account", sa.String(length=32), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.String(length=96), nullable=False),
        sa.Column("value_date", sa.Date(), nullable=False),
        sa.Column("booked_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_policy_entry_amount_positive")),
        sa.CheckConstraint("debit_account <> credit_account", name=op.f("ck_policy_entry_two_accounts")),
        sa.ForeignKeyConstraint(["policy_number"], ["policy_contract.policy_number"], name=op.f("fk_policy_entry_policy_number")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_policy_entry")),
        sa.UniqueConstraint("policy_number", "event", "credit_account", name=op.f("uq_policy_entry_policy_number_event_credit_account")),
    )
    op.create_index("ix_policy_entry_policy_number_value_date", "policy_entry", ["policy_number", "value_date"])
    forbid_changes("policy_entry")


def downgrade() -> None:
    op.drop_table("policy_entry")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION policy_entry_append_only()")
    op.drop_table("policy_contract")
