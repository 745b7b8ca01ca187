"""Tables of reminders (提醒), on the metadata of storage/tables.py. No amount stands here: it is worked out when it is asked for."""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, text

from storage.tables import metadata

_WITH_WORDS = text("message_id <> ''")

reminder = Table(
    "reminder",  # that something was told; its key lets it be told once, whoever tries
    metadata,
    Column("policy_number", ForeignKey("policy.policy_number"), primary_key=True),
    Column("occasion", String(32), primary_key=True),
    Column("due_on", Date, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("person_id", ForeignKey("person.person_id"), nullable=False, index=True),  # who was told
    Column("told_on", Date, nullable=False, index=True),  # the day in China
    Column("told_ms", BigInteger, nullable=False),
    Column("way", String(16), nullable=False),  # "": the customer has switched this kind off
    Column("message_id", String(32), nullable=False, index=True),  # in customer_message; "": none, or its words are gone
    Index("ix_reminder_with_words", "told_on", sqlite_where=_WITH_WORDS, postgresql_where=_WITH_WORDS),
)

notice_preference = Table(
    "notice_preference",  # how a customer wishes to be told; whoever chose nothing has no row
    metadata,
    Column("person_id", ForeignKey("person.person_id"), primary_key=True),
    Column("kinds_json", Text, nullable=False),
    Column("quiet_from", Integer),  # minutes of the day in China; NULL: no quiet hours
    Column("quiet_until", Integer),
    Column("mail_enc", LargeBinary, nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
)

reminder_sweep = Table(
    "reminder_sweep",  # how far the reminders of a day have come through the policies
    metadata,
    Column("day", Date, primary_key=True),
    Column("after", String(32), nullable=False),
    Column("ended_ms", BigInteger),
    Column("skipped", Integer, nullable=False, server_default="0"),  # policies whose figures could not be worked out
)
