"""Simulated claims with the days on which they were scored and found out; for the machinery alone, no figure of theirs means anything."""

from datetime import date, timedelta

from riskmodel.simulate import simulate_rows
from riskmodel.training.snapshots import Finding, Learnable, Snapshot, learnable_on

FIRST = date(2024, 1, 1)
AS_OF = date(2025, 6, 30)
DELAY_DAYS = 60


def past(count: int = 2_000, seed: int = 6) -> tuple[list[Snapshot], dict[str, list[Finding]]]:
    """Give four claims a day from the first day on, each fraud found after thirty days."""
    snapshots, findings = [], {}
    for number, each in enumerate(simulate_rows(count, seed)):
        snapshot = Snapshot(f"C{number:05}", FIRST + timedelta(days=number // 4), each.row, 900_000)
        snapshots.append(snapshot)
        if each.is_fraud:
            findings[snapshot.claim_id] = [Finding(True, snapshot.scored_on + timedelta(days=30))]
    return snapshots, findings


def learnable(count: int = 2_000, seed: int = 6) -> list[Learnable]:
    return learnable_on(AS_OF, DELAY_DAYS, *past(count, seed))
