"""Claims of an insured by the time they came in: what is counted for every claim looks no further back than it must"""

from alembic import op

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_claim_insured_id_created_ms", "claim", ["insured_id", "created_ms"])
    op.drop_index("ix_claim_insured_id", "claim")


def downgrade() -> None:
    op.create_index("ix_claim_insured_id", "claim", ["insured_id"])
    op.drop_index("ix_claim_insured_id_created_ms", "claim")
