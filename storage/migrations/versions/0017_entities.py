"""What claims have in common, counted; what an address and an endorsement tell

Claims that were scored before are counted here, in the order they came in, so that the first claim after the step is not
taken for the first of its account.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import context, op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_LANDMARK_MS, _HALF_LIFE_MS = 1_577_836_800_000, 90 * 86_400_000  # as in storage/entities.py on the day of this step
_MOST_PEOPLE, _HUB, _MARK = 50, 20, 16


def upgrade() -> None:
    op.add_column("person", sa.Column("address_index", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("policy", sa.Column("changed_on", sa.Date(), nullable=True))
    op.add_column("risk_row", sa.Column("known_json", sa.Text(), nullable=True))
    op.create_index("ix_risk_row_created_ms", "risk_row", ["created_ms"])
    entity = op.create_table(
        "risk_entity",
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
    )
    op.create_index("ix_risk_entity_component_kind", "risk_entity", ["component", "kind"])
    _count_the_past(entity)


def downgrade() -> None:
    op.drop_table("risk_entity")
    op.drop_index("ix_risk_row_created_ms", "risk_row")
    for table, column in (("risk_row", "known_json"), ("policy", "changed_on"), ("person", "address_index")):
        op.drop_column(table, column)


_CLAIMS = sa.text(
    "SELECT c.claim_id, c.insured_id, c.reporter_phone_index AS phone, c.payee_account_index AS account, c.device_index AS device,"
    " c.hospital_id AS hospital, c.settlement_enc IS NOT NULL AS settled, c.policy_numbers_json AS policies, c.created_ms, r.round"
    " FROM claim c LEFT JOIN risk_row r ON r.claim_id = c.claim_id"
    " AND r.round = (SELECT max(round) FROM risk_row l WHERE l.claim_id = c.claim_id) WHERE c.erased_ms IS NULL ORDER BY c.created_ms, c.claim_id"
)


def _count_the_past(entity: sa.Table) -> None:
    connection, cipher = op.get_bind(), context.config.attributes["cipher"]
    agents = connection.execute(sa.text("SELECT policy_number, agent_id FROM policy WHERE agent_id IS NOT NULL"))
    sold: dict[str, str] = {each.policy_number: each.agent_id for each in agents}
    rows: dict[str, dict[str, Any]] = {}
    known: list[dict[str, Any]] = []
    for claim in connection.execute(_CLAIMS).all():
        agent = next((sold[each] for each in sorted(json.loads(claim.policies)) if each in sold), "")
        told = {
            "insured": claim.insured_id,
            "phone": claim.phone,
            "account": "" if claim.settled else claim.account,
            "device": claim.device,
            "hospital": claim.hospital,
            "agent": agent,
            "hospital_agent": f"{claim.hospital} {agent}" if claim.hospital and agent else "",
        }
        keys = {kind: f"{kind}:{cipher.lasting(f'{kind} {cipher.oldest(value)}')[:32]}" for kind, value in told.items() if value}
        mark = keys["insured"][-_MARK:]
        reported = claim.round is None  # and not scored: it is remembered, and not counted yet
        for kind, key in keys.items() if not reported else [pair for pair in keys.items() if pair[0] in ("phone", "account", "device")]:
            row = rows.setdefault(key, _nothing(key, kind))
            people = str(row["people"])
            if kind != "insured" and mark not in people and len(people) < _MOST_PEOPLE * _MARK:
                row["people"] = people + mark
            row["touched_ms"] = claim.created_ms
            if reported:
                continue
            row["recent"] += 2 ** ((claim.created_ms - _LANDMARK_MS) / _HALF_LIFE_MS)
            row["claims"] += 1
        if reported:
            continue
        if "account" in keys:
            _note_account(rows[keys["insured"]], keys["account"], claim.created_ms)
        known.append({"of_claim": claim.claim_id, "of_round": claim.round, "known": json.dumps({"keys": keys, "entities": {}})})
    _link(rows, known)
    if rows:
        op.bulk_insert(entity, [rows[key] for key in sorted(rows)])
    if known:  # claims may wait that none was scored of
        keep = sa.text("UPDATE risk_row SET known_json = :known WHERE claim_id = :of_claim AND round = :of_round")
        if known:  # claims may all be unscored yet
            connection.execute(keep, known)


def _nothing(key: str, kind: str) -> dict[str, Any]:
    counts = {"recent": 0.0, "claims": 0, "frauds": 0, "log_sum": 0.0, "people": ""}
    return {"entity_key": key, "kind": kind, **counts, "component": None, "account": None, "account_ms": None, "touched_ms": 0}


def _note_account(row: dict[str, Any], account: str, at_ms: int) -> None:
    if row["account"] != account:
        row["account_ms"] = at_ms if row["account"] else None
        row["account"] = account


def _link(rows: dict[str, dict[str, Any]], known: list[dict[str, Any]]) -> None:
    """Join insureds by what they share, hubs left out: each group is named by the least of its keys."""
    root: dict[str, str] = {}

    def find(key: str) -> str:
        while root.setdefault(key, key) != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    for each in known:
        keys = json.loads(str(each["known"]))["keys"]
        linking = [keys[kind] for kind in ("insured", "phone", "account", "device") if kind in keys]
        linking = [key for key in linking if len(str(rows[key]["people"])) < _HUB * _MARK]
        roots = {find(key) for key in linking}
        for other in roots:
            root[other] = min(roots)
    for key in root:
        rows[key]["component"] = find(key)
