"""How the sandbox bank misbehaves: each way of a real bank's bad day, with its probability."""

import random
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar


class Mishap(StrEnum):
    """What goes wrong with one request."""

    NONE = "none"
    ERROR_BEFORE_BOOKING = "error_before_booking"  # 500, and nothing was booked
    ERROR_AFTER_BOOKING = "error_after_booking"  # 500, but the money moved: a lost answer
    DROP_AFTER_BOOKING = "drop_after_booking"  # the money moved, and the connection breaks without an answer
    DUPLICATE_ANSWER = "duplicate_answer"  # the same answer twice on one connection
    BOOK_LATE = "book_late"  # no answer, a query finds nothing, and after that query the money moves all the same
    PENDING = "pending"  # the money moved, and this answer says "pending"; a query tells
    PARTIAL_BATCH = "partial_batch"  # of a batch only the first half is taken and answered


_Line = TypeVar("_Line")
_OF_AN_ORDER = (
    Mishap.ERROR_BEFORE_BOOKING,
    Mishap.ERROR_AFTER_BOOKING,
    Mishap.DROP_AFTER_BOOKING,
    Mishap.DUPLICATE_ANSWER,
    Mishap.BOOK_LATE,
    Mishap.PENDING,
)


@dataclass(frozen=True)
class Misbehaviour:
    """Probabilities between 0 and 1; at most one mishap a request, and perhaps a delay before it.

    What happens to a request depends on the seed, its key and how often the key was tried, not on
    the order of threads: the same run has the same mishaps.
    """

    seed: int = 0
    error_before_booking: float = 0.0
    error_after_booking: float = 0.0
    drop_after_booking: float = 0.0
    duplicate_answer: float = 0.0
    book_late: float = 0.0
    pending: float = 0.0
    partial_batch: float = 0.0  # of batches, beside what happens to single orders
    shuffles: bool = False  # statements and batch answers come in no order
    delay: float = 0.0
    delay_ms: int = 200
    rejected_suffix: str = "00000"  # accounts that end so do not exist

    def mishap_of(self, idempotency_key: str, attempt: int) -> Mishap:
        """Tell what goes wrong with an attempt, counted from 1."""
        draw = self._chance(idempotency_key, attempt, "mishap")
        for mishap in _OF_AN_ORDER:
            draw -= getattr(self, mishap)
            if draw < 0:
                return mishap
        return Mishap.NONE

    def cuts_batch(self, keys: list[str]) -> bool:
        """Tell whether a batch is taken in part only."""
        return self._chance("/".join(keys), 1, "batch") < self.partial_batch

    def in_some_order(self, lines: list[_Line]) -> list[_Line]:
        """Give lines as this bank lists them."""
        return random.Random(self.seed).sample(lines, len(lines)) if self.shuffles else lines

    def delay_ms_of(self, idempotency_key: str, attempt: int) -> int:
        """Tell how long an attempt is kept waiting."""
        return self.delay_ms if self._chance(idempotency_key, attempt, "delay") < self.delay else 0

    def _chance(self, idempotency_key: str, attempt: int, what: str) -> float:
        return random.Random(f"{self.seed}/{idempotency_key}/{attempt}/{what}").random()


WELL_BEHAVED = Misbehaviour()
BAD_DAY = Misbehaviour(
    error_before_booking=0.1,
    error_after_booking=0.1,
    drop_after_booking=0.1,
    duplicate_answer=0.1,
    book_late=0.1,
    pending=0.1,
    partial_batch=0.3,
    shuffles=True,
    delay=0.2,
    delay_ms=50,
)
