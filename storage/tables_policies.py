"""Tables of policies' money, on the metadata of storage/tables.py."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from storage.tables import BIG_KEY, metadata

policy_contract = Table(
    "policy_contract",  # what a contract agrees about money, beside its row of `policy`
    metadata,
    Column("policy_number", ForeignKey("policy.policy_number"), primary_key=True),
    Column("frequency", String(16), nullable=False),
    Column("premium_fen", BigInteger, nullable=False),  # of one instalment
    Column("payment_years", Integer, nullable=False),
    Column("automatic_premium_loan", Boolean, nullable=False),
    Column("auto_renew", Boolean, nullable=False),
    Column(
        "changes_json", Text, nullable=False, server_default="[]"
    ),  # other ways of paying, each from an anniversary on; only ever added to
    Column("look_on", Date, nullable=False, server_default="0001-01-01"),  # before this day the calendar alone changes nothing of it
    Column("touched", Integer, nullable=False, server_default="0"),  # rises with whatever `look_on` does not know of
    CheckConstraint("premium_fen >= 0", name="premium_not_negative"),
    Index("ix_policy_contract_look_on", "look_on", "policy_number"),
)

policy_entry = Table(
    "policy_entry",  # the ledger of policies: every row a pair, only ever added
    metadata,
    Column("entry_id", BIG_KEY, primary_key=True, autoincrement=True),
    Column("policy_number", ForeignKey("policy_contract.policy_number"), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("debit_account", String(32), nullable=False),
    Column("credit_account", String(32), nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("event", String(96), nullable=False),
    Column("value_date", Date, nullable=False),  # the day in China from which it counts
    Column("booked_ms", BigInteger, nullable=False),
    UniqueConstraint("policy_number", "event", "credit_account"),  # the same event is booked once, however often it is tried
    CheckConstraint("amount_fen > 0", name="amount_positive"),
    CheckConstraint("debit_account <> credit_account", name="two_accounts"),
    Index("ix_policy_entry_policy_number_value_date", "policy_number", "value_date"),
)
