"""What is done to a process of ours from inside, without a line of it in the product: it kills or stops itself at a boundary.

Boundaries are the places where the world outside may have changed and we may not know it: every SQL statement, every COMMIT,
every call of the bank, every file that is stored, every paper that is read, each before and after. A boundary's place is named
by the lines of the product that led there.
"""

import itertools
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

from adjudicator.bank import HttpBank
from storage import database
from storage.blobs import BlobStore
from storage.database import Database
from tests.torture.inside import HOME, ReaderHere

KINDS = ("sql", "commit", "bank", "file", "read")
_PRODUCT = tuple(f"{HOME / room}{os.sep}" for room in ("adjudicator", "api", "commands", "storage"))


@dataclass(frozen=True)
class Faults:
    """What a process does to itself: at the `nth` boundary of these kinds, or at the first whose place nobody died at yet (0)."""

    kinds: tuple[str, ...] = ()
    nth: int = 0
    stops: bool = False  # SIGSTOP in place of SIGKILL, as a machine that is moved or swaps: it goes on later, and must find itself fenced
    mutants: tuple[str, ...] = ()  # of tests/torture/mutants.py


@dataclass(frozen=True)
class Diary:
    """The files in which processes write where they were and where they died; a line is written before the blow."""

    folder: Path

    def deaths(self) -> list[str]:
        """List the places of all deaths so far."""
        return [line["place"] for line in map(json.loads, self._lines("deaths"))]

    def places(self) -> set[str]:
        """List all places that any process came to."""
        return set(self._lines("places"))

    def add_place(self, place: str) -> None:
        self._append("places", place)

    def add_death(self, place: str) -> None:
        self._append("deaths", json.dumps({"place": place, "pid": os.getpid(), "at": time.time()}))

    def _lines(self, name: str) -> list[str]:
        path = self.folder / name
        return path.read_text().splitlines() if path.exists() else []

    def _append(self, name: str, line: str) -> None:
        handle = os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(handle, line.encode() + b"\n")
        os.close(handle)


class Watch:
    """Counts the boundaries of this process, and strikes at the one that is meant."""

    def __init__(self, faults: Faults, diary: Diary) -> None:
        self._faults = faults
        self._diary = diary
        self._count = itertools.count(1)
        self._seen = diary.places()
        self._spared = set(diary.deaths())
        self._lock = threading.Lock()
        self.writing = threading.RLock()  # held by who writes, so that nobody stands still with the database in his hands

    def at(self, kind: str, side: str) -> None:
        """Pass a boundary, or die at it."""
        if kind not in self._faults.kinds:
            return
        with self._lock:  # the others wait, so that nobody passes a boundary while this process dies at one
            place = f"{side} {kind} {_where()}"
            if place not in self._seen:
                self._seen.add(place)
                self._diary.add_place(place)
            number = next(self._count)
            if number == self._faults.nth or (not self._faults.nth and place not in self._spared):
                self._diary.add_death(place)
                with self.writing if self._faults.stops else nullcontext():
                    os.kill(os.getpid(), signal.SIGSTOP if self._faults.stops else signal.SIGKILL)


def _where() -> str:
    """Name the lines of the product that led here: the innermost outside storage, and the innermost of all."""
    inner = outer = ""
    frame = sys._getframe(1)
    while frame is not None and not outer:
        name = frame.f_code.co_filename
        if name.startswith(_PRODUCT):
            line = f"{name[len(str(HOME)) + 1 :]}:{frame.f_lineno}"
            inner = inner or line
            if not line.startswith("storage"):
                outer = line
        frame = frame.f_back  # type: ignore[assignment]
    return f"{outer} {inner}" if outer != inner else outer


def install(faults: Faults, diary: Diary) -> None:
    """Let this process meet its faults: only test code knows of it."""
    if not faults.kinds:
        return
    watch = Watch(faults, diary)
    if faults.stops:
        _write_one_by_one(watch)
    event.listen(Engine, "before_cursor_execute", lambda *_: watch.at("sql", "before"))
    event.listen(Engine, "after_cursor_execute", lambda *_: watch.at("sql", "after"))
    _surround(database, "find_rows", "sql", watch)  # which goes past the listeners above
    _surround(DefaultDialect, "do_commit", "commit", watch)
    for name in ("pay", "query", "pay_batch"):
        _surround(HttpBank, name, "bank", watch)
    _surround(BlobStore, "put_all", "file", watch)
    _surround(ReaderHere, "read_all", "read", watch)


def _write_one_by_one(watch: Watch) -> None:
    begun = Database._begin

    @contextmanager
    def begin(of: Database) -> Iterator[Any]:
        with watch.writing, begun(of) as transaction:
            yield transaction

    where: Any = Database
    where._begin = begin


def _surround(of: Any, name: str, kind: str, watch: Watch) -> None:
    done: Callable[..., Any] = getattr(of, name)

    def surrounded(*given: Any, **named: Any) -> Any:
        watch.at(kind, "before")
        answer = done(*given, **named)
        watch.at(kind, "after")
        return answer

    setattr(of, name, surrounded)
