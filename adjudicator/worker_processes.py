"""Worker processes (工作进程): processes that do the stages of claims for a server, which starts them, watches them and ends them.

Python lets one thread of a process compute at a time: workers beside the threads that answer requests fight with them for one core while
another stands idle. The two processes share nothing but the database and a line. A byte down the line is a hint, as in
adjudicator/waking.py: losing it costs half a second. A byte up tells that the work has begun. The line's end is the word to stop: the
system itself speaks it for a server that was killed.
"""

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

_log = logging.getLogger(__name__)
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0
_SECONDS_TO_END = 60.0  # for the stage it is in; then it is killed, and its lease ends by itself
_BYTE = b"."


class Started(Protocol):
    """A process that was started: one of `multiprocessing`, or what a test puts in its place."""

    @property
    def pid(self) -> int | None:
        """Its number."""
        ...

    @property
    def exitcode(self) -> int | None:
        """How it ended; None while it runs."""
        ...

    def join(self, timeout: float | None = None) -> None:
        """Wait for its end."""
        ...

    def kill(self) -> None:
        """End it at whatever instruction it is."""
        ...


@dataclass(frozen=True)
class Staffing:
    """How many worker processes there should be, how many are at work, and how often one ended that nobody had told to."""

    wanted: int
    at_work: int
    deaths: int


class WorkerProcesses:
    """A number of processes that are kept at work until they are told to stop."""

    def __init__(self, start: Callable[[socket.socket], Started], count: int) -> None:
        """Prepare; `start` starts one process at the other end of a line."""
        self._keepers = [_Keeper(start, f"keeper-{number}") for number in range(count)]

    def start(self) -> None:
        """Start all of them; none is waited for."""
        for each in self._keepers:
            each.thread.start()

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """Keep them at work while the block lasts."""
        self.start()
        try:
            yield
        finally:
            self.stop()

    def wake(self) -> None:
        """Hint at work; waits for nothing, and nothing fails with it."""
        for each in self._keepers:
            each.hint()

    def stop(self) -> None:
        """Let each finish the stage it is in, and end."""
        for each in self._keepers:
            each.let_go()
        for each in self._keepers:
            each.see_off()

    @property
    def staffing(self) -> Staffing:
        """How they stand at this moment."""
        return Staffing(len(self._keepers), sum(each.is_at_work for each in self._keepers), sum(each.deaths for each in self._keepers))


class _Keeper:
    """Keeps one process at work: a thread that starts it, hears when it ends, and starts another."""

    def __init__(self, start: Callable[[socket.socket], Started], name: str) -> None:
        self._start = start
        self._stopping = threading.Event()
        self._lock = threading.Lock()  # of the line: whoever sends must not meet one that was closed meanwhile
        self._line: socket.socket | None = None
        self._process: Started | None = None
        self.thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.is_at_work, self.deaths = False, 0

    def hint(self) -> None:
        with self._lock, contextlib.suppress(OSError):  # a full line is hint enough
            if self._line:
                self._line.send(_BYTE, socket.MSG_DONTWAIT)

    def let_go(self) -> None:
        self._stopping.set()
        with self._lock, contextlib.suppress(OSError):
            if self._line:
                self._line.shutdown(socket.SHUT_WR)

    def see_off(self) -> None:
        self.thread.join(_SECONDS_TO_END)
        if self.thread.is_alive() and self._process:
            _log.warning("worker process %s is still at a stage after %g s and is killed", self._process.pid, _SECONDS_TO_END)
            self._process.kill()
            self.thread.join()

    def _run(self) -> None:
        fruitless = 0  # starts in turn of which none came to work
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                fruitless = 0 if self._live() else fruitless + 1
            except Exception:  # noqa: BLE001  # whatever it is, it is tried again
                _log.exception("no worker process could be started")
                fruitless += 1
            if self._stopping.is_set():
                return
            self.deaths += 1
            _log.error("a worker process ended after %.1f s that nobody told to; another is started", time.monotonic() - began)
            self._stopping.wait(pause_seconds(fruitless))

    def _live(self) -> bool:
        """Start a process and wait for its end; tells whether it came to work."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                self._process = self._start(theirs)
            self._take(ours)
            try:
                with contextlib.suppress(OSError):
                    while ours.recv(1):
                        self.is_at_work = True
                return self.is_at_work
            finally:
                self._take(None)
                self.is_at_work = False
                self._process.join(_SECONDS_TO_END)
                if self._process.exitcode is None:
                    self._process.kill()
                    self._process.join()

    def _take(self, line: socket.socket | None) -> None:
        with self._lock:
            self._line = line
        if line and self._stopping.is_set():  # told to stop while it was being started
            self.let_go()


def pause_seconds(fruitless: int) -> float:
    """Give the pause before the next start, after so many in turn of which none came to work."""
    return float(min(_LONGEST_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS * 2 ** min(fruitless, 10)))


class ServersLine:
    """The end of the line that a worker process holds."""

    def __init__(self, line: socket.socket, woken: threading.Event, stopping: threading.Event) -> None:
        """Let hints set `woken`, and the line's end `stopping`, from a thread of its own."""
        self._line, self._woken, self._stopping = line, woken, stopping
        threading.Thread(target=self._hear, name="server's line", daemon=True).start()

    def tell_at_work(self) -> None:
        """Tell the server that the work has begun."""
        with contextlib.suppress(OSError):  # a server that is gone is heard of by the other way
            self._line.send(_BYTE)

    def _hear(self) -> None:
        with contextlib.suppress(OSError):
            while self._line.recv(4096):
                self._woken.set()
        self._stopping.set()
