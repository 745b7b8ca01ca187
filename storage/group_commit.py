"""Group commit: what several threads want to write at one moment goes into one transaction of one of them.

Whoever comes first writes for all who wait; while it does, the next ones gather. Nobody waits for company, so that a caller who is
alone is served as before.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

_log = logging.getLogger(__name__)
_Wish = TypeVar("_Wish")
_Answer = TypeVar("_Answer")
Together = Callable[[Sequence[_Wish]], Sequence[_Answer | Exception]]


@dataclass(eq=False)
class _Caller(Generic[_Wish, _Answer]):
    wish: _Wish
    answers: list[_Answer | Exception] = field(default_factory=list)  # one, or none: then it goes alone
    had_turn: bool = False


class GroupCommit(Generic[_Wish, _Answer]):
    """Gathers the callers of one process."""

    def __init__(self) -> None:
        self._gathering = threading.Lock()
        self._turn = threading.Lock()
        self._waiting: list[_Caller[_Wish, _Answer]] = []

    def do(self, wish: _Wish, together: Together[_Wish, _Answer], alone: Callable[[_Wish], _Answer], most: int) -> _Answer:
        """Have a wish fulfilled together with at most `most - 1` others; gives its own answer, or raises its own error.

        `together` writes one transaction, all or nothing, and gives for each wish an answer, or an error of which nothing was written.
        When it raises, nothing was written, and each goes `alone`, in its own thread.
        """
        mine = _Caller[_Wish, _Answer](wish)
        with self._gathering:
            self._waiting.append(mine)
        while not mine.had_turn:
            with self._turn:
                if not mine.had_turn:
                    self._serve(together, most)
        if not mine.answers:
            return alone(wish)
        answer = mine.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _serve(self, together: Together[_Wish, _Answer], most: int) -> None:
        with self._gathering:
            served, self._waiting = self._waiting[:most], self._waiting[most:]
        try:
            for each, answer in zip(served, together([each.wish for each in served]), strict=True):
                each.answers.append(answer)
        except Exception:  # noqa: BLE001  # whose it is shows when each goes alone
            _log.info("%d wishes go on alone", len(served), exc_info=True)
        finally:
            for each in served:
                each.had_turn = True  # after its answer, for it may be looking at this moment
