"""Bounds how often somebody may call: a token bucket for each channel, customer, member of staff, and stranger's address.

The buckets live in this process: with several processes behind a proxy each lets so much through. What must hold over
all of them (the queue of claims, wrong passwords of an account) has bounds of its own.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Request

from api.permissions import Principal, Role
from domain.errors import OverloadedError

RATE_KEY = "mingbai.rate_limit"
_BURST_SECONDS = 5  # how much of the rate may come at once


@dataclass(frozen=True)
class Rates:
    """Calls a second that one asker may make in the long run; five seconds' worth may come at once."""

    channel: float = 500.0  # one channel speaks for all its customers
    customer: float = 10.0
    staff: float = 20.0
    address: float = 20.0  # who comes without a credential, or with one that is not known


@dataclass
class RateLimit:
    """The buckets of one process."""

    rates: Rates
    clock: Callable[[], float] = time.monotonic
    max_keys: int = 20_000
    _full_at: dict[str, float] = field(default_factory=dict)  # when the bucket of a key will be full again
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, key: str, rate: float) -> None:
        """Take one call out of a bucket.

        Raises:
            OverloadedError: it is empty; says after how many seconds it is not.
        """
        now, wide = self.clock(), max(_BURST_SECONDS, 1 / rate)
        with self._lock:
            full_at = max(self._full_at.get(key, now), now) + 1 / rate
            if full_at - now <= wide + 1e-9:
                self._full_at[key] = full_at
                if len(self._full_at) > self.max_keys:
                    self._full_at = {each: at for each, at in self._full_at.items() if at > now}
                return
        seconds = int(full_at - now - wide) + 1
        told = f"more than {rate:g} calls a second came from you"
        raise OverloadedError(told, f"wait {seconds} s (Retry-After), and call less often", retry_after_seconds=seconds)

    def of_principal(self, principal: Principal) -> None:
        """Take one call of somebody who is known; raises as `take` does."""
        if principal.staff:
            self.take(f"staff:{principal.name}", self.rates.staff)
        elif principal.role is Role.CUSTOMER:
            self.take(f"customer:{principal.person_id}", self.rates.customer)
        else:
            self.take(f"channel:{principal.name}", self.rates.channel)

    def of_stranger(self, request: Request) -> None:
        """Take one call of an address; raises as `take` does."""
        self.take(f"address:{request.remote_addr or ''}", self.rates.address)
