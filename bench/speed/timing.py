"""Measures work so that the figures repeat: processor time, steady memory, the best of several runs, engines in turn.

glibc gives freed memory back to the system, and takes it anew, page by page, in the next run: NumPy work of every engine
then takes up to three times as long, depending on what ran before it. Its thresholds are read when a process starts,
so the process is started anew, once, with memory kept. Elsewhere than with glibc the variables do nothing.
"""

import gc
import math
import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

# 32 MiB is the most that glibc takes for the second.
STEADY_MEMORY = {"MALLOC_TRIM_THRESHOLD_": str(2**34), "MALLOC_MMAP_THRESHOLD_": str(2**25)}
_SHORTEST_RUN_S = 0.005
_MOST_PASSES = 1000
Work = Callable[[], object]


def keep_memory() -> None:
    """Start this process anew with the memory that it frees kept for its next run; return where that is so already."""
    if any(name not in os.environ for name in STEADY_MEMORY):
        os.execve(sys.executable, sys.orig_argv, {**os.environ, **STEADY_MEMORY})  # noqa: S606 – it starts itself


def in_turn(works: Sequence[Work], rounds: int) -> list[float]:
    """Give the shortest run of each in seconds, run in turn: a, b, a, b; a busy machine then hits all of them alike."""
    passes = [_passes(work) for work in works]
    gc.freeze()  # what is there already is no garbage of a run, and takes long to look through
    try:
        found = [[_seconds(work, times) for work, times in zip(works, passes, strict=True)] for _ in range(rounds)]
    finally:
        gc.unfreeze()
    return [min(each) for each in zip(*found, strict=True)]


def over(work: Callable[[Any], object], items: Sequence[Any]) -> Work:
    """Make the work on all items, one after another."""

    def run() -> None:
        for item in items:
            work(item)

    return run


def growth_exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Fit seconds = a × size^exponent by least squares of the logarithms; 1 is linear, less where a part does not grow."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def _passes(work: Work) -> int:
    # Short work is repeated, so that neither the clock nor a cold cache is what is measured; the first run warms up.
    _seconds(work, 1)
    return max(1, min(_MOST_PASSES, math.ceil(_SHORTEST_RUN_S / _seconds(work, 1))))


def _seconds(work: Work, passes: int) -> float:
    # What an earlier run left in circles, as OpenFisca does, would keep its memory from this one.
    gc.collect()
    # Time of the processor, all threads together: what others run on this machine is not counted.
    started = time.process_time()
    for _ in range(passes):
        work()
    return (time.process_time() - started) / passes
