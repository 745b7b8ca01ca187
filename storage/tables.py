"""Every table, once. Times are whole milliseconds of the database's clock; money is whole fen; what names a person is encrypted.

Columns that end in `_enc` hold AES-GCM ciphertext, those in `_index` a keyed hash of the same value for look-up
(see storage/crypto.py). Columns that end in `_json` hold values of `domain` as storage/codec.py writes them; where such
a value may name a person's numbers (what was read from a document, what a hospital stated) it is encrypted as a whole.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BIG_KEY = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows only in a column declared INTEGER

person = Table(
    "person",
    metadata,
    Column("person_id", String(32), primary_key=True),
    Column("name", String(64), nullable=False, index=True),
    Column("birth_date", Date, nullable=False),
    Column("id_number_enc", LargeBinary, nullable=False),
    Column("id_number_index", String(64), nullable=False, unique=True),
    Column("phone_enc", LargeBinary, nullable=False),
    Column("phone_index", String(64), nullable=False),
    Column("has_social_insurance", Boolean),
    Column("region_code", String(12), nullable=False, server_default=""),  # 行政区划代码; "": unknown
    Column("address_index", String(64), nullable=False, server_default=""),  # only to be known again; "": unknown
)

agent = Table(
    "agent",
    metadata,
    Column("agent_id", String(32), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("phone_enc", LargeBinary, nullable=False),
    Column("branch", String(64), nullable=False),
)

hospital = Table(
    "hospital",
    metadata,
    Column("hospital_id", String(32), primary_key=True),
    Column("name", String(128), nullable=False, unique=True),
    Column("grade", String(16), nullable=False),
    Column("ownership", String(16), nullable=False),
    Column("direct_settlement", Boolean, nullable=False),
    Column("account_number", String(32), nullable=False),
)

policy = Table(
    "policy",
    metadata,
    Column("policy_number", String(32), primary_key=True),
    Column("insured_id", ForeignKey("person.person_id"), nullable=False, index=True),
    Column("policyholder_id", ForeignKey("person.person_id"), nullable=False, index=True),
    Column("product", String(64), nullable=False),
    Column("plan", String(64), nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("effective_to", Date, nullable=False),
    Column("first_effective_from", Date, nullable=False),
    Column("sum_insured_fen", BigInteger, nullable=False),
    Column("agent_id", ForeignKey("agent.agent_id"), index=True),
    Column("direct_settlement", Boolean, nullable=False),
    Column("family_id", String(32), nullable=False, server_default=""),
    Column("particulars_json", Text, nullable=False, server_default="{}"),
    Column("changed_on", Date),  # of the last endorsement (批单); NULL: none, or nobody told
    Index("ix_policy_family_id_product", "family_id", "product"),  # who shares the limits of a family is asked for every claim
)

entitlement = Table(
    "entitlement",
    metadata,
    Column("policy_number", ForeignKey("policy.policy_number"), primary_key=True),
    Column("code", String(32), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("used", Integer, nullable=False),
    Column("allowed", Integer),
)

# The time of a claim's nearest clock where none runs: later than all others, so that one index orders the queue.
NO_CLOCK_MS = 2**53 - 1
# Of a claim: whether it was worked out, and whether papers had to be asked for before or after that.
NOTHING_SAID, NOTHING_ASKED, PAPERS_ASKED = 0, 1, 2

claim = Table(
    "claim",
    metadata,
    Column("claim_id", String(32), primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("external_ref", String(128), nullable=False),
    Column("request_hash", String(64), nullable=False),
    Column("state", String(32), nullable=False),
    Column("round", Integer, nullable=False),  # rises when a claim is reopened
    Column("version", Integer, nullable=False),  # rises with every change: what a save is checked against
    Column("insured_id", ForeignKey("person.person_id"), nullable=False),
    Column("policy_numbers_json", Text, nullable=False),
    Column("loss_date", Date),
    Column("loss_cause", String(16)),
    Column("narrative", Text, nullable=False),
    Column("reporter_name", String(64), nullable=False),
    Column("reporter_phone_enc", LargeBinary, nullable=False),
    Column("reporter_phone_index", String(64), nullable=False),
    Column("payee_holder", String(64), nullable=False),
    Column("payee_account_enc", LargeBinary, nullable=False),
    Column("payee_account_index", String(64), nullable=False),
    Column("payee_bank", String(64), nullable=False),
    Column("device_index", String(64), nullable=False),
    Column("hospital_id", ForeignKey("hospital.hospital_id")),
    Column("settlement_enc", LargeBinary),  # what a hospital's direct settlement stated; NULL on every other channel
    Column("created_ms", BigInteger, nullable=False),
    Column("updated_ms", BigInteger, nullable=False),
    Column("audit_seq", Integer, nullable=False),
    Column("audit_hash", String(64), nullable=False),
    Column("erased_ms", BigInteger),  # when what names a person in it was overwritten; NULL: it was not
    Column("event_code", String(32)),  # of the catastrophe it belongs to
    # The order of the queue: the nearest running clock (storage/clocks.py keeps it), then the newest expected loss (storage/decisions.py).
    Column("urgency_ms", BigInteger, nullable=False, server_default=text(str(NO_CLOCK_MS))),
    Column("stake_fen", BigInteger, nullable=False, server_default="0"),
    Column("worth_fen", BigInteger),  # what was decided in its round, else what the rules worked out (storage/decisions.py); NULL: neither
    # What the managers' page counts: when money first reached somebody (storage/ledger.py keeps it; NULL: not yet), and whether papers
    # were asked for (storage/decisions.py, storage/notices.py).
    Column("first_paid_ms", BigInteger),
    Column("completeness", Integer, nullable=False, server_default=text(str(NOTHING_SAID))),
    UniqueConstraint("channel", "external_ref"),
    Index("ix_claim_queue_of_state", "state", "urgency_ms", "stake_fen", "created_ms", "claim_id", "channel", "worth_fen"),
    Index("ix_claim_state_updated_ms", "state", "updated_ms"),
    Index("ix_claim_created_ms", "created_ms", "completeness"),
    Index("ix_claim_first_paid_ms", "first_paid_ms", "created_ms",
          sqlite_where=text("first_paid_ms IS NOT NULL"), postgresql_where=text("first_paid_ms IS NOT NULL")),
    Index("ix_claim_insured_id_created_ms", "insured_id", "created_ms"),  # an agent's customers' claims of 90 days, counted for every claim
    Index("ix_claim_hospital_id_created_ms", "hospital_id", "created_ms"),  # a big hospital's claims of 90 days, counted for every claim
    Index("ix_claim_reporter_phone_head", text("substr(reporter_phone_index, 1, 16)")),  # heads: see storage/heads.py
    Index("ix_claim_payee_account_head", text("substr(payee_account_index, 1, 16)")),
    Index("ix_claim_device_head", text("substr(device_index, 1, 16)")),
    Index("ix_claim_event_code", "event_code",
          sqlite_where=text("event_code IS NOT NULL"), postgresql_where=text("event_code IS NOT NULL")),
)  # fmt: skip

catastrophe_event = Table(
    "catastrophe_event",
    metadata,
    Column("code", String(32), primary_key=True),
    Column("event_json", Text, nullable=False),  # area, period, perils, what is relaxed
    Column("declared_by", String(64), nullable=False),
    Column("declared_ms", BigInteger, nullable=False),
    Column("approved_by", String(64)),
    Column("approved_ms", BigInteger),
    Column("closed_by", String(64)),
    Column("closed_ms", BigInteger),
    CheckConstraint("approved_by <> declared_by", name="two_people"),
)

event_report = Table(
    "event_report",  # what an event came to, written once when it was closed
    metadata,
    Column("code", ForeignKey("catastrophe_event.code"), primary_key=True),
    Column("sha256", String(64), nullable=False),  # of the text beside it
    Column("report_json", Text, nullable=False),
    Column("written_ms", BigInteger, nullable=False),
)

joined_report = Table(
    "joined_report",  # a report that found its claim there already: the channel's number leads to that claim
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("external_ref", String(128), primary_key=True),
    Column("claim_id", ForeignKey("claim.claim_id"), nullable=False, index=True),
    Column("request_hash", String(64), nullable=False),
    Column("joined_ms", BigInteger, nullable=False),
)

document = Table(
    "document",
    metadata,
    Column("document_id", String(32), primary_key=True),
    Column("claim_id", ForeignKey("claim.claim_id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("file_name", String(255), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("media_type", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("document_class", String(32)),
    Column("read_enc", LargeBinary),
    Column("received_ms", BigInteger, nullable=False),
    Column("content_enc", LargeBinary),  # of a small file; NULL: the blob store has it, or the first document of the same file
    UniqueConstraint("claim_id", "seq"),
    Index("ix_document_sha256_head", text("substr(sha256, 1, 16)")),
)

paper_mark = Table(
    "paper_mark",
    metadata,
    Column("document_id", ForeignKey("document.document_id"), primary_key=True),
    Column("number_index", String(64), nullable=False),
    Column("bill_index", String(64), nullable=False),
    Column("name_index", String(64), nullable=False),
    Column("look", String(64), nullable=False),
    Index("ix_paper_mark_number_head", text("substr(number_index, 1, 16)")),
    Index("ix_paper_mark_bill_head", text("substr(bill_index, 1, 16)")),
)

look_part = Table(
    "look_part",
    metadata,
    Column("part", Integer, primary_key=True, autoincrement=False),  # see storage/look_parts.py
    Column("document_id", ForeignKey("document.document_id"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

task = Table(
    "task",
    metadata,
    Column("claim_id", ForeignKey("claim.claim_id"), primary_key=True),
    Column("stage", String(16), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("status", String(8), nullable=False),  # open | done | dead
    Column("available_ms", BigInteger, nullable=False),  # also when a lease ends
    Column("lease_token", String(32), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("last_error", Text, nullable=False),
    CheckConstraint("status IN ('open','done','dead')", name="status"),
    Index("ix_task_open", "available_ms", sqlite_where=text("status = 'open'"), postgresql_where=text("status = 'open'")),
    Index("ix_task_dead", "claim_id", sqlite_where=text("status = 'dead'"), postgresql_where=text("status = 'dead'")),
)

adjudication = Table(
    "adjudication",
    metadata,
    Column("claim_id", ForeignKey("claim.claim_id"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("policies_json", Text, nullable=False),
    Column("allocation_json", Text, nullable=False),
    Column("findings_json", Text, nullable=False),
    Column("score_json", Text, nullable=False),
    Column("route_json", Text, nullable=False),
    Column("proposed_fen", BigInteger, nullable=False),
    Column("expected_loss_fen", BigInteger, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
)

risk_row = Table(
    "risk_row",
    metadata,
    Column("claim_id", ForeignKey("claim.claim_id"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("features_json", Text, nullable=False),
    Column("probability", Float, nullable=False),
    Column("model_hash", String(64), nullable=False),
    Column("audit_inclusion", Float, nullable=False),  # probability of having been drawn for a random audit
    Column("created_ms", BigInteger, nullable=False),
    Column("known_json", Text),  # the entities it was counted for, and what they had in common with it: storage/entities.py
    Column("audit_drawn", Boolean),  # whether it was; NULL: scored before that was kept
    Column("challenger_hash", String(64)),
    Column("challenger_probability", Float),  # of the model in the shadow, if there was one
    Index("ix_risk_row_created_ms", "created_ms"),
)

risk_label = Table(
    "risk_label",  # what people found a claim to be; the last of a claim stands
    metadata,
    Column("label_id", BIG_KEY, primary_key=True, autoincrement=True),
    Column("claim_id", ForeignKey("claim.claim_id"), nullable=False, index=True),
    Column("is_fraud", Boolean, nullable=False),
    Column("known_on", Date, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("actor_role", String(32), nullable=False),
    Column("recorded_ms", BigInteger, nullable=False),
)

risk_release = Table(
    "risk_release",  # a model that one person proposes and another puts in force
    metadata,
    Column("seq", BIG_KEY, primary_key=True, autoincrement=True),
    Column("proposal", BigInteger, unique=True),  # of an approval: the seq it approves
    Column("model_hash", String(64), nullable=False),
    Column("folder", String(255), nullable=False),
    Column("comparison_json", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("actor_role", String(32), nullable=False),
    Column("signed_ms", BigInteger, nullable=False),
)

risk_watch = Table(
    "risk_watch",  # what was watched of the model, once a period
    metadata,
    Column("kind", String(16), primary_key=True),  # day, week, month
    Column("until", Date, primary_key=True),  # the last day of the period
    Column("figures_json", Text, nullable=False),
    Column("written_ms", BigInteger, nullable=False),
)

risk_entity = Table(
    "risk_entity",  # what claims have in common: storage/entities.py
    metadata,
    Column("entity_key", String(56), primary_key=True),  # its kind, and a keyed hash
    Column("kind", String(20), nullable=False),
    Column("recent", Float, nullable=False),
    Column("claims", Integer, nullable=False),
    Column("frauds", Integer, nullable=False),
    Column("log_sum", Float, nullable=False),
    Column("people", Text, nullable=False),
    Column("component", String(56)),
    Column("account", String(56)),
    Column("account_ms", BigInteger),
    Column("touched_ms", BigInteger, nullable=False),
    Index("ix_risk_entity_group_head", text("substr(component, 9, 16)"), "kind"),
    sqlite_with_rowid=False,
)

decision = Table(
    "decision",
    metadata,
    Column("claim_id", ForeignKey("claim.claim_id"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("clause", Text, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("actor_role", String(32), nullable=False),
    Column("inputs_json", Text, nullable=False),  # book hashes, model hash, document hashes, element snapshot
    Column("decided_ms", BigInteger, nullable=False),
    Column(
        "proposed_fen", BigInteger
    ),  # what the rules had worked out; NULL of decisions older than this column: it stands in adjudication
    CheckConstraint("amount_fen >= 0", name="amount_not_negative"),
    Index("ix_decision_decided_ms", "decided_ms", "kind", "actor_role", "round", "claim_id", "amount_fen", "proposed_fen"),
)

accumulator_use = Table(
    "accumulator_use",
    metadata,
    Column("policy_number", ForeignKey("policy.policy_number"), primary_key=True),
    Column("name", String(128), primary_key=True),
    Column("period", String(64), primary_key=True),
    Column("claim_id", ForeignKey("claim.claim_id"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("used", Text, nullable=False),  # an exact fraction, "n/d"
    Column("superseded_by", Integer),  # the round whose decision took its place; a row that has one counts no more
)

payout = Table(
    "payout",
    metadata,
    Column("idempotency_key", String(64), primary_key=True),
    Column("claim_id", ForeignKey("claim.claim_id"), nullable=False),
    Column("round", Integer, nullable=False),
    Column("attempt", Integer, nullable=False, server_default="1"),  # rises when the bank gave the money back and it is ordered anew
    Column("amount_fen", BigInteger, nullable=False),
    Column("payee_holder", String(64), nullable=False),
    Column("payee_account_enc", LargeBinary, nullable=False),
    Column("payee_bank", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("sends", Integer, nullable=False),
    Column("first_sent_ms", BigInteger),
    Column("bank_reference", String(64), unique=True),
    Column("last_error", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    UniqueConstraint("claim_id", "round", "attempt"),
    Index("uq_payout_one_standing", "claim_id", "round", unique=True,
          sqlite_where=text("state NOT IN ('BOUNCED','LATE')"), postgresql_where=text("state NOT IN ('BOUNCED','LATE')")),
    CheckConstraint("amount_fen > 0", name="amount_positive"),
)  # fmt: skip

reconciliation = Table(
    "reconciliation",
    metadata,
    Column("reconciliation_id", BIG_KEY, primary_key=True, autoincrement=True),
    Column("day", Date, nullable=False, index=True),
    Column("source", String(255), nullable=False),  # the bank's address, or the name of the file
    Column("statement_sha256", String(64), nullable=False),
    Column("matched", Integer, nullable=False),
    Column("matched_fen", BigInteger, nullable=False),
    Column("differences", Integer, nullable=False),
    Column("findings_json", Text, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("done_ms", BigInteger, nullable=False),
)

_OF_RECOVERABLES = "debit_account = 'claims_recoverable' OR credit_account = 'claims_recoverable'"

ledger_entry = Table(
    "ledger_entry",
    metadata,
    Column("entry_id", BIG_KEY, primary_key=True, autoincrement=True),
    Column("claim_id", ForeignKey("claim.claim_id"), nullable=False, index=True),
    Column("policy_number", String(32), nullable=False),
    Column("debit_account", String(32), nullable=False),
    Column("credit_account", String(32), nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("event", String(128), nullable=False),
    Column("booked_ms", BigInteger, nullable=False, index=True),
    UniqueConstraint("event", "policy_number", "debit_account"),  # the same event is booked once, however often it is tried
    CheckConstraint("amount_fen > 0", name="amount_positive"),
    CheckConstraint("debit_account <> credit_account", name="two_accounts"),
    Index("ix_ledger_entry_recoverable", "claim_id", sqlite_where=text(_OF_RECOVERABLES), postgresql_where=text(_OF_RECOVERABLES)),
)

receipt = Table(
    "receipt",  # money that came back from a customer, once each
    metadata,
    Column("bank_reference", String(64), primary_key=True),
    Column("claim_id", ForeignKey("claim.claim_id"), nullable=False, index=True),
    Column("amount_fen", BigInteger, nullable=False),
    Column("day", Date, nullable=False, index=True),  # of the bank's statement that tells it
    Column("actor", String(64), nullable=False),
    Column("booked_ms", BigInteger, nullable=False),
    CheckConstraint("amount_fen > 0", name="amount_positive"),
)

write_off = Table(
    "write_off",
    metadata,
    Column("claim_id", ForeignKey("claim.claim_id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("amount_fen", BigInteger, nullable=False),
    Column("proposed_by", String(64), nullable=False),
    Column("proposed_ms", BigInteger, nullable=False),
    Column("signed_by", String(64)),  # the second person; NULL also where the first one's authority was enough
    Column("booked_ms", BigInteger),  # NULL: it waits for the second person
    CheckConstraint("amount_fen > 0", name="amount_positive"),
    CheckConstraint("signed_by <> proposed_by", name="two_people"),
)

offset_arranged = Table(
    "offset_arranged",  # that a payout is made smaller by what another claim of the same insured owes: booked by its decision
    metadata,
    Column("claim_id", ForeignKey("claim.claim_id"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("owing_claim_id", ForeignKey("claim.claim_id"), nullable=False, index=True),
    Column("amount_fen", BigInteger, nullable=False),  # at most
    Column("arranged_by", String(64), nullable=False),
    Column("arranged_ms", BigInteger, nullable=False),
    CheckConstraint("amount_fen > 0", name="amount_positive"),
    CheckConstraint("claim_id <> owing_claim_id", name="two_claims"),
)

clock = Table(
    "clock",
    metadata,
    Column("claim_id", ForeignKey("claim.claim_id"), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("started_ms", BigInteger, nullable=False),
    Column("due_ms", BigInteger, nullable=False),
    Column("paused_ms", BigInteger),
    Column("pause_reason", String(128), nullable=False),
    Column("met_ms", BigInteger),
    Column("warn_ms", BigInteger),  # when people are told that it will be missed; NULL of clocks older than warnings
    Column("warned_ms", BigInteger),
    Column("breached_ms", BigInteger),  # when it was found that it had been missed
    Index("ix_clock_running_warn", "warn_ms", "due_ms", "claim_id",
          sqlite_where=text("met_ms IS NULL AND paused_ms IS NULL"), postgresql_where=text("met_ms IS NULL AND paused_ms IS NULL")),
)  # fmt: skip

message = Table(
    "message",  # the outbox: what is to be told, to whom, by which way; written with what it tells
    metadata,
    Column("message_id", String(32), primary_key=True),  # also the key under which a gateway gets it
    Column("claim_id", ForeignKey("claim.claim_id"), nullable=False, index=True),
    Column("notice_id", ForeignKey("notice.notice_id")),  # NULL of what is told to staff
    Column("way", String(16), nullable=False),  # app_push | sms | mail | staff
    Column("recipient_enc", LargeBinary, nullable=False),  # a phone number, a customer's number, an address, a role
    Column("subject", String(128), nullable=False),
    Column("body", Text, nullable=False),
    Column("status", String(8), nullable=False),  # open | sent | dead
    Column("available_ms", BigInteger, nullable=False),  # also when a lease ends
    Column("lease_token", String(32), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("last_error", Text, nullable=False),
    Column("reference", String(128), nullable=False),  # the gateway's own number, "" when it gives none
    Column("created_ms", BigInteger, nullable=False),
    Column("sent_ms", BigInteger),
    CheckConstraint("status IN ('open','sent','dead')", name="status"),
    Index("ix_message_open", "available_ms", sqlite_where=text("status = 'open'"), postgresql_where=text("status = 'open'")),
)

customer_message = Table(
    "customer_message",  # the outbox for what belongs to no claim; its columns are those of `message`
    metadata,
    Column("message_id", String(32), primary_key=True),
    Column("person_id", ForeignKey("person.person_id"), index=True),  # whom it is about; NULL: nobody, or not to be told
    Column("way", String(16), nullable=False),
    Column("recipient_enc", LargeBinary, nullable=False),
    Column("subject", String(128), nullable=False),
    Column("body", Text, nullable=False),
    Column("status", String(8), nullable=False),
    Column("available_ms", BigInteger, nullable=False),
    Column("lease_token", String(32), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("last_error", Text, nullable=False),
    Column("reference", String(128), nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("sent_ms", BigInteger),
    CheckConstraint("status IN ('open','sent','dead')", name="status"),
    Index("ix_customer_message_open", "available_ms", sqlite_where=text("status = 'open'"), postgresql_where=text("status = 'open'")),
)

notice = Table(
    "notice",
    metadata,
    Column("notice_id", String(32), primary_key=True),
    Column("claim_id", ForeignKey("claim.claim_id"), nullable=False, index=True),
    Column("round", Integer, nullable=False),
    Column("kind", String(32), nullable=False),  # supplement | decision | repayment | offset | report_received …
    Column("subject", String(128), nullable=False),
    Column("body", Text, nullable=False),
    Column("items_json", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("letter_due_ms", BigInteger),  # when its letters are to be printed, also when a lease ends; NULL: they are, or there are none
    Index("ix_notice_letter_due", "letter_due_ms",
          sqlite_where=text("letter_due_ms IS NOT NULL"), postgresql_where=text("letter_due_ms IS NOT NULL")),
    Index("uq_notice_one_supplement", "claim_id", "round", unique=True,
          sqlite_where=text("kind = 'supplement'"), postgresql_where=text("kind = 'supplement'")),
)  # fmt: skip

letter = Table(
    "letter",  # one row a file: the PDF may follow the HTML when a font is there; the bytes lie in the blob store
    metadata,
    Column("letter_id", String(32), primary_key=True),  # made from the notice and the kind: printing again is the same letter
    Column("format", String(8), primary_key=True),  # html | pdf
    Column("claim_id", ForeignKey("claim.claim_id"), nullable=False, index=True),
    Column("round", Integer, nullable=False),
    Column("kind", String(16), nullable=False),  # see domain/letter.py
    Column("notice_id", ForeignKey("notice.notice_id"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Index(
        "ix_letter_pdf_head", text("substr(sha256, 1, 16)"), sqlite_where=text("format = 'pdf'"), postgresql_where=text("format = 'pdf'")
    ),
)

audit = Table(
    "audit",
    metadata,
    Column("claim_id", ForeignKey("claim.claim_id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("actor_role", String(32), nullable=False),
    Column("action", String(64), nullable=False),
    Column("detail_json", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

audit_text = Table(
    "audit_text",  # the free words of an entry, whose chain holds a keyed hash of them: they can be erased
    metadata,
    Column("claim_id", String(32), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("text_enc", LargeBinary, nullable=False),
    ForeignKeyConstraint(["claim_id", "seq"], ["audit.claim_id", "audit.seq"]),
)

rule_content = Table(
    "rule_content",
    metadata,
    Column("sha256", String(64), primary_key=True),  # of the bytes beside it
    Column("content", LargeBinary, nullable=False),  # a rule book, or all files of a medical base as one
    Column("kept_ms", BigInteger, nullable=False),
)

book_act = Table(
    "book_act",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # one chain over all products
    Column("at_ms", BigInteger, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("actor_role", String(32), nullable=False),
    Column("act", String(16), nullable=False),  # shipped | proposed | approved
    Column("product", String(64), nullable=False),
    Column("book_sha256", ForeignKey("rule_content.sha256"), nullable=False),
    Column("base_sha256", ForeignKey("rule_content.sha256"), nullable=False),
    Column("effective", Date, nullable=False),
    Column("proposal", Integer, unique=True),  # which proposal is approved: each at most once
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    CheckConstraint("(act = 'approved') = (proposal IS NOT NULL)", name="approves_a_proposal"),
    Index("ix_book_act_product_effective", "product", "effective"),
)

book_draft = Table(
    "book_draft",  # what an actuary is writing: it decides nothing
    metadata,
    Column("product", String(64), primary_key=True),
    Column("author", String(64), primary_key=True),
    Column("text", Text, nullable=False),
    Column("begun_from", String(64), nullable=False),  # the hash of the book it began as; "": a new product
    Column("version", Integer, nullable=False),
    Column("saved_ms", BigInteger, nullable=False),
)

book_simulation = Table(
    "book_simulation",
    metadata,
    Column("simulation_id", String(32), primary_key=True),  # sorts by age
    Column("product", String(64), nullable=False),
    Column("base_book", String(64), nullable=False),
    Column("draft_sha256", String(64), nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("asked_by", String(64), nullable=False),
    Column("begun_ms", BigInteger, nullable=False),
    Column("told_ms", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),  # running | done | cancelled | failed
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("change_fen", BigInteger),
    Column("report_json", Text),
    Column("error", Text, nullable=False),
    Index("ix_book_simulation_product_draft_sha256", "product", "draft_sha256"),
)

staff = Table(
    "staff",
    metadata,
    Column("user_name", String(64), primary_key=True),
    Column("display_name", String(64), nullable=False),
    Column("role", String(32), nullable=False),
    Column("authority_fen", BigInteger, nullable=False),
    Column("password_hash", String(255), nullable=False),  # "": comes in by the identity provider alone
    Column("active", Boolean, nullable=False),
    Column("subject", String(255)),  # who they are at the identity provider, "issuer subject"; NULL: an account of ours
    Index("ix_staff_subject", "subject", unique=True),
)

staff_session = Table(
    "staff_session",  # a log-in that is good: its cookie is worth nothing without the row
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_name", String(64), nullable=False, index=True),
    Column("begun_ms", BigInteger, nullable=False, index=True),
    Column("seen_ms", BigInteger, nullable=False),
)

api_client = Table(
    "api_client",
    metadata,
    Column("client_id", String(64), primary_key=True),
    Column("role", String(32), nullable=False),  # app | hotline | hospital
    Column("hospital_id", ForeignKey("hospital.hospital_id")),
    Column("secret_hash", String(64), nullable=False, unique=True),  # sha256 of a 256-bit random secret
    Column("scope", Text, nullable=False, server_default=""),  # the actions it may have, apart by spaces; "": all of its role
)

channel_secret = Table(
    "channel_secret",  # with which a channel fetches tokens: two at a time while one takes over from the other
    metadata,
    Column("secret_id", String(32), primary_key=True),
    Column("client_id", ForeignKey("api_client.client_id"), nullable=False, index=True),
    Column("secret_hash", String(255), nullable=False),  # argon2id
    Column("created_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger),  # NULL: until it is rotated
)

access_token = Table(
    "access_token",
    metadata,
    Column("token_hash", String(64), primary_key=True),  # sha256 of a 256-bit random token
    Column("client_id", ForeignKey("api_client.client_id"), nullable=False, index=True),
    Column("scope", Text, nullable=False),
    Column("expires_ms", BigInteger, nullable=False, index=True),
)

customer_token = Table(
    "customer_token",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("person_id", ForeignKey("person.person_id"), nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
)

webhook = Table(
    "webhook",  # where a channel wants to be told what becomes of claims
    metadata,
    Column("webhook_id", String(32), primary_key=True),
    Column("client_id", ForeignKey("api_client.client_id"), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("secret_enc", LargeBinary, nullable=False),
    Column("earlier_secret_enc", LargeBinary),  # signs beside the newer one until `earlier_until_ms`
    Column("earlier_until_ms", BigInteger),
    Column("created_ms", BigInteger, nullable=False),
    Column("ended_ms", BigInteger),  # NULL: it is told
)

webhook_attempt = Table(
    "webhook_attempt",  # the delivery log: one row each time a message was offered
    metadata,
    Column("attempt_id", BIG_KEY, primary_key=True, autoincrement=True),
    Column("webhook_id", ForeignKey("webhook.webhook_id"), nullable=False),
    Column("message_id", ForeignKey("message.message_id"), nullable=False, index=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("elapsed_ms", Integer, nullable=False),
    Column("status", Integer),  # of HTTP; NULL: there was no answer
    Column("error", String(255), nullable=False),
    Index("ix_webhook_attempt_webhook_id_attempt_id", "webhook_id", "attempt_id"),
)

key_rotation = Table(
    "key_rotation",  # how far what is stored was brought to a key
    metadata,
    Column("key_id", String(8), primary_key=True),
    Column("table_name", String(64), primary_key=True),
    Column("after_json", Text, nullable=False),  # the primary key of the last row that was looked at; "": from the beginning
    Column("is_done", Boolean, nullable=False),
)

# An answer given to a call that carried an Idempotency-Key, for as long as it may be asked for again.
answered_call = Table(
    "answered_call",
    metadata,
    Column("asker", String(96), primary_key=True),
    Column("key_index", String(64), primary_key=True),  # a keyed hash: nobody promises that a key names no person
    Column("request_hash", String(64), nullable=False),
    Column("begun_ms", BigInteger, nullable=False, index=True),
    Column("status", Integer),  # None: it is being done
    Column("answer_enc", LargeBinary),
)

# Who has a claim's page open. A lease is who works on it: at most one at a time, for as long as their page says so.
claim_presence = Table(
    "claim_presence",
    metadata,
    Column("claim_id", ForeignKey("claim.claim_id"), primary_key=True),
    Column("user_name", String(64), primary_key=True),
    Column("seen_ms", BigInteger, nullable=False, index=True),
)

claim_lease = Table(
    "claim_lease",
    metadata,
    Column("claim_id", ForeignKey("claim.claim_id"), primary_key=True),
    Column("user_name", String(64), nullable=False),
    Column("since_ms", BigInteger, nullable=False),
    Column("until_ms", BigInteger, nullable=False),
)

claim_snooze = Table(
    "claim_snooze",  # 搁置: it leaves the queue until then, or until it changes; its clocks run on
    metadata,
    Column("claim_id", ForeignKey("claim.claim_id"), primary_key=True),
    Column("version", Integer, nullable=False),  # of the claim when it was set aside
    Column("user_name", String(64), nullable=False),
    Column("until_ms", BigInteger, nullable=False, index=True),
)

pending_verdict = Table(
    "pending_verdict",  # 撤回期: it takes effect at `due_ms`, unless whoever gave it takes it back, or the claim changes
    metadata,
    Column("claim_id", ForeignKey("claim.claim_id"), primary_key=True),
    Column("version", Integer, nullable=False),  # of the claim since it was given
    Column("act", String(16), nullable=False),
    Column("wanted_enc", LargeBinary, nullable=False),
    Column("amount_fen", BigInteger),
    Column("waived_fen", BigInteger, nullable=False),
    Column("user_name", String(64), nullable=False, index=True),
    Column("given_ms", BigInteger, nullable=False),
    Column("due_ms", BigInteger, nullable=False),
)

claim_referral = Table(
    "claim_referral",  # 转交、上报: whose turn it is in this round; `to_user` or `to_role`, the other is ""
    metadata,
    Column("claim_id", ForeignKey("claim.claim_id"), primary_key=True),
    Column("round", Integer, nullable=False),
    Column("to_user", String(64), nullable=False, index=True),
    Column("to_role", String(32), nullable=False, index=True),
    Column("is_escalation", Boolean, nullable=False),
    Column("by_user", String(64), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)

claim_attachment = Table(
    "claim_attachment",  # 附件: files of adjusters, beside the claim; nothing reads them
    metadata,
    Column("attachment_id", String(32), primary_key=True),
    Column("claim_id", ForeignKey("claim.claim_id"), nullable=False, index=True),
    Column("sha256", String(64), nullable=False),
    Column("file_name", String(255), nullable=False),
    Column("media_type", String(64), nullable=False),
    Column("added_by", String(64), nullable=False),
    Column("added_ms", BigInteger, nullable=False),
    Index("ix_claim_attachment_sha256_head", text("substr(sha256, 1, 16)")),
)

claim_mention = Table(
    "claim_mention",  # who was named with @ in a comment, until they have seen it
    metadata,
    Column("user_name", String(64), primary_key=True),
    Column("claim_id", ForeignKey("claim.claim_id"), primary_key=True, index=True),
    Column("by_user", String(64), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)

queue_view = Table(
    "queue_view",  # what somebody keeps of the queue: a name, and the filters and columns it stands for
    metadata,
    Column("user_name", String(64), primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("query", String(512), nullable=False),
)

upload = Table(
    "upload",  # a file that comes in parts, until it is claimed with or runs out
    metadata,
    Column("upload_id", String(32), primary_key=True),
    Column("asker", String(96), nullable=False, index=True),
    Column("file_name", String(255), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("received_bytes", Integer, nullable=False),
    Column("expires_ms", BigInteger, nullable=False, index=True),
)

upload_part = Table(
    "upload_part",
    metadata,
    Column("upload_id", ForeignKey("upload.upload_id"), primary_key=True),
    Column("start_byte", Integer, primary_key=True),
    Column("content_enc", LargeBinary, nullable=False),
)

look_up = Table(
    "look_up",  # who looked whom up at the telephone desk, in a chain of hashes for each who looks: storage/look_ups.py; append-only
    metadata,
    Column("actor", String(64), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at_ms", BigInteger, nullable=False, index=True),
    Column("actor_role", String(32), nullable=False),
    Column("clue", String(16), nullable=False),
    Column("found_json", Text, nullable=False),  # the numbers of the people that were found
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
