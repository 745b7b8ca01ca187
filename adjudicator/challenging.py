"""The challenger (挑战者，影子模型): a model that scores in the shadow what the model in force has scored, to be compared with it.

No claim knows of it. It reads the feature rows that scores left behind, in a thread of its own and between transactions, and
writes its word beside them. One that fails, hangs or takes too long loses its word, rests, and is told of; claims go on.
"""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from domain.errors import MingbaiError, ModelError
from riskmodel.model import RiskModel, load_model
from storage.database import Database
from storage.risk_rows import Unchallenged, note_challenger, unchallenged_since

_log = logging.getLogger(__name__)
_EVERY_SECONDS = 1.0
_SECONDS_OF_REST = 60.0  # after a row that it could not score, or not in time
_SECONDS_AT_ONCE = 1.0
_SECONDS_TO_END = 2.0  # for a word that is under way when the process ends; one that hangs is left behind
_MOST = 200  # rows at once: their words are one short transaction
_PAST_MS = 86_400_000  # how far back a process looks that has just started
_LATE_MS = 60_000  # how much later than its score a row may come to be seen: transactions take their time first, and commit last


class Challenger:
    """Holds the model in the shadow and what it was asked; one thread asks."""

    def __init__(self, model: RiskModel | None, fault: str = "", clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with a model, or with the reason why there is none. `clock` gives seconds."""
        self.model = model
        self.fault = fault  # why it is silent; "" while it is not
        self._clock = clock
        self._rests_until = -float("inf")
        self._seen_ms: int | None = None
        self._given_up: dict[tuple[str, int], int] = {}  # rows without a word, and of when they are

    def look(self, database: Database, limit_ms: int) -> int:
        """Score rows that came since, and keep what it says; gives how many. A word that takes longer than `limit_ms` does not count."""
        if self.model is None or self._clock() < self._rests_until:
            return 0
        with database.read() as tx:
            now_ms = tx.now_ms()
            since_ms = now_ms - _PAST_MS if self._seen_ms is None else self._seen_ms - _LATE_MS
            rows = unchallenged_since(tx, since_ms, _MOST)
        self._given_up = {key: at for key, at in self._given_up.items() if at >= since_ms}
        waiting = [each for each in rows if (each.claim_id, each.round) not in self._given_up]
        said: list[tuple[str, int, float]] = []
        begun = self._clock()
        for each in waiting:
            probability = self._ask(self.model, each, limit_ms)
            if probability is not None:
                said.append((each.claim_id, each.round, probability))
            if probability is None or self._clock() - begun > _SECONDS_AT_ONCE:
                self._seen_ms = each.created_ms
                break
        else:
            self._seen_ms = rows[-1].created_ms if len(rows) == _MOST else now_ms
        if said:
            with database.write() as tx:
                note_challenger(tx, self.model.model_hash, said)
        return len(said)

    def _ask(self, model: RiskModel, asked: Unchallenged, limit_ms: int) -> float | None:
        """Give what it says of a row; None, and a rest, where that fails or comes too late."""
        begun = self._clock()
        try:
            probability = model.probability(asked.row)
            took_ms = (self._clock() - begun) * 1_000
            if not 0 <= probability <= 1:
                raise ModelError(f"its word is no probability: {probability!r}", "train it again")
            if took_ms > limit_ms:
                raise ModelError(f"a score took {took_ms:.0f} ms, limits.score_ms is {limit_ms}", "train it with fewer or smaller trees")
        except Exception as error:  # noqa: BLE001  # whatever is wrong with a challenger is its own affair
            fault = str(error) if isinstance(error, MingbaiError) else f"{type(error).__name__} while it scored"
            if fault != self.fault:  # once, not every minute
                _log.warning("challenger %s did not score, no claim waits for it: %s", model.model_hash[:12], fault)
            self.fault = fault
            self._rests_until = self._clock() + _SECONDS_OF_REST
            self._given_up[asked.claim_id, asked.round] = asked.created_ms
            return None
        self.fault = ""
        return probability


def load_challenger(folder: Path | None) -> Challenger | None:
    """Load the model that the settings let score in the shadow; one that cannot be loaded is told of, and stops nothing."""
    if folder is None:
        return None
    try:
        return Challenger(load_model(folder))
    except ModelError as error:
        _log.error("the challenger of the settings does not score: %s", error)
        return Challenger(None, str(error))


class Shadow:
    """A thread that lets a challenger look every second, as long as its block lasts."""

    def __init__(self, challenger: Challenger, database: Database, limit_ms: int, every_seconds: float = _EVERY_SECONDS) -> None:
        """Prepare the thread."""
        self._challenger, self._database, self._limit_ms, self._every = challenger, database, limit_ms, every_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="challenger", daemon=True)

    def __enter__(self) -> None:
        """Start the thread."""
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        """End; a challenger that does not come back is not waited for."""
        self._stopping.set()
        self._thread.join(_SECONDS_TO_END)

    def _run(self) -> None:
        pause = self._every
        while not self._stopping.wait(pause):
            begun = time.monotonic()
            try:
                self._challenger.look(self._database, self._limit_ms)
            except Exception:  # noqa: BLE001  # a database that is away for a moment must not end the thread
                _log.exception("the challenger could not be asked")
            pause = max(self._every, time.monotonic() - begun)  # it takes no more than half of a processor
