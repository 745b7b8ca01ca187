"""Drives pools of reading processes: pages a second, CPU seconds a page, and the most memory a process ever held (Linux)."""

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from ocr.process import ReaderPool
from ocr.settings import OcrSettings

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Run:
    """One run of a pool over pages."""

    pages: int
    wall_seconds: float
    cpu_seconds: float

    @property
    def pages_a_second(self) -> float:
        """How many pages were read in a second by the clock on the wall."""
        return self.pages / self.wall_seconds


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
        wall, cpu = perf_counter(), self._cpu_seconds()
        with ThreadPoolExecutor(self.workers) as threads:
            for _ in threads.map(self.pool.read_all, contents):
                pass
        return Run(len(contents), perf_counter() - wall, self._cpu_seconds() - cpu)

    def peak_mb(self) -> list[int]:
        """Tell the most memory that each process ever held, in megabytes."""
        lines = [line for pid in self._processes for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()]
        return [int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:")]

    def _cpu_seconds(self) -> float:
        """Count what the processes computed, and the programs that they started and waited for."""
        stats = [Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split() for pid in self._processes]
        return sum(int(ticks) for stat in stats for ticks in stat[11:15]) / _TICKS_A_SECOND
