"""The order of the queue stands on the claim: its nearest running clock and what is at stake, with an index of that order"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0030"
branch_labels = None
depends_on = None

_NO_CLOCK_MS = 2**53 - 1


def upgrade() -> None:
    far = sa.text(str(_NO_CLOCK_MS))
    op.add_column("claim", sa.Column("urgency_ms", sa.BigInteger(), server_default=far, nullable=False))
    op.add_column("claim", sa.Column("stake_fen", sa.BigInteger(), server_default="0", nullable=False))
    op.execute(
        "UPDATE claim SET urgency_ms = coalesce((SELECT min(due_ms) FROM clock WHERE clock.claim_id = claim.claim_id"
        f" AND met_ms IS NULL AND paused_ms IS NULL), {_NO_CLOCK_MS}), stake_fen = coalesce((SELECT expected_loss_fen FROM adjudication"
        " WHERE adjudication.claim_id = claim.claim_id AND adjudication.round = claim.round), 0)"
    )
    op.create_index("ix_claim_queue", "claim", ["urgency_ms", "stake_fen", "created_ms", "claim_id", "state"])


def downgrade() -> None:
    op.drop_index("ix_claim_queue", table_name="claim")
    op.drop_column("claim", "stake_fen")
    op.drop_column("claim", "urgency_ms")
