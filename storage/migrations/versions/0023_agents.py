"""Agents: where they are, whom they may see, what was arranged with them; an outbox for what belongs to no claim"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.append_only import forbid_changes

revision = "0023"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agent_act",
        sa.Column("subject", sa.String(length=48), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("actor_role", sa.String(length=32), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("detail_json", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("subject", "seq", name=op.f("pk_agent_act")),
    )
    op.create_table(
        "agent_branch",
        sa.Column("branch_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=128), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("branch_id", name=op.f("pk_agent_branch")),
    )
    op.create_index("ix_agent_branch_latitude_longitude", "agent_branch", ["latitude", "longitude"], unique=False)
    op.create_table(
        "agent_city",
        sa.Column("city_code", sa.String(length=4), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.agent_id"], name=op.f("fk_agent_city_agent_id")),
        sa.PrimaryKeyConstraint("city_code", "agent_id", name=op.f("pk_agent_city")),
    )
    op.create_index(op.f("ix_agent_city_agent_id"), "agent_city", ["agent_id"], unique=False)
    op.create_table(
        "agent_consent",
        sa.Column("consent_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("wording_version", sa.String(length=16), nullable=False),
        sa.Column("given_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.agent_id"], name=op.f("fk_agent_consent_agent_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_agent_consent_person_id")),
        sa.PrimaryKeyConstraint("consent_id", name=op.f("pk_agent_consent")),
    )
    op.create_index(op.f("ix_agent_consent_person_id"), "agent_consent", ["person_id"], unique=False)
    op.create_index(
        "uq_agent_consent_in_force",
        "agent_consent",
        ["agent_id", "person_id", "scope"],
        unique=True,
        sqlite_where=sa.text("ended_ms IS NULL"),
        postgresql_where=sa.text("ended_ms IS NULL"),
    )
    op.create_table(
        "agent_contact",
        sa.Column("contact_id", sa.String(length=32), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("note_enc", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_ms", sa.BigInteger(), nullable=False),
        sa.Column("erased_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.agent_id"], name=op.f("fk_agent_contact_agent_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_agent_contact_person_id")),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_agent_contact")),
    )
    op.create_index(op.f("ix_agent_contact_agent_id"), "agent_contact", ["agent_id"], unique=False)
    op.create_index(op.f("ix_agent_contact_person_id"), "agent_contact", ["person_id"], unique=False)
    op.create_table(
        "agent_login",
        sa.Column("user_name", sa.String(length=64), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.agent_id"], name=op.f("fk_agent_login_agent_id")),
        sa.PrimaryKeyConstraint("user_name", name=op.f("pk_agent_login")),
        sa.UniqueConstraint("agent_id", name=op.f("uq_agent_login_agent_id")),
    )
    op.create_table(
        "agent_profile",
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("branch_id", sa.String(length=32), nullable=False),
        sa.Column("licence_number", sa.String(length=32), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("languages", sa.String(length=128), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("accepting", sa.Boolean(), nullable=False),
        sa.Column("hours_json", sa.Text(), nullable=False),
        sa.Column("ratings", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("shortfall", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_agent_profile_capacity_not_negative")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.agent_id"], name=op.f("fk_agent_profile_agent_id")),
        sa.ForeignKeyConstraint(["branch_id"], ["agent_branch.branch_id"], name=op.f("fk_agent_profile_branch_id")),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("pk_agent_profile")),
        sa.UniqueConstraint("licence_number", name=op.f("uq_agent_profile_licence_number")),
    )
    op.create_index(
        "ix_agent_profile_branch_id_accepting_shortfall", "agent_profile", ["branch_id", "accepting", "shortfall", "agent_id"], unique=False
    )
    op.create_table(
        "agent_rating",
        sa.Column("about_id", sa.String(length=32), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("comment_enc", sa.LargeBinary(), nullable=True),
        sa.Column("rated_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_agent_rating_one_to_five")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.agent_id"], name=op.f("fk_agent_rating_agent_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_agent_rating_person_id")),
        sa.PrimaryKeyConstraint("about_id", name=op.f("pk_agent_rating")),
    )
    op.create_index("ix_agent_rating_agent_id_rated_ms", "agent_rating", ["agent_id", "rated_ms"], unique=False)
    op.create_index(op.f("ix_agent_rating_person_id"), "agent_rating", ["person_id"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("appointment_id", sa.String(length=32), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("begins_ms", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("topic_enc", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("booked_ms", sa.BigInteger(), nullable=False),
        sa.Column("reminded_ms", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('booked','cancelled','done','no_show')", name=op.f("ck_appointment_state")),
        sa.CheckConstraint("begins_ms % 1800000 = 0", name=op.f("ck_appointment_whole_slots")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.agent_id"], name=op.f("fk_appointment_agent_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_appointment_person_id")),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_appointment")),
    )
    op.create_index(op.f("ix_appointment_person_id"), "appointment", ["person_id"], unique=False)
    op.create_index(
        "ix_appointment_to_remind",
        "appointment",
        ["begins_ms"],
        unique=False,
        sqlite_where=sa.text("state = 'booked' AND reminded_ms IS NULL"),
        postgresql_where=sa.text("state = 'booked' AND reminded_ms IS NULL"),
    )
    op.create_index(
        "uq_appointment_one_place",
        "appointment",
        ["person_id", "begins_ms"],
        unique=True,
        sqlite_where=sa.text("state <> 'cancelled'"),
        postgresql_where=sa.text("state <> 'cancelled'"),
    )
    op.create_index(
        "uq_appointment_one_slot",
        "appointment",
        ["agent_id", "begins_ms"],
        unique=True,
        sqlite_where=sa.text("state <> 'cancelled'"),
        postgresql_where=sa.text("state <> 'cancelled'"),
    )
    op.create_table(
        "card_link",
        sa.Column("link_id", sa.String(length=32), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.agent_id"], name=op.f("fk_card_link_agent_id")),
        sa.PrimaryKeyConstraint("link_id", name=op.f("pk_card_link")),
    )
    op.create_index(op.f("ix_card_link_agent_id"), "card_link", ["agent_id"], unique=False)
    op.create_table(
        "customer_message",
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("recipient_enc", sa.LargeBinary(), nullable=False),
        sa.Column("subject", sa.String(length=128), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("available_ms", sa.BigInteger(), nullable=False),
        sa.Column("lease_token", sa.String(length=32), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("reference", sa.String(length=128), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("sent_ms", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("status IN ('open','sent','dead')", name=op.f("ck_customer_message_status")),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_customer_message_person_id")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_customer_message")),
    )
    op.create_index(
        "ix_customer_message_open",
        "customer_message",
        ["available_ms"],
        unique=False,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(op.f("ix_customer_message_person_id"), "customer_message", ["person_id"], unique=False)
    op.create_table(
        "agent_change",
        sa.Column("change_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("policy_number", sa.String(length=32), nullable=False),
        sa.Column("from_agent_id", sa.String(length=32), nullable=True),
        sa.Column("to_agent_id", sa.String(length=32), nullable=True),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["from_agent_id"], ["agent.agent_id"], name=op.f("fk_agent_change_from_agent_id")),
        sa.ForeignKeyConstraint(["policy_number"], ["policy.policy_number"], name=op.f("fk_agent_change_policy_number")),
        sa.ForeignKeyConstraint(["to_agent_id"], ["agent.agent_id"], name=op.f("fk_agent_change_to_agent_id")),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_agent_change")),
    )
    op.create_index(op.f("ix_agent_change_policy_number"), "agent_change", ["policy_number"], unique=False)

    for table in ("agent_act", "agent_change"):
        forbid_changes(table)


def downgrade() -> None:
    for table in (
        "agent_change",
        "customer_message",
        "card_link",
        "appointment",
        "agent_rating",
        "agent_profile",
        "agent_login",
        "agent_contact",
        "agent_consent",
        "agent_city",
        "agent_branch",
        "agent_act",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        for table in ("agent_act", "agent_change"):
            op.execute(f"DROP FUNCTION {table}_append_only()")
