"""Taking turns (轮流): one thread of a process at a time works on claims that share a transaction, and under load it lets some gather.

The threads of a process share one interpreter: two small batches at once take longer than the two together, and what a batch costs
hardly grows with the claims in it. So while one thread works, the next claims gather; and a batch that follows another at once waits
for company as long as that one took, unless that one was full. A claim that comes alone waits for nothing.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_AT_ONCE_SECONDS = 0.02  # after a batch: what comes later comes to somebody who is idle
_MOST_SECONDS = (
    0.01  # that anybody waits for company: with 0.05 as many claims went a second, and each took almost twice as long (docs/operators.md)
)


class Turns:
    """The turns of one process."""

    def __init__(self) -> None:
        """Nobody has the turn."""
        self._turn = threading.Lock()
        self._ended = float("-inf")
        self._gather_seconds = 0.0

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold the turn: wait until nobody else has it, and let them wait."""
        with self._turn:
            yield

    @contextmanager
    def working(self, *, is_full: bool) -> Iterator[None]:
        """Remember how long a batch takes; after a full one the next is probably there."""
        began = time.monotonic()
        yield
        self._ended = time.monotonic()
        self._gather_seconds = 0.0 if is_full else min(_MOST_SECONDS, self._ended - began)

    def gather(self) -> None:
        """Give the claims of a busy moment time to come together, before what is due is taken."""
        if self._gather_seconds and time.monotonic() - self._ended < _AT_ONCE_SECONDS:
            time.sleep(self._gather_seconds)
