"""What the managers' page counts and the queue filters by stands on the claim and on the decision, with indexes that hold all of it"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("claim", sa.Column("worth_fen", sa.BigInteger()))
    op.add_column("claim", sa.Column("first_paid_ms", sa.BigInteger()))
    op.add_column("claim", sa.Column("completeness", sa.Integer(), server_default="0", nullable=False))
    op.execute(
        "UPDATE claim SET first_paid_ms = (SELECT min(booked_ms) FROM ledger_entry WHERE ledger_entry.claim_id = claim.claim_id"
        " AND debit_account = 'claims_payable' AND credit_account = 'bank'), completeness = CASE"
        " WHEN EXISTS (SELECT 1 FROM notice WHERE notice.claim_id = claim.claim_id AND kind = 'supplement') THEN 2"
        " WHEN EXISTS (SELECT 1 FROM adjudication WHERE adjudication.claim_id = claim.claim_id) THEN 1 ELSE 0 END,"
        " worth_fen = coalesce((SELECT amount_fen FROM decision WHERE decision.claim_id = claim.claim_id AND decision.round = claim.round),"
        " (SELECT proposed_fen FROM adjudication WHERE adjudication.claim_id = claim.claim_id AND adjudication.round = claim.round))"
    )
    # A decision is never changed: those there are keep NULL, and what the rules had worked out is looked up in their adjudication.
    op.add_column("decision", sa.Column("proposed_fen", sa.BigInteger()))
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)
    paid = sa.text("first_paid_ms IS NOT NULL")
    running = sa.text("met_ms IS NULL AND paused_ms IS NULL")
    wide = ["warn_ms", "due_ms", "claim_id"]
    op.create_index("ix_clock_running_warn", "clock", wide, sqlite_where=running, postgresql_where=running)
    # What each of the new ones does as well.
    op.drop_index("ix_clock_running", table_name="clock")
    op.drop_index("ix_claim_queue", table_name="claim")
    op.create_index("ix_claim_first_paid_ms", "claim", ["first_paid_ms", "created_ms"], sqlite_where=paid, postgresql_where=paid)


_INDEXES = (
    (
        "ix_claim_queue_of_state",
        "claim",
        ["state", "urgency_ms", "stake_fen", "created_ms", "claim_id", "channel", "worth_fen"],
    ),
    ("ix_claim_created_ms", "claim", ["created_ms", "completeness"]),
    (
        "ix_decision_decided_ms",
        "decision",
        ["decided_ms", "kind", "actor_role", "round", "claim_id", "amount_fen", "proposed_fen"],
    ),
)


def downgrade() -> None:
    running = sa.text("met_ms IS NULL AND paused_ms IS NULL")
    op.create_index("ix_clock_running", "clock", ["warn_ms"], sqlite_where=running, postgresql_where=running)
    op.drop_index("ix_clock_running_warn", table_name="clock")
    op.create_index("ix_claim_queue", "claim", ["urgency_ms", "stake_fen", "created_ms", "claim_id", "state"])
    op.drop_index("ix_claim_first_paid_ms", table_name="claim")
    for name, table, _ in reversed(_INDEXES):
        op.drop_index(name, table_name=table)
    op.drop_column("decision", "proposed_fen")
    op.drop_column("claim", "completeness")
    op.drop_column("claim", "first_paid_ms")
    op.drop_column("claim", "worth_fen")
