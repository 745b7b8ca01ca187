"""Our engine under load: claims are submitted by several callers, and workers bring them to the payment order."""

import multiprocessing
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

from adjudicator.intake import submit
from adjudicator.system import System
from adjudicator.waking import waker_for
from adjudicator.worker import Workers
from adjudicator.worker_processes import WorkerProcesses
from bench.claims import cast, plant
from bench.claims.watch import Watch, count_commits, server_cpu_seconds
from bench.claims.worker import work

CLIENTS = 4
TO_ORDER = ("read", "adjudicate")  # the stages up to the payment order
_SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Place:
    """Where a run takes place: the database, the folder of files, how many worker processes (0: a thread of this one), and the broker."""

    name: str
    url: str
    folder: Path
    processes: int = 0
    broker: str = ""


@dataclass(frozen=True)
class Measured:
    """What a run came to; `commits` counts the transactions that wrote."""

    claims: int
    seconds: float
    cpu_ms: float  # of a claim, in our processes
    server_cpu_ms: float  # of a claim, in the processes of the database server
    commits: int
    latencies_ms: tuple[float, ...] = ()

    @property
    def rate(self) -> float:
        """Claims a second."""
        return self.claims / self.seconds

    def latency(self, share: float) -> float:
        """Give a percentile of the latencies, in milliseconds."""
        return sorted(self.latencies_ms)[min(len(self.latencies_ms) - 1, int(len(self.latencies_ms) * share))]


@dataclass(frozen=True)
class _Load:
    """A system with workers, and counters of its commits and CPU seconds over all processes."""

    system: System
    commits: Callable[[], int]
    cpu_seconds: Callable[[], float]


def run(place: Place, numbers: range, rate: float | None = None, stages: Sequence[str] = TO_ORDER, warm: range = range(0)) -> Measured:
    """Submit the claims of these insureds, as fast as they are taken or at a steady rate, until every payment is ordered.

    `warm` are claims that go before and do not count: a process works out its first claims more slowly, and workers stay for days.
    """
    notices = {number: cast.notice_of(number) for number in (*warm, *numbers)}
    with _working(place, stages) as load:
        first = Watch(load.system.database, 0.03)
        for number in warm:
            first.expect(submit(load.system, notices[number]).claim_id, time.perf_counter())
        first.wait()
        database, seen = load.system.database, Watch(load.system.database, 0.005 if rate else 0.03)
        before = (load.commits(), load.cpu_seconds(), server_cpu_seconds(database))
        started = time.perf_counter()

        def send(number: int) -> None:
            due = started + (number - numbers.start) / rate if rate else time.perf_counter()
            time.sleep(max(0.0, due - time.perf_counter()))
            seen.expect(submit(load.system, notices[number]).claim_id, due)

        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(send, numbers))
        seen.wait()
        seconds, count = time.perf_counter() - started, len(numbers)
        cpu_ms = (load.cpu_seconds() - before[1]) / count * 1000
        server_ms = (server_cpu_seconds(database) - before[2]) / count * 1000
        return Measured(count, seconds, cpu_ms, server_ms, load.commits() - before[0], tuple(seen.latencies_ms))


@contextmanager
def _working(place: Place, stages: Sequence[str]) -> Iterator[_Load]:
    """Open a system, with a worker in this process or workers in processes of their own."""
    woken = threading.Event()
    with ExitStack() as stack:
        waker, children = waker_for(place.url, place.broker, woken), _Children(place, tuple(stages))

        def wake() -> None:
            (waker or woken.set)()
            if not waker:  # with PostgreSQL the workers stand for those of another machine
                children.processes.wake()

        system = plant.open_system(place.url, place.folder, wake)
        stack.callback(system.database.close)
        if waker:
            stack.callback(waker.close)
        mine = count_commits(system.database)
        if place.processes:
            children.processes.start()
            stack.callback(children.processes.stop)
        else:
            workers = Workers(system, woken, 1, stages)
            workers.start()
            stack.callback(workers.stop)
        yield _Load(
            system,
            lambda: mine[0] + sum(commits for _, commits in children.tell()),
            lambda: time.process_time() + sum(cpu for cpu, _ in children.tell()),
        )


class _Children:
    """Worker processes, kept as `serve` keeps its own; each tells what it has used."""

    def __init__(self, place: Place, stages: tuple[str, ...]) -> None:
        self._given = (place.url, place.folder, stages, place.broker)
        self._count = place.processes
        self._lines: list[Connection[str, tuple[float, int]]] = []
        self.processes = WorkerProcesses(self._start, place.processes)

    def tell(self) -> list[tuple[float, int]]:
        """Ask each for its CPU seconds and its commits; they answer when their engines are loaded."""
        while self.processes.staffing.at_work < self._count:
            time.sleep(0.05)
        for each in self._lines:
            each.send("?")
        return [each.recv() for each in self._lines]

    def _start(self, line: socket.socket) -> SpawnProcess:
        ours, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=work, args=(line, theirs, *self._given), name="bench-worker")
        process.start()
        theirs.close()
        self._lines.append(ours)
        return process
