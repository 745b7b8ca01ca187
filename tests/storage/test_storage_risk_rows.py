"""What training reads of the stored feature rows: the first round alone, by the day in China, and nothing of erased claims."""

from datetime import date

from sqlalchemy import update
from storage_samples import save_claims

from storage import decisions
from storage import tables as t
from storage.database import Database
from storage.risk_rows import FirstRow, iter_first_rows
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
