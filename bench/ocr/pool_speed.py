"""Drives pools of reading processes: pages a second, CPU seconds a page, and the most memory a process ever held (Linux).

Beside it the same comparison of plain arithmetic: what a second process brings on this machine at all, where two "cores" may
be one core's two threads, or share their clock and caches with somebody else's.
"""

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from ocr.process import ReaderPool
from ocr.settings import OcrSettings

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_SPAWN = multiprocessing.get_context("spawn")
_SIDE = 48  # of a square that stays in the nearest cache, and that BLAS leaves to one thread


@dataclass(frozen=True)
class Run:
    """One run of a pool over pages."""

    pages: int
    pages_a_second: float  # by the clock, as long as every process had a page
    cpu_seconds: float
    others: float  # cores that other programs, or the machine's other guests, took meanwhile


class PoolDriver:
    """A pool with its engines loaded, told apart from other pools by the processes that it started."""

    def __init__(self, settings: OcrSettings, workers: int) -> None:
        others = set(multiprocessing.active_children())
        self.workers = workers
        self.pool = ReaderPool(settings, workers)
        self.pool.warm_up()
        self._processes = [each.pid for each in multiprocessing.active_children() if each not in others]

    def run(self, contents: Sequence[bytes]) -> Run:
        """Read all pages, as many at the same time as there are workers."""
        spans: list[tuple[float, float]] = []

        def read(content: bytes) -> None:
            start = perf_counter()
            self.pool.read_all(content)
            spans.append((start, perf_counter()))

        cpu, busy, wall = self._cpu_seconds(), _busy_seconds(), perf_counter()
        with ThreadPoolExecutor(self.workers) as threads:
            list(threads.map(read, contents))
        cpu, busy, wall = self._cpu_seconds() - cpu, _busy_seconds() - busy, perf_counter() - wall
        return Run(len(contents), _rate(spans), cpu, max(0.0, busy - cpu) / wall)

    def peak_mb(self) -> list[int]:
        """Tell the most memory that each process ever held, in megabytes."""
        lines = [line for pid in self._processes for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()]
        return [int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:")]

    def _cpu_seconds(self) -> float:
        """Count what the processes computed, and the programs that they started and waited for."""
        stats = [Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split() for pid in self._processes]
        return sum(int(ticks) for stat in stats for ticks in stat[11:15]) / _TICKS_A_SECOND


def compute_ceiling(seconds: float = 2.0) -> float:
    """Tell how much more two processes compute than one, where neither reads a page; the best of three."""
    with ProcessPoolExecutor(2, mp_context=_SPAWN) as processes:
        list(processes.map(_multiply, (0.1, 0.1)))  # both are there
        alone = max(processes.submit(_multiply, seconds).result() for _ in range(3))
        both = max(sum(processes.map(_multiply, (seconds, seconds))) for _ in range(3))
    return both / alone


def _multiply(seconds: float) -> float:
    """Multiply small squares for some seconds: how many a second."""
    square = np.full((_SIDE, _SIDE), 0.5, dtype=np.float32)
    count, start = 0, perf_counter()
    while (spent := perf_counter() - start) < seconds:
        for _ in range(1000):
            np.dot(square, square)
        count += 1000
    return count / spent


def _rate(spans: Sequence[tuple[float, float]]) -> float:
    """Count pages a second, parts of a page too, until the last page begins: behind it a process of several has nothing to do."""
    first, last = min(start for start, _ in spans), max(start for start, _ in spans)
    return sum(min(1.0, (last - start) / (end - start)) for start, end in spans) / (last - first)


def _busy_seconds() -> float:
    """Count what all cores together computed since the machine started, and what its other guests kept from it."""
    user, nice, system, _, _, irq, soft_irq, stolen = map(int, Path("/proc/stat").read_text("ascii").split(maxsplit=9)[1:9])
    return (user + nice + system + irq + soft_irq + stolen) / _TICKS_A_SECOND
