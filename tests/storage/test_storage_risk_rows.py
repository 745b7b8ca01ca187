"""What is read of the stored feature rows, for training and for the model in the shadow; nothing of erased claims."""

from datetime import date

import pytest
from sqlalchemy import select, update
from storage_samples import save_claims

from storage import decisions
from storage import tables as t
from storage.database import Database
from storage.risk_rows import FirstRow, iter_first_rows, note_challenger, unchallenged_since
from tests.storage.test_storage_decisions import ADJUDICATION


def test_the_row_of_the_first_round_is_read_with_the_day_in_china_and_what_was_at_stake(database: Database) -> None:
    save_claims(database, 2)
    with database.write() as tx:
        for claim_id, round_, days in (("C1", 1, 1.0), ("C1", 2, 9.0), ("C2", 1, 2.0)):
            decisions.save_adjudication(tx, claim_id, round_, ADJUDICATION)
            decisions.save_risk_row(tx, claim_id, round_, decisions.Scoring({"days": days}, 0.02, "{}"), ADJUDICATION.score)
        late_ms = 1_735_660_800_000  # 2024-12-31 16:00 UTC, midnight in China
        tx.connection.execute(update(t.risk_row).where(t.risk_row.c.claim_id == "C1").values(created_ms=late_ms))
        tx.connection.execute(update(t.risk_row).where(t.risk_row.c.claim_id == "C2").values(features_json="{}"))
        assert list(iter_first_rows(tx)) == [FirstRow("C1", date(2025, 1, 1), {"days": 1.0}, ADJUDICATION.proposed_fen)]


def scored(database: Database, *claim_ids: str) -> None:
    with database.write() as tx:
        for claim_id in claim_ids:
            decisions.save_adjudication(tx, claim_id, 1, ADJUDICATION)
            decisions.save_risk_row(tx, claim_id, 1, decisions.Scoring({"days": 1.0}, 0.02, "{}"), ADJUDICATION.score)


def unchallenged(database: Database, most: int = 9) -> list[str]:
    with database.read() as tx:
        return [each.claim_id for each in unchallenged_since(tx, 0, most)]


def test_a_challengers_word_is_kept_once(database: Database) -> None:
    save_claims(database, 3)
    scored(database, "C1", "C2", "C3")
    assert unchallenged(database, 2) == ["C1", "C2"]
    with database.write() as tx:
        assert note_challenger(tx, "c" * 64, [("C1", 1, 0.25), ("C3", 1, 0.5)]) == 2
        assert note_challenger(tx, "d" * 64, [("C1", 1, 0.75), ("C2", 2, 0.75)]) == 0
    assert unchallenged(database) == ["C2"]
    with database.read() as tx:
        r = t.risk_row.c
        kept = tx.connection.execute(select(r.challenger_hash, r.challenger_probability).order_by(r.claim_id)).all()
    assert list(map(tuple, kept)) == [("c" * 64, 0.25), (None, None), ("c" * 64, 0.5)]


def test_a_row_that_a_claim_holds_is_left_for_later_and_not_waited_for(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite lets one transaction write at a time: there is nothing to pass over")
    save_claims(database, 2)
    scored(database, "C1", "C2")
    with database.write() as claim:
        claim.connection.execute(update(t.risk_row).where(t.risk_row.c.claim_id == "C1").values(known_json="{}"))
        with database.write() as tx:
            assert note_challenger(tx, "c" * 64, [("C1", 1, 0.25), ("C2", 1, 0.5)]) == 1
    assert unchallenged(database) == ["C1"]
