"""The tables of agents (代理人): where they are, whom they may see, and what was arranged with them. Kept as storage/tables.py says."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from storage.tables import BIG_KEY, metadata

_STANDS = text("state <> 'cancelled'")
_TO_REMIND = text("state = 'booked' AND reminded_ms IS NULL")
_IN_FORCE = text("ended_ms IS NULL")

agent_branch = Table(
    "agent_branch",  # an office of the insurer (网点)
    metadata,
    Column("branch_id", String(32), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("region_code", String(12), nullable=False),  # 行政区划代码
    Column("address", String(128), nullable=False),
    Column("latitude", Float, nullable=False),  # WGS-84, like the longitude; what comes in GCJ-02 is brought over before
    Column("longitude", Float, nullable=False),
    Index("ix_agent_branch_latitude_longitude", "latitude", "longitude"),
)

agent_profile = Table(
    "agent_profile",  # what the card of an agent shows, beside name and telephone, and how customers rated them
    metadata,
    Column("agent_id", ForeignKey("agent.agent_id"), primary_key=True),
    Column("branch_id", ForeignKey("agent_branch.branch_id"), nullable=False),
    Column("licence_number", String(32), nullable=False, unique=True),  # 执业证编号: shown to everybody, by rule
    Column("joined_on", Date, nullable=False),
    Column("languages", String(128), nullable=False),  # codes between blanks, " zh yue ": a search looks for " yue "
    Column("capacity", Integer, nullable=False),  # how many customers they may look after
    Column("accepting", Boolean, nullable=False),  # whether they take new ones
    Column("hours_json", Text, nullable=False),  # their working hours: domain/agent.py
    Column("ratings", Integer, nullable=False),
    Column("stars", Integer, nullable=False),  # the sum over all ratings
    Column("shortfall", Integer, nullable=False),  # thousandths of a star below five: agent/standing.py
    Index("ix_agent_profile_branch_id_accepting_shortfall", "branch_id", "accepting", "shortfall", "agent_id"),
    CheckConstraint("capacity >= 0", name="capacity_not_negative"),
)

agent_city = Table(
    "agent_city",  # the cities that an agent serves
    metadata,
    Column("city_code", String(4), primary_key=True),  # the first four digits of 行政区划代码
    Column("agent_id", ForeignKey("agent.agent_id"), primary_key=True, index=True),
)

agent_login = Table(
    "agent_login",  # which agent a member of staff is
    metadata,
    Column("user_name", String(64), primary_key=True),
    Column("agent_id", ForeignKey("agent.agent_id"), nullable=False, unique=True),
)

agent_change = Table(
    "agent_change",  # a policy that went from one agent to another; append-only
    metadata,
    Column("change_id", BIG_KEY, primary_key=True, autoincrement=True),
    Column("policy_number", ForeignKey("policy.policy_number"), nullable=False, index=True),
    Column("from_agent_id", ForeignKey("agent.agent_id")),
    Column("to_agent_id", ForeignKey("agent.agent_id")),
    Column("cause", String(16), nullable=False),  # chosen: by the policyholder | imported: by the insurer's own system
    Column("changed_ms", BigInteger, nullable=False),
)

agent_consent = Table(
    "agent_consent",  # what a customer lets an agent see, from when to when, and which words they agreed to
    metadata,
    Column("consent_id", String(32), primary_key=True),
    Column("person_id", ForeignKey("person.person_id"), nullable=False, index=True),
    Column("agent_id", ForeignKey("agent.agent_id"), nullable=False),
    Column("scope", String(16), nullable=False),
    Column("wording_version", String(16), nullable=False),
    Column("given_ms", BigInteger, nullable=False),
    Column("ended_ms", BigInteger),  # NULL: it is in force
    Column("ended_by", String(16)),  # customer | agent_changed
    Index("uq_agent_consent_in_force", "agent_id", "person_id", "scope", unique=True, sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE),
)

appointment = Table(
    "appointment",  # a slot of an agent's time: the indexes keep two customers from one, whoever asks at one moment
    metadata,
    Column("appointment_id", String(32), primary_key=True),
    Column("agent_id", ForeignKey("agent.agent_id"), nullable=False),
    Column("person_id", ForeignKey("person.person_id"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("begins_ms", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("topic_enc", LargeBinary),
    Column("version", Integer, nullable=False),
    Column("booked_ms", BigInteger, nullable=False),
    Column("reminded_ms", BigInteger),
    CheckConstraint("state IN ('booked','cancelled','done','no_show')", name="state"),
    CheckConstraint("begins_ms % 1800000 = 0", name="whole_slots"),  # slots on one grid are the same or apart, and never overlap
    Index("uq_appointment_one_slot", "agent_id", "begins_ms", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
    Index("uq_appointment_one_place", "person_id", "begins_ms", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
    Index("ix_appointment_to_remind", "begins_ms", sqlite_where=_TO_REMIND, postgresql_where=_TO_REMIND),
)

agent_contact = Table(
    "agent_contact",  # a call or a visit as the agent wrote it down
    metadata,
    Column("contact_id", String(32), primary_key=True),
    Column("agent_id", ForeignKey("agent.agent_id"), nullable=False, index=True),
    Column("person_id", ForeignKey("person.person_id"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("note_enc", LargeBinary),
    Column("recorded_ms", BigInteger, nullable=False),
    Column("erased_ms", BigInteger),
)

agent_rating = Table(
    "agent_rating",  # one of each appointment or contact
    metadata,
    Column("about_id", String(32), primary_key=True),  # the number of what is rated
    Column("agent_id", ForeignKey("agent.agent_id"), nullable=False),
    Column("person_id", ForeignKey("person.person_id"), nullable=False, index=True),
    Column("stars", Integer, nullable=False),
    Column("comment_enc", LargeBinary),
    Column("rated_ms", BigInteger, nullable=False),
    CheckConstraint("stars BETWEEN 1 AND 5", name="one_to_five"),
    Index("ix_agent_rating_agent_id_rated_ms", "agent_id", "rated_ms"),
)

card_link = Table(
    "card_link",  # a link under which anybody sees an agent's card, until it ends
    metadata,
    Column("link_id", String(32), primary_key=True),
    Column("agent_id", ForeignKey("agent.agent_id"), nullable=False, index=True),
    Column("made_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("ended_ms", BigInteger),  # when it was taken back
)

agent_act = Table(
    "agent_act",  # who did what, in a chain of hashes for each customer or agent: storage/agent_acts.py; append-only
    metadata,
    Column("subject", String(48), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("actor_role", String(32), nullable=False),
    Column("action", String(32), nullable=False),
    Column("detail_json", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
