"""Catastrophes: the events, their claims and reports; where people live"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.append_only import forbid_changes

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("region_code", sa.String(length=12), server_default="", nullable=False))
    op.add_column("claim", sa.Column("event_code", sa.String(length=32), nullable=True))
    of_events = sa.text("event_code IS NOT NULL")
    op.create_index("ix_claim_event_code", "claim", ["event_code"], sqlite_where=of_events, postgresql_where=of_events)
    op.create_table(
        "catastrophe_event",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("event_json", sa.Text(), nullable=False),
        sa.Column("declared_by", sa.String(length=64), nullable=False),
        sa.Column("declared_ms", sa.BigInteger(), nullable=False),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("approved_ms", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.String(length=64), nullable=True),
        sa.Column("closed_ms", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("approved_by <> declared_by", name=op.f("ck_catastrophe_event_two_people")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_catastrophe_event")),
    )
    op.create_table(
        "event_report",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("report_json", sa.Text(), nullable=False),
        sa.Column("written_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["catastrophe_event.code"], name=op.f("fk_event_report_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_event_report")),
    )
    forbid_changes("event_report")
    op.create_table(
        "joined_report",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("external_ref", sa.String(length=128), nullable=False),
        sa.Column("claim_id", sa.String(length=32), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("joined_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.claim_id"], name=op.f("fk_joined_report_claim_id")),
        sa.PrimaryKeyConstraint("channel", "external_ref", name=op.f("pk_joined_report")),
    )
    op.create_index("ix_joined_report_claim_id", "joined_report", ["claim_id"])


def downgrade() -> None:
    op.drop_table("joined_report")
    op.drop_table("event_report")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION event_report_append_only()")
    op.drop_table("catastrophe_event")
    op.drop_index("ix_claim_event_code", "claim")
    op.drop_column("claim", "event_code")
    op.drop_column("person", "region_code")
