"""A program of its own: forks processes of the product on demand, each `app.py serve` or `app.py worker` in all but its start.

    python -m tests.torture.nursery

To load programs, books and models takes seconds, so that it is done once, and a process that is killed is replaced in a tenth of one.
Orders come as JSON lines on standard input, answers go out on standard output. A forked process ends with this one. A server asks for its
worker processes down a line of its own, and they are forked here, too: it has threads, and this program has none.
Only two things are not as in production: papers are read in the process itself (their own processes are tested in tests/ocr), and
the database's clock runs ahead by what a file says.
"""

import contextlib
import ctypes
import functools
import json
import logging
import os
import selectors
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import cv2

from adjudicator.published import PublishedBooks
from adjudicator.serving import ServingModel
from adjudicator.settings import read_config
from commands import plant, running, serving, worker_process
from riskmodel.model import load_model
from rules.medical_base import shipped_base
from rules.routing import load_routing
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
    with selectors.DefaultSelector() as ears:
        ears.register(sys.stdin, selectors.EVENT_READ)
        while True:
            for heard, _ in ears.select():
                if heard.data:
                    _serve_wish(ears, heard.data)
                elif not _obey(ears, sys.stdin.readline()):
                    return


def _obey(ears: selectors.BaseSelector, line: str) -> bool:
    """Carry out an order: one comes when the one before was answered. False when none will come any more."""
    order: dict[str, Any] = json.loads(line) if line else {}
    match order.get("do"):
        case "start":
            _answer(_start(order, ears))
        case "reap":
            _answer({"ended": _reap()})
        case "children":
            _answer({"pids": [pid for each in ears.get_map().values() if each.data for pid in each.data.children if not _has_ended(pid)]})
    return bool(line)


@dataclass
class _Server:
    """A server that was started, the line on which it asks for worker processes, and those that it has had."""

    line: socket.socket
    order: dict[str, Any]
    children: list[int]


def _load_once() -> None:
    """Load what every process will use, and let them find it loaded."""
    where: Any = plant
    where.ReaderPool = ReaderHere
    shipped_base()
    routing, model = load_routing(ROUTING), load_model(RISK_MODEL)
    where.load_routing = lambda _: routing
    where.load_in_force = lambda *_: ServingModel(model)  # no model is promoted here
    books = PublishedBooks()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/claims.db", load_cipher(Path(folder) / "field.key"))
        upgrade(database)
        ship_book(database)
        with database.read() as tx:
            books.load_all(tx)
        database.close()
    where.open_books = lambda *_: books


def _start(order: dict[str, Any], ears: selectors.BaseSelector) -> dict[str, Any]:
    ours, theirs = socket.socketpair()
    child = _fork(lambda: _live(order, theirs))
    theirs.close()
    server = _Server(ours, order, [])
    ears.register(ours, selectors.EVENT_READ, server)
    return {"pid": child}


def _serve_wish(ears: selectors.BaseSelector, server: _Server) -> None:
    """Fork a worker process for a server that asks for one, and tell its number."""
    try:
        told, handles, _, _ = socket.recv_fds(server.line, 1, 1)
    except OSError:
        told, handles = b"", []
    if not told:
        ears.unregister(server.line)
        server.line.close()
        return
    with socket.socket(fileno=handles[0]) as line:
        faults = Faults(**_tuples(server.order["of_child"]))
        if server.children and faults.nth:  # only the first dies at a boundary by its number: else none would ever come past it
            faults = Faults(mutants=faults.mutants)
        pid = _fork(lambda: _live_as_child(server.order, line, faults))
    server.children.append(pid)
    server.line.sendall(pid.to_bytes(4, "big"))


def _fork(live: Callable[[], None]) -> int:
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    try:
        live()
    except Exception:  # noqa: BLE001  # why it could not live stands in its log
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(0)


def _live(order: dict[str, Any], line: socket.socket) -> None:
    folder = _settle(order, order["role"], Faults(**_tuples(order["faults"])))
    where: Any = serving
    where.start_worker = _Asking(line)
    {"serve": running.serve_command, "worker": running.worker_command}[order["role"]](folder / "config.yaml")


def _live_as_child(order: dict[str, Any], line: socket.socket, faults: Faults) -> None:
    folder = _settle(order, "worker-process", faults)
    worker_process.work(line, read_config(folder / "config.yaml"), folder, logging.INFO)


def _settle(order: dict[str, Any], role: str, faults: Faults) -> Path:
    """Let this process write its log, see the stand's clock, and meet its faults; gives the stand's folder."""
    folder = Path(order["folder"])
    log = os.open(folder / f"{role}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for handle in (1, 2):
        os.dup2(log, handle)
    os.close(0)
    clock, where = SharedClock(folder / "clock"), cast(Any, plant)
    where.Database = functools.partial(Database, ahead_ms=clock.ahead_ms)
    mutants.change(faults.mutants)
    install(faults, Diary(folder))
    return folder


def _tuples(told: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in told.items()}


class _Asking:
    """Asks the nursery for a worker process, in the place of `commands.serving.start_worker`."""

    def __init__(self, line: socket.socket) -> None:
        self._line, self._lock = line, threading.Lock()

    def __call__(self, line: socket.socket, *_: object) -> "_Forked":
        with self._lock:
            socket.send_fds(self._line, [b"."], [line.fileno()])
            return _Forked(int.from_bytes(self._line.recv(4, socket.MSG_WAITALL), "big"))


class _Forked:
    """A worker process that the nursery has forked; it is the nursery that buries it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    @property
    def exitcode(self) -> int | None:
        return 0 if _has_ended(self.pid) else None

    def join(self, timeout: float | None = None) -> None:
        until = None if timeout is None else time.monotonic() + timeout
        while self.exitcode is None and (until is None or time.monotonic() < until):
            time.sleep(0.02)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


def _has_ended(pid: int) -> bool:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] in "ZX"
    return True


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
