"""The model that scores now (在用模型): what two people put in force is taken over by running processes, once it is proven.

Every process looks for a newer release every few seconds, loads it beside the one that serves, and only then lets it
score. A folder that is gone, was changed, or comes to other scores than it says, changes nothing: what served goes on.
"""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from domain.errors import ModelError
from riskmodel.model import RiskModel, load_model
from storage import risk_releases
from storage.database import Database
from storage.risk_releases import Release

_log = logging.getLogger(__name__)
_EVERY_SECONDS = 5.0
_SECONDS_TO_MEND = 60.0  # after which a folder that could not be taken over is tried again


class ServingModel:
    """Holds the model by which claims are scored; a stage that takes it once goes on with that one to its end."""

    def __init__(self, model: RiskModel, fault: str = "", clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with a model; `fault` tells why it is not the one that was put in force last."""
        self._now = (model, fault)  # one value, so that nobody sees the model of one moment and the fault of another
        self._clock = clock
        self._refused: tuple[int, float] | None = None  # which release, and when

    @property
    def model(self) -> RiskModel:
        """The model that scores."""
        return self._now[0]

    @property
    def fault(self) -> str:
        """Why another model than the one put in force last scores; "" while none does."""
        return self._now[1]

    def look(self, database: Database) -> bool:
        """Take over what was put in force since, if it loads and proves itself; tells whether another model scores now."""
        with database.read() as tx:
            release = risk_releases.in_force(tx)
        if release is None or release.model_hash == self.model.model_hash:
            self._now = (self.model, "") if release else self._now
            return False
        if self._refused and self._refused[0] == release.seq and self._clock() - self._refused[1] < _SECONDS_TO_MEND:
            return False
        try:
            model = load_release(release)
        except ModelError as error:
            self._refused = (release.seq, self._clock())
            if str(error) != self.fault:  # once, not every minute
                _log.error("model %s was put in force and cannot be taken over, %s goes on: %s", release.model_hash[:12], self.name, error)
            self._now = (self.model, str(error))
            return False
        _log.info("model %s scores from now on, after %s", model.model_hash[:12], self.name)
        self._now, self._refused = (model, ""), None
        return True

    @property
    def name(self) -> str:
        """The beginning of the model's hash, as people know it."""
        return self.model.model_hash[:12]


def load_release(release: Release) -> RiskModel:
    """Load the model of a release.

    Raises:
        ModelError: its folder is gone or damaged, another model stands in it now, or it does not come to its own golden scores.
    """
    model = load_model(Path(release.folder))
    if model.model_hash != release.model_hash:
        told = f"{release.folder} holds model {model.model_hash[:12]}, but {release.model_hash[:12]} was put in force"
        raise ModelError(told, "restore the folder, or promote what stands there")
    return model


def load_in_force(database: Database, default: Path) -> ServingModel:
    """Load the model that two people put in force last, or the one of the configuration.

    Where its folder cannot be loaded, the one before it serves, so that claims go on being scored; `fault` says so.

    Raises:
        ModelError: not even the model of the configuration loads.
    """
    with database.read() as tx:
        approved = [each for each in risk_releases.releases(tx) if each.proposal is not None]
    fault = ""
    for release in reversed(approved):
        try:
            return ServingModel(load_release(release), fault)
        except ModelError as error:
            fault = fault or str(error)
            _log.error("model %s was put in force and cannot be loaded: %s", release.model_hash[:12], error)
    return ServingModel(load_model(default), fault)


class Renewal:
    """A thread that looks every few seconds, as long as its block lasts."""

    def __init__(self, serving: ServingModel, database: Database, every_seconds: float = _EVERY_SECONDS) -> None:
        """Prepare the thread."""
        self._serving, self._database, self._every = serving, database, every_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="risk-model", daemon=True)

    def __enter__(self) -> None:
        """Start the thread."""
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        """Let the look that is under way finish, and end."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._every):
            try:
                self._serving.look(self._database)
            except Exception:  # noqa: BLE001  # a database that is away for a moment must not end the thread
                _log.exception("nobody could look for a newer risk model")
