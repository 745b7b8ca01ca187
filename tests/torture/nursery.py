"""A program of its own: forks processes of the product on demand, each `app.py serve` or `app.py worker` in all but its start.

    python -m tests.torture.nursery

To load programs, books and models takes seconds, so that it is done once, and a process that is killed is replaced in a tenth of one.
Orders come as JSON lines on standard input, answers go out on standard output. A forked process ends with this one.
Only two things are not as in production: papers are read in the process itself (their own processes are tested in tests/ocr), and
the database's clock runs ahead by what a file says.
"""

import ctypes
import functools
import json
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import cv2

from adjudicator.published import PublishedBooks
from adjudicator.serving import ServingModel
from commands import plant, running
from rules.medical_base import shipped_base
from storage.crypto import load_cipher
from storage.database import Database
from storage.migrate import upgrade
from tests.torture import mutants
from tests.torture.faults import Diary, Faults, install
from tests.torture.inside import RISK_MODEL, ROUTING, ReaderHere, SharedClock, ship_book

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def main() -> None:
    cv2.setNumThreads(0)
    _load_once()
    _answer({"ready": True})
    for line in sys.stdin:
        order: dict[str, Any] = json.loads(line)
        _answer(_start(order) if order["do"] == "start" else {"ended": _reap()})


def _load_once() -> None:
    """Load what every process will use, and let them find it loaded."""
    where: Any = plant
    where.ReaderPool = ReaderHere
    shipped_base()
    for name, given in (("load_routing", ROUTING), ("load_model", RISK_MODEL)):
        setattr(where, name, _once(getattr(plant, name), given))
    where.load_in_force = lambda _, given: ServingModel(plant.load_model(given))  # no model is promoted here
    books = PublishedBooks()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/claims.db", load_cipher(Path(folder) / "field.key"))
        upgrade(database)
        ship_book(database)
        with database.read() as tx:
            books.load_all(tx)
        database.close()
    where.open_books = lambda *_: books


def _once(load: Callable[[Path], Any], given: Path) -> Callable[[Path], Any]:
    loaded = load(given)
    return lambda _: loaded


def _start(order: dict[str, Any]) -> dict[str, Any]:
    parent = os.getpid()
    child = os.fork()
    if child:
        return {"pid": child}
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    try:
        _live(order, Path(order["folder"]))
    except Exception:  # noqa: BLE001  # why it could not live stands in its log
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(0)


def _live(order: dict[str, Any], folder: Path) -> None:
    log = os.open(folder / f"{order['role']}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for handle in (1, 2):
        os.dup2(log, handle)
    os.close(0)
    clock, where = SharedClock(folder / "clock"), cast(Any, plant)
    where.Database = functools.partial(Database, ahead_ms=clock.ahead_ms)
    faults = Faults(**{key: tuple(value) if isinstance(value, list) else value for key, value in order["faults"].items()})
    mutants.change(faults.mutants)
    install(faults, Diary(folder))
    {"serve": running.serve_command, "worker": running.worker_command}[order["role"]](folder / "config.yaml")


def _reap() -> list[tuple[int, int]]:
    ended = []
    try:
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            ended.append((found[0], os.waitstatus_to_exitcode(found[1])))
    except ChildProcessError:
        pass
    return ended


def _answer(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
