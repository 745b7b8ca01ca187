"""Tables of servicing (保全), on the metadata of storage/tables.py: transactions, codes, signatures, money, endorsements."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.tables import metadata

_OPEN = text("state IN ('waiting','moving')")
_TO_SEND = text("state IN ('ORDERED','SENT')")
_TO_PRINT = text("print_due_ms IS NOT NULL")
_IS_PDF = text("format = 'pdf'")

servicing_transaction = Table(
    "servicing_transaction",  # one wish of a customer under a servicing item, from its quote to its end
    metadata,
    Column("transaction_id", String(32), primary_key=True),
    Column("policy_number", ForeignKey("policy.policy_number"), nullable=False, index=True),
    Column("person_id", ForeignKey("person.person_id"), nullable=False, index=True),  # who asked
    Column("item", String(32), nullable=False),
    Column("item_version", String(64), nullable=False),  # the hash of the item's file
    Column("state", String(8), nullable=False),
    Column("day", Date, nullable=False),  # from which it counts
    Column("fields_enc", LargeBinary, nullable=False),  # what the customer wrote: accounts, phone, address
    Column("text_enc", LargeBinary, nullable=False),  # what is signed, word by word
    Column("text_sha256", String(64), nullable=False),
    Column("figures_json", Text, nullable=False),
    Column("entries_json", Text, nullable=False),  # what is booked when the money has moved
    Column("quoted_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("signed_ms", BigInteger),
    Column("due_ms", BigInteger),  # of one that a person decides
    Column("ended_ms", BigInteger),
    Column("decided_by", String(64), nullable=False),  # who let it through or refused it; "": nobody had to
    Column("reason", Text, nullable=False),  # why it was refused
    Column("print_due_ms", BigInteger),  # when its endorsement is to be printed; NULL: it is, or there is none
    CheckConstraint("state IN ('quoted','waiting','moving','done','refused')", name="state"),
    Index("uq_servicing_transaction_one_open", "policy_number", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_servicing_transaction_print_due", "print_due_ms", sqlite_where=_TO_PRINT, postgresql_where=_TO_PRINT),
)

servicing_code = Table(
    "servicing_code",  # a one-time code (验证码), and how often it was tried
    metadata,
    Column("code_id", String(32), primary_key=True),
    Column("transaction_id", ForeignKey("servicing_transaction.transaction_id"), nullable=False, index=True),
    Column("code_mac", String(128), nullable=False),  # never the code itself
    Column("message_id", String(32), nullable=False),  # that brings it: its words are destroyed when the code is of no use any more
    Column("tries", Integer, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("passed_ms", BigInteger),
)

servicing_signature = Table(
    "servicing_signature",  # an electronic signature (电子签名): what was signed, when, by whom, how they were known; only ever added
    metadata,
    Column("transaction_id", ForeignKey("servicing_transaction.transaction_id"), primary_key=True),
    Column("person_id", ForeignKey("person.person_id"), nullable=False),
    Column("text_sha256", String(64), nullable=False),
    Column("signed_ms", BigInteger, nullable=False),
    Column("level", String(8), nullable=False),
    Column("proof", String(64), nullable=False),  # the number of the code, or the likeness of the faces
    Column("seal", String(128), nullable=False),  # a keyed hash over all of it
)

servicing_order = Table(
    "servicing_order",  # money on its way to a customer, or from one
    metadata,
    Column("idempotency_key", String(64), primary_key=True),
    Column("transaction_id", ForeignKey("servicing_transaction.transaction_id"), nullable=False),
    Column("direction", String(8), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("holder", String(64), nullable=False),
    Column("account_enc", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False),
    Column("sends", Integer, nullable=False),
    Column("first_sent_ms", BigInteger),
    Column("bank_reference", String(64)),
    Column("last_error", Text, nullable=False),
    Column("available_ms", BigInteger, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("answered_ms", BigInteger, index=True),  # when the bank confirmed or refused it
    UniqueConstraint("transaction_id", "attempt"),
    CheckConstraint("amount_fen > 0", name="amount_positive"),
    CheckConstraint("direction IN ('pay','collect')", name="direction"),
    Index("ix_servicing_order_to_send", "available_ms", sqlite_where=_TO_SEND, postgresql_where=_TO_SEND),
)

endorsement = Table(
    "endorsement",  # a printed endorsement (批单), by the hash of its bytes
    metadata,
    Column("transaction_id", ForeignKey("servicing_transaction.transaction_id"), primary_key=True),
    Column("format", String(8), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Index("ix_endorsement_pdf_head", text("substr(sha256, 1, 16)"), sqlite_where=_IS_PDF, postgresql_where=_IS_PDF),
)

servicing_sweep = Table(
    "servicing_sweep",  # how far the chores of a day have come through the policies
    metadata,
    Column("day", Date, primary_key=True),
    Column("after", String(32), nullable=False),  # the last policy that was looked at, while all of some products are
    Column("ended_ms", BigInteger),
    Column("terms_json", Text),  # the products' terms by their hash when it began; NULL: of a sweep that looked at everything
)
