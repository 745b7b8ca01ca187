"""Slows down whoever guesses passwords: some wrong ones for a log-in name or from an address, then a pause."""

import threading
import time
from collections.abc import Callable, Mapping

from domain.errors import OverloadedError

LIMIT_KEY = "mingbai.login_limit"


def limits_for(user_name: str, address: str) -> dict[str, int]:
    """Tell how many failures each key may have: a guesser is stopped soon, a whole office behind one address later.

    A name alone has the widest bound, so that a stranger elsewhere cannot lock its owner out with a few tries.
    """
    return {f"{user_name}@{address}": 8, f"@{address}": 60, f"{user_name}@": 100}


class LoginLimit:
    """Counts failed log-ins in this process. A name counts whether it exists or not, so that a pause tells nothing."""

    def __init__(self, window_seconds: int = 300, max_keys: int = 10_000, clock: Callable[[], float] = time.monotonic) -> None:
        """Look back over a window; forget old failures when more than `max_keys` keys are remembered."""
        self._window, self._max_keys, self._clock = window_seconds, max_keys, clock
        self._failures: dict[str, list[float]] = {}
        self._lock = threading.Lock()

    def check(self, limits: Mapping[str, int]) -> None:
        """Refuse when any of the keys has failed too often.

        Raises:
            OverloadedError: it has; says how long the pause lasts.
        """
        now = self._clock()
        with self._lock:
            wait = max(self._wait(key, most, now) for key, most in limits.items())
        if wait > 0:
            seconds = int(wait) + 1
            raise OverloadedError("登录失败次数过多", f"请在 {seconds} 秒后再试；忘记密码请联系管理员", retry_after_seconds=seconds)

    def note_failure(self, limits: Mapping[str, int]) -> None:
        """Count one failure for each key."""
        now = self._clock()
        with self._lock:
            if len(self._failures) > self._max_keys:
                self._failures = {key: times for key, times in self._failures.items() if times[-1] > now - self._window}
            for key in limits:
                self._failures[key] = [at for at in self._failures.get(key, ()) if at > now - self._window] + [now]

    def _wait(self, key: str, most: int, now: float) -> float:
        recent = [at for at in self._failures.get(key, ()) if at > now - self._window]
        return recent[-most] + self._window - now if len(recent) >= most else 0.0
