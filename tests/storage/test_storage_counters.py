"""How often an insured claimed before: to the millisecond, and only what came in before."""

import pytest
from sqlalchemy import text
from storage_samples import ACTOR, new_claim, save_claims, save_world

from storage import claims
from storage.counters import Earlier, count_earlier
from storage.database import Database

NONE = Earlier(0, 0, 0, 0, 0)
DAY_MS = 86_400_000


def _count(database: Database, claim_id: str = "C1") -> Earlier:
    with database.read() as tx:
        return count_earlier(tx, claims.get_claim(tx, claim_id))


def _before(database: Database, claim_id: str, days: float) -> None:
    """Let a claim have come in some days before claim C1."""
    with database.write() as tx:
        first = claims.get_claim(tx, "C1").created_ms
        at = {"at": first - round(days * DAY_MS), "id": claim_id}
        tx.connection.execute(text("UPDATE claim SET created_ms = :at WHERE claim_id = :id"), at)


@pytest.mark.parametrize("days", [7, 30, 90, 365])
def test_a_claim_counts_up_to_the_millisecond_of_its_window(database: Database, days: int) -> None:
    save_claims(database, 2)
    _before(database, "C2", days)
    assert getattr(_count(database), f"earlier_claims_{days}d") == 1
    _before(database, "C2", days + 1 / DAY_MS)
    assert getattr(_count(database), f"earlier_claims_{days}d") == 0


def test_the_earlier_claim_does_not_see_the_later_one(database: Database) -> None:
    save_claims(database, 2)
    _before(database, "C2", 1)
    assert _count(database, "C2") == NONE


def test_a_claim_of_the_same_millisecond_is_not_earlier(database: Database) -> None:
    save_claims(database, 2)
    _before(database, "C2", 0)
    assert _count(database) == NONE


def test_claims_of_somebody_else_do_not_count(database: Database) -> None:
    with database.write() as tx:
        save_world(tx, 2)
        for number in (1, 2):
            claims.add_claim(tx, new_claim(number, number), ACTOR)
    _before(database, "C2", 1)
    assert _count(database) == NONE


def test_those_at_the_same_hospital_are_counted_apart_and_no_hospital_is_the_same_as_none(database: Database) -> None:
    with database.write() as tx:
        save_world(tx)
        for number, hospital in ((1, "H1"), (2, "H1"), (3, "H2"), (4, None), (5, None)):
            claims.add_claim(tx, new_claim(number, hospital_id=hospital), ACTOR)
    for claim_id in ("C2", "C3", "C4", "C5"):
        _before(database, claim_id, 1)
    assert _count(database) == Earlier(4, 4, 4, 4, 1)
    _before(database, "C5", 0.5)
    assert _count(database, "C5").earlier_claims_same_hospital == 0
