"""The stored feature rows, as training, watching and the challenger read them: as a round was first scored, never computed from today.

A person who corrects a field has the claim scored again, but the row of the first score stays: the other would hold what
people found in the meantime.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import NamedTuple

from sqlalchemy import and_, bindparam, select, tuple_, update

from domain.risk import FeatureRow
from storage import tables as t
from storage.database import Transaction

_CHINA = timezone(timedelta(hours=8))


class FirstRow(NamedTuple):
    """The row of a claim's first round, the day in China on which it was scored, and what was at stake."""

    claim_id: str
    scored_on: date
    row: FeatureRow
    amount_fen: int


def iter_first_rows(tx: Transaction) -> Iterator[FirstRow]:
    """Give the feature rows of every claim's first round, by claim; those of erased claims are gone."""
    r, a = t.risk_row.c, t.adjudication.c
    joined = t.risk_row.join(t.adjudication, and_(r.claim_id == a.claim_id, r.round == a.round))
    statement = (
        select(r.claim_id, r.created_ms, r.features_json, a.proposed_fen).select_from(joined).where(r.round == 1).order_by(r.claim_id)
    )
    for claim_id, created_ms, features_json, proposed_fen in tx.connection.execute(statement):
        features = json.loads(features_json)
        if features:
            scored_on = datetime.fromtimestamp(created_ms / 1000, UTC).astimezone(_CHINA).date()
            yield FirstRow(claim_id, scored_on, features, proposed_fen)


class ScoredRow(NamedTuple):
    """A claim's first score with what came of it: its route's audit, the decision of a person, the label that stands."""

    claim_id: str
    row: FeatureRow
    probability: float
    model_hash: str
    amount_fen: int
    audit_inclusion: float
    audit_drawn: bool | None
    challenger_probability: float | None
    is_decided_by_person: bool
    is_fraud: bool | None


def scored_between(tx: Transaction, from_ms: int, to_ms: int, most: int) -> tuple[ScoredRow, ...]:
    """Give the first scores of claims within a time, the newest `most` of them; those of erased claims are gone."""
    r, a, d, label = t.risk_row.c, t.adjudication.c, t.decision.c, t.risk_label.c
    joined = t.risk_row.join(t.adjudication, and_(r.claim_id == a.claim_id, r.round == a.round))
    decided = select(d.actor_role).where(d.claim_id == r.claim_id).order_by(d.round.desc()).limit(1).scalar_subquery()
    found = select(label.is_fraud).where(label.claim_id == r.claim_id).order_by(label.label_id.desc()).limit(1).scalar_subquery()
    columns = (
        r.claim_id,
        r.features_json,
        r.probability,
        r.model_hash,
        a.proposed_fen,
        r.audit_inclusion,
        r.audit_drawn,
        r.challenger_probability,
    )
    statement = (
        select(*columns, decided.label("decided"), found.label("found"))
        .select_from(joined)
        .where(r.round == 1, r.created_ms >= from_ms, r.created_ms < to_ms, r.features_json != "{}")
        .order_by(r.created_ms.desc())
        .limit(most)
    )
    return tuple(
        ScoredRow(
            *(row.claim_id, json.loads(row.features_json), row.probability, row.model_hash, row.proposed_fen),
            *(row.audit_inclusion, row.audit_drawn, row.challenger_probability, row.decided not in (None, "system"), row.found),
        )
        for row in tx.connection.execute(statement)
    )


class Unchallenged(NamedTuple):
    """A score of which the model in the shadow has said nothing yet."""

    claim_id: str
    round: int
    created_ms: int
    row: FeatureRow


def unchallenged_since(tx: Transaction, since_ms: int, most: int) -> tuple[Unchallenged, ...]:
    """Give the oldest `most` scores since a moment on which no challenger has spoken; those of erased claims are gone."""
    r = t.risk_row.c
    statement = (
        select(r.claim_id, r.round, r.created_ms, r.features_json)
        .where(r.created_ms >= since_ms, r.challenger_hash.is_(None), r.features_json != "{}")
        .order_by(r.created_ms, r.claim_id, r.round)
        .limit(most)
    )
    return tuple(Unchallenged(*each[:3], json.loads(each.features_json)) for each in tx.connection.execute(statement))


def note_challenger(tx: Transaction, model_hash: str, said: Sequence[tuple[str, int, float]]) -> int:
    """Keep what a challenger said of scores, by claim and round; gives of how many.

    A row that somebody holds, or on which a challenger has spoken meanwhile, is left as it is: this waits for no claim.
    """
    r = t.risk_row.c
    asked = {(claim_id, round_): probability for claim_id, round_, probability in said}
    free = select(r.claim_id, r.round).where(tuple_(r.claim_id, r.round).in_(list(asked)), r.challenger_hash.is_(None))
    found = [tuple(each) for each in tx.connection.execute(free.with_for_update(skip_locked=True))]
    if found:
        rows = [{"of_claim": claim_id, "of_round": round_, "told": asked[claim_id, round_]} for claim_id, round_ in found]
        tx.connection.execute(_NOTE_CHALLENGER.values(challenger_hash=model_hash), rows)
    return len(found)


_NOTE_CHALLENGER = (
    update(t.risk_row)
    .where(t.risk_row.c.claim_id == bindparam("of_claim"), t.risk_row.c.round == bindparam("of_round"))
    .values(challenger_probability=bindparam("told"))
)
