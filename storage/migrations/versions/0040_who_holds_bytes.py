"""Erasure: who else holds stored bytes is found by an index; of letters and endorsements the PDFs alone, as no paper is HTML"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0034"
branch_labels = None
depends_on = None

_HEAD = sa.text("substr(sha256, 1, 16)")
_IS_PDF = sa.text("format = 'pdf'")
_PRINTED = {"ix_letter_pdf_head": "letter", "ix_endorsement_pdf_head": "endorsement"}


def upgrade() -> None:
    for name, table in _PRINTED.items():
        op.create_index(name, table, [_HEAD], sqlite_where=_IS_PDF, postgresql_where=_IS_PDF)
    op.create_index("ix_claim_attachment_sha256_head", "claim_attachment", [_HEAD])
    op.drop_index("ix_claim_attachment_sha256", "claim_attachment")


def downgrade() -> None:
    op.create_index("ix_claim_attachment_sha256", "claim_attachment", ["sha256"])
    op.drop_index("ix_claim_attachment_sha256_head", "claim_attachment")
    for name, table in _PRINTED.items():
        op.drop_index(name, table)
