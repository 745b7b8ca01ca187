"""Reminders: what was told, how customers wish to be told, how far a day's reminders have come"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("policy_number", sa.String(length=32), nullable=False),
        sa.Column("occasion", sa.String(length=32), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("told_ms", sa.BigInteger(), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["policy_number"], ["policy.policy_number"], name=op.f("fk_reminder_policy_number")),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_reminder_person_id")),
        sa.PrimaryKeyConstraint("policy_number", "occasion", "due_on", name=op.f("pk_reminder")),
    )
    for column in ("person_id", "told_on", "message_id"):
        op.create_index(op.f(f"ix_reminder_{column}"), "reminder", [column], unique=False)
    op.create_index(
        "ix_reminder_with_words",
        "reminder",
        ["told_on"],
        unique=False,
        sqlite_where=sa.text("message_id <> ''"),
        postgresql_where=sa.text("message_id <> ''"),
    )
    op.create_table(
        "notice_preference",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("kinds_json", sa.Text(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.Column("mail_enc", sa.LargeBinary(), nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_notice_preference_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notice_preference")),
    )
    op.create_table(
        "reminder_sweep",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("after", sa.String(length=32), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("skipped", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_reminder_sweep")),
    )


def downgrade() -> None:
    for table in ("reminder_sweep", "notice_preference", "reminder"):
        op.drop_table(table)
