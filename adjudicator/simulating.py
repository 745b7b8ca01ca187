"""Simulation over the decision history: decided claims stream out of the database into the rules' tally.

Only a batch of claims is ever in memory. With a checkpoint file, a run that was broken off goes on where the last
insured was complete; the file is removed when the run is done.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from domain.decision import DecisionKind
from domain.errors import ConflictError
from rules.simulation import Case, Draft, Tally, simulate
from storage.database import Database
from storage.history import DecidedClaim, Place, count_decided, stream_decided

_SAVE_EVERY = 200  # cases
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True)
class Stretch:
    """The decisions to simulate: from one day to another, both included (UTC)."""

    since: date = FIRST_DAY
    until: date = LAST_DAY

    @property
    def limits_ms(self) -> tuple[int, int]:
        """Give the first millisecond, and the first after the end."""
        days = (self.since, self.until + timedelta(days=1))
        since, until = (int(datetime.combine(day, time(), UTC).timestamp() * 1000) for day in days)
        return since, until


@dataclass
class _Reading:
    """Where the stream stands: the claim of the case before, and that of the newest."""

    before: Place | None = None
    newest: Place | None = None


def run_simulation(
    database: Database,
    draft: Draft,
    stretch: Stretch,
    checkpoint: Path | None = None,
    advance: Callable[[int, int], None] = lambda *_: None,
) -> Tally:
    """Simulate a draft over the decisions of a stretch; `advance` is told how many claims of how many are read.

    Raises:
        ConflictError: the checkpoint belongs to another simulation.
    """
    key = [draft.base.sha256, draft.draft.sha256, stretch.since.isoformat(), stretch.until.isoformat()]
    tally, after, done = _take_up(checkpoint, key)
    reading, saved = _Reading(), tally.cases
    with database.read() as tx:
        total = count_decided(tx, *stretch.limits_ms)

        def cases() -> Iterator[Case]:
            nonlocal done
            for claim in stream_decided(tx, *stretch.limits_ms, after=after):
                for case in _cases_of(claim, draft.base.product):
                    reading.before, reading.newest = reading.newest, claim.place
                    yield case
                done += 1
                advance(done, total)

        for is_between in simulate(draft, cases(), tally):
            if checkpoint is not None and is_between and tally.cases >= saved + _SAVE_EVERY and reading.before is not None:
                saved = tally.cases
                _save(checkpoint, {"key": key, "place": reading.before, "done": done, "tally": tally.to_plain()})
    if checkpoint is not None:
        checkpoint.unlink(missing_ok=True)
    return tally


def _cases_of(claim: DecidedClaim, product: str) -> Iterator[Case]:
    month = datetime.fromtimestamp(claim.decided_ms / 1000, UTC).strftime("%Y-%m")
    for each in claim.policies:
        if each.assessment.product == product:
            yield Case(
                claim_id=claim.claim_id,
                group=claim.place[0],
                policy_number=each.policy_number,
                plan=each.assessment.plan,
                month=month,
                elements=each.elements,
                used=each.used,
                uses_limits=claim.kind is not DecisionKind.DECLINE,
                is_shared=len(claim.policies) > 1,
            )


def _take_up(checkpoint: Path | None, key: list[str]) -> tuple[Tally, Place | None, int]:
    if checkpoint is None or not checkpoint.exists():
        return Tally(), None, 0
    stored = json.loads(checkpoint.read_text(encoding="utf-8"))
    if stored["key"] != key:
        raise ConflictError(f"{checkpoint} belongs to the simulation of another book, draft or stretch", "name another file, or remove it")
    insured, decided_ms, claim_id, round_ = stored["place"]
    return Tally.from_plain(stored["tally"]), (insured, decided_ms, claim_id, round_), stored["done"]


def _save(checkpoint: Path, state: dict[str, Any]) -> None:
    written = checkpoint.with_suffix(".part")
    written.write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")
    written.replace(checkpoint)
