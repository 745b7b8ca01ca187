"""Client credentials with scopes, tokens that run out, sessions that can be ended, staff known to an identity provider"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("api_client", sa.Column("scope", sa.Text(), nullable=False, server_default=""))
    op.add_column("staff", sa.Column("subject", sa.String(length=255), nullable=True))
    op.create_index("ix_staff_subject", "staff", ["subject"], unique=True)
    op.create_table(
        "channel_secret",
        sa.Column("secret_id", sa.String(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("secret_hash", sa.String(length=255), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["api_client.client_id"], name=op.f("fk_channel_secret_client_id")),
        sa.PrimaryKeyConstraint("secret_id", name=op.f("pk_channel_secret")),
    )
    op.create_index("ix_channel_secret_client_id", "channel_secret", ["client_id"])
    op.create_table(
        "access_token",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["api_client.client_id"], name=op.f("fk_access_token_client_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_access_token")),
    )
    op.create_index("ix_access_token_client_id", "access_token", ["client_id"])
    op.create_index("ix_access_token_expires_ms", "access_token", ["expires_ms"])
    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_name", sa.String(length=64), nullable=False),
        sa.Column("begun_ms", sa.BigInteger(), nullable=False),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_session")),
    )
    op.create_index("ix_staff_session_user_name", "staff_session", ["user_name"])
    op.create_index("ix_staff_session_begun_ms", "staff_session", ["begun_ms"])


def downgrade() -> None:
    op.drop_table("staff_session")
    op.drop_table("access_token")
    op.drop_table("channel_secret")
    op.drop_index("ix_staff_subject", "staff")
    op.drop_column("staff", "subject")
    op.drop_column("api_client", "scope")
