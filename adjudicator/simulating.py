"""Simulation over the decision history: decided claims stream out of the database into the rules' tally.

Only a page of insureds is ever in memory. With a checkpoint file, a run that was broken off goes on where the last
insured was complete, and comes to the same figures: it never looks at decisions that were made after it first began.
The file is removed when the run is done.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from domain.china import china_day, china_midnight_ms
from domain.decision import GIVES_NOTHING
from domain.errors import ConflictError
from rules.simulation import Case, Draft, Tally, simulate
from storage.database import Database
from storage.past import PastClaim, count_past, read_page

_PAGE = 400  # insureds that are read at once
_SAVE_EVERY = 2_000  # decisions
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True)
class Stretch:
    """The decisions to simulate: from one day to another, both included, as days in China."""

    since: date = FIRST_DAY
    until: date = LAST_DAY

    @property
    def limits_ms(self) -> tuple[int, int]:
        """Give the first millisecond, and the first after the end."""
        return china_midnight_ms(self.since), china_midnight_ms(self.until + timedelta(days=1))


@dataclass
class Run:
    """How far a simulation is; what a checkpoint holds."""

    since_ms: int
    until_ms: int  # the end of the stretch, or the moment when it first began
    total: int  # decisions of the stretch
    after: str = ""  # the last insured that is counted
    done: int = 0  # decisions that are counted
    tally: Tally = field(default_factory=Tally)


def run_simulation(
    database: Database,
    draft: Draft,
    stretch: Stretch,
    checkpoint: Path | None = None,
    advance: Callable[[int, int], None] = lambda *_: None,
) -> Tally:
    """Simulate a draft over the decisions of a stretch; `advance` is told how many decisions of how many are counted.

    Raises:
        ConflictError: the checkpoint belongs to another simulation.
    """
    key = _key(draft, stretch)
    run = _take_up(checkpoint, key) or _begin(database, stretch)
    advance(run.done, run.total)
    saved = run.done
    for claims in _step(draft, _insureds(database, run), run):
        run.after, run.done = claims[0].insured_id, run.done + len(claims)
        if run.done >= saved + _SAVE_EVERY:
            saved = run.done
            if checkpoint is not None:
                _save(checkpoint, key, run)
        advance(run.done, run.total)
    if checkpoint is not None:
        checkpoint.unlink(missing_ok=True)
    return run.tally


def checkpoint_name(draft: Draft, stretch: Stretch) -> str:
    """Name the checkpoint file of a simulation: the same name for the same books and the same stretch."""
    return f"{draft.draft.product}-{hashlib.sha256(' '.join(_key(draft, stretch)).encode()).hexdigest()[:16]}.json"


def _key(draft: Draft, stretch: Stretch) -> list[str]:
    books = (draft.base.sha256, draft.base.base, draft.draft.sha256, draft.draft.base)
    return [*books, stretch.since.isoformat(), stretch.until.isoformat()]


def _step(draft: Draft, insureds: Iterator[tuple[PastClaim, ...]], run: Run) -> Iterator[tuple[PastClaim, ...]]:
    """Count insured after insured, and give what was counted."""
    current: list[tuple[PastClaim, ...]] = []

    def cases() -> Iterator[list[Case]]:
        for claims in insureds:
            current[:] = [claims]
            yield [case for claim in claims for case in _cases_of(claim, draft.base.product)]

    for _ in simulate(draft, cases(), run.tally):
        yield current[0]


def _insureds(database: Database, run: Run) -> Iterator[tuple[PastClaim, ...]]:
    after: str | None = run.after
    while after is not None:
        with database.read() as tx:  # one look a page: a long one would keep the database from tidying up
            page = read_page(tx, run.since_ms, run.until_ms, after, _PAGE)
        yield from page.insureds
        after = page.last


def _cases_of(claim: PastClaim, product: str) -> Iterator[Case]:
    month = china_day(claim.decided_ms).strftime("%Y-%m")
    for each in claim.policies:
        if each.product == product:
            yield Case(
                claim_id=claim.claim_id,
                policy_number=each.policy_number,
                plan=each.plan,
                month=month,
                elements=each.elements,
                used=each.used,
                uses_limits=claim.kind not in GIVES_NOTHING,
                is_shared=len(claim.policies) > 1,
            )


def _begin(database: Database, stretch: Stretch) -> Run:
    since_ms, until_ms = stretch.limits_ms
    with database.read() as tx:
        until_ms = min(until_ms, tx.now_ms())
        return Run(since_ms, until_ms, count_past(tx, since_ms, until_ms))


def _take_up(checkpoint: Path | None, key: list[str]) -> Run | None:
    if checkpoint is None or not checkpoint.exists():
        return None
    stored: dict[str, Any] = json.loads(checkpoint.read_text(encoding="utf-8"))
    if stored.pop("key") != key:
        raise ConflictError(f"{checkpoint} belongs to the simulation of another book, draft or stretch", "name another file, or remove it")
    return Run(**{**stored, "tally": Tally.from_plain(stored["tally"])})


def _save(checkpoint: Path, key: list[str], run: Run) -> None:
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    written = checkpoint.with_suffix(".part")
    written.write_text(json.dumps({"key": key, **vars(run), "tally": run.tally.to_plain()}, ensure_ascii=False), encoding="utf-8")
    written.replace(checkpoint)
