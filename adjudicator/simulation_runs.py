"""Simulations that a page begins: a thread works, the database tells how far it is, and whoever called it off stops it.

The figures are those of `rules simulate`; what they came to is kept with the hashes of both books, so that whoever signs
the draft sees what it costs.
"""

import json
import logging
import threading
import time
from typing import Any

from adjudicator.published import PublishedBooks
from adjudicator.publishing import in_force_now
from adjudicator.simulating import Stretch, run_simulation
from domain.errors import ConflictError, MingbaiError, NotFoundError
from rules.medical_base import MedicalBase
from rules.phrases import error_phrase, from_plain, to_plain
from rules.simulation import Draft, Line, Tally, draft_of
from rules.simulation_report import notes_of, rows_of_changes
from rules.written import Written, open_written
from storage import publications, simulations
from storage.database import Database, Transaction
from storage.simulations import RunState, Simulation

_TELL_SECONDS = 0.5  # between two looks at the row
_log = logging.getLogger(__name__)


class _CalledOffError(Exception):
    """Somebody called the run off."""


def begin(
    database: Database, books: PublishedBooks, product: str, content: bytes, base: MedicalBase, stretch: Stretch, asked_by: str
) -> Simulation:
    """Begin to simulate a draft against the book that is in force today; the answer tells where it can be followed.

    Raises:
        RuleBookError: the draft does not pass its checks.
        NotFoundError: no book of the product is in force that it could be a draft of.
        ConflictError: another simulation runs; one takes a processor for itself.
    """
    with database.read() as tx:
        old = _base_of(tx, books, product)
    new = open_written(product, content, base)
    draft = draft_of(old.book, old.source_as_in(new.book), new.book, new.source)
    with database.write() as tx:
        running = [each for each in simulations.list_running(tx) if not each.is_silent(tx.now_ms())]
        if running:
            told = f"{running[0].asked_by} simulates {running[0].product} at this moment"
            raise ConflictError(told, "wait until it is done, or call it off")
        run = _begin(tx, draft, stretch, asked_by)
    threading.Thread(target=_work, args=(database, draft, stretch, run.simulation_id), name="simulation", daemon=True).start()
    return run


def keep_result(database: Database, draft: Draft, stretch: Stretch, tally: Tally, asked_by: str) -> None:
    """Keep what a simulation came to that was not begun by a page."""
    with database.write() as tx:
        run = _begin(tx, draft, stretch, asked_by)
        simulations.tell_progress(tx, run.simulation_id, tally.cases, tally.cases)
        simulations.end_simulation(tx, run.simulation_id, RunState.DONE, _report(draft, tally), tally.total.change_fen)


def error_of(run: Simulation) -> str:
    """Read what a run that failed says of it; one of an earlier version says it in English alone."""
    return from_plain(json.loads(run.error)) if run.error.startswith(("{", '"')) else run.error


def rows_of(report: dict[str, Any]) -> list[tuple[str, Line]]:
    """Read the lines of changes back out of a report that was kept."""
    return [(each["name"], Line(each["before_fen"], each["after_fen"], each["claims"])) for each in report["changes"]]


def _begin(tx: Transaction, draft: Draft, stretch: Stretch, asked_by: str) -> Simulation:
    product, base, new = draft.base.product, draft.base.sha256, draft.draft.sha256
    return simulations.begin_simulation(tx, product, base, new, stretch.since, stretch.until, asked_by)


def _base_of(tx: Transaction, books: PublishedBooks, product: str) -> Written:
    act = in_force_now(tx, product)
    if act is None:
        raise NotFoundError(f"no book of {product} is in force that this could be a draft of", "publish its first book")
    return open_written(product, publications.find_content(tx, act.book_sha256), books.base(tx, act.base_sha256))


def _work(database: Database, draft: Draft, stretch: Stretch, simulation_id: str) -> None:
    told_at = 0.0

    def advance(done: int, total: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at < _TELL_SECONDS and done < total:
            return
        told_at = time.monotonic()
        with database.write() as tx:
            if not simulations.tell_progress(tx, simulation_id, done, total):
                raise _CalledOffError

    try:
        tally = run_simulation(database, draft, stretch, advance=advance)
        with database.write() as tx:
            simulations.end_simulation(tx, simulation_id, RunState.DONE, _report(draft, tally), tally.total.change_fen)
    except _CalledOffError:
        return
    except Exception as error:  # noqa: BLE001 - nobody else would tell the page that waits
        told = json.dumps(to_plain(error_phrase(error)), ensure_ascii=False) if isinstance(error, MingbaiError) else type(error).__name__
        with database.write() as tx:
            simulations.end_simulation(tx, simulation_id, RunState.FAILED, error=told)
        _log.exception("simulation %s failed", simulation_id)


def _report(draft: Draft, tally: Tally) -> dict[str, Any]:
    changes = [{"name": name, **vars(line)} for name, line in rows_of_changes(draft, tally)]
    return {"changes": changes, "notes": [to_plain(each) for each in notes_of(draft, tally)], "tally": tally.to_plain()}
