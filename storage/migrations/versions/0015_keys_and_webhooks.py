"""How far keys were changed; webhooks and every attempt to deliver them"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "key_rotation",
        sa.Column("key_id", sa.String(length=8), nullable=False),
        sa.Column("table_name", sa.String(length=64), nullable=False),
        sa.Column("after_json", sa.Text(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", "table_name", name=op.f("pk_key_rotation")),
    )
    op.create_table(
        "webhook",
        sa.Column("webhook_id", sa.String(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret_enc", sa.LargeBinary(), nullable=False),
        sa.Column("earlier_secret_enc", sa.LargeBinary(), nullable=True),
        sa.Column("earlier_until_ms", sa.BigInteger(), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["api_client.client_id"], name=op.f("fk_webhook_client_id")),
        sa.PrimaryKeyConstraint("webhook_id", name=op.f("pk_webhook")),
    )
    op.create_index("ix_webhook_client_id", "webhook", ["client_id"])
    op.create_table(
        "webhook_attempt",
        sa.Column("attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("webhook_id", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("elapsed_ms", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.webhook_id"], name=op.f("fk_webhook_attempt_webhook_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.message_id"], name=op.f("fk_webhook_attempt_message_id")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_webhook_attempt")),
    )
    op.create_index("ix_webhook_attempt_webhook_id_attempt_id", "webhook_attempt", ["webhook_id", "attempt_id"])
    op.create_index("ix_webhook_attempt_message_id", "webhook_attempt", ["message_id"])


def downgrade() -> None:
    op.drop_table("webhook_attempt")
    op.drop_table("webhook")
    op.drop_table("key_rotation")
