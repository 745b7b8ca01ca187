"""Know your cover: what customers agreed to have kept of their life, and how similar people are covered"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cover_profile",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("assumptions_enc", sa.LargeBinary(), nullable=False),
        sa.Column("consented_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_cover_profile_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_cover_profile")),
    )
    op.create_table(
        "cover_group",
        sa.Column("city", sa.String(length=6), nullable=False),
        sa.Column("age_band", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("cuts_json", sa.Text(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("city", "age_band", "kind", name=op.f("pk_cover_group")),
    )


def downgrade() -> None:
    op.drop_table("cover_group")
    op.drop_table("cover_profile")
