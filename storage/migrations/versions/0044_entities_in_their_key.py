"""Entities: on SQLite a row lies in the order of its key, so that finding it is one descent and not two (storage/entities.py)

Nothing stored changes, and PostgreSQL has nothing to do. The table is written anew within the step: with millions of
entities that takes a minute and as much free disk as they take now. A process of the version before goes on beside it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0040"
branch_labels = None
depends_on = None

_COLUMNS = (
    *("entity_key", "kind", "recent", "claims", "frauds", "log_sum", "people"),
    *("component", "account", "account_ms", "touched_ms"),
)


def upgrade() -> None:
    _write_anew(with_rowid=False)


def downgrade() -> None:
    _write_anew(with_rowid=True)


def _write_anew(*, with_rowid: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.create_table(
        "risk_entity_anew",
        sa.Column("entity_key", sa.String(length=56), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("recent", sa.Float(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("frauds", sa.Integer(), nullable=False),
        sa.Column("log_sum", sa.Float(), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("component", sa.String(length=56), nullable=True),
        sa.Column("account", sa.String(length=56), nullable=True),
        sa.Column("account_ms", sa.BigInteger(), nullable=True),
        sa.Column("touched_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("entity_key", name=op.f("pk_risk_entity")),
        sqlite_with_rowid=with_rowid,
    )
    columns = ", ".join(_COLUMNS)
    op.execute(f"INSERT INTO risk_entity_anew ({columns}) SELECT {columns} FROM risk_entity ORDER BY entity_key")  # noqa: S608 - the step's own names
    op.drop_table("risk_entity")  # and its index
    op.rename_table("risk_entity_anew", "risk_entity")
    op.create_index("ix_risk_entity_group_head", "risk_entity", [sa.text("substr(component, 9, 16)"), "kind"])
