"""Shorter indexes: hashes are found by their heads, and two indexes that nobody reads go (storage/heads.py)

Nothing stored changes. A process of the version before goes on beside it and finds the same, only without an index: with
millions of claims replace it soon.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0026"
branch_labels = None
depends_on = None

_HEADS = {  # the new index: its table, the column, the index that it takes the place of
    "ix_claim_reporter_phone_head": ("claim", "reporter_phone_index", "ix_claim_reporter_phone_index"),
    "ix_claim_payee_account_head": ("claim", "payee_account_index", "ix_claim_payee_account_index"),
    "ix_claim_device_head": ("claim", "device_index", "ix_claim_device_index"),
    "ix_document_sha256_head": ("document", "sha256", "ix_document_sha256"),
    "ix_paper_mark_number_head": ("paper_mark", "number_index", "ix_paper_mark_number_index"),
    "ix_paper_mark_bill_head": ("paper_mark", "bill_index", "ix_paper_mark_bill_index"),
}
_UNREAD = {"ix_person_phone_index": ("person", "phone_index"), "ix_document_claim_id": ("document", "claim_id")}


def upgrade() -> None:
    for name, (table, column, longer) in _HEADS.items():
        op.create_index(name, table, [sa.text(f"substr({column}, 1, 16)")])
        op.drop_index(longer, table)
    op.create_index("ix_risk_entity_group_head", "risk_entity", [sa.text("substr(component, 9, 16)"), "kind"])
    op.drop_index("ix_risk_entity_component_kind", "risk_entity")
    for name, (table, _) in _UNREAD.items():
        op.drop_index(name, table)


def downgrade() -> None:
    for name, (table, column) in _UNREAD.items():
        op.create_index(name, table, [column])
    op.create_index("ix_risk_entity_component_kind", "risk_entity", ["component", "kind"])
    op.drop_index("ix_risk_entity_group_head", "risk_entity")
    for name, (table, column, longer) in _HEADS.items():
        op.create_index(longer, table, [column])
        op.drop_index(name, table)
