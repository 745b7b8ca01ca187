"""Customers: threads that send claims over HTTP and do not give up before each is acknowledged."""

import json
import threading
import time

import httpx

from tests.torture.papers import Sent, claim_of
from tests.torture.stand import Stand

_THREADS = 3
_PAUSE_SECONDS = 0.1
_ASKS_AGAIN = 7


class Customers:
    """Sends claims by number; what was acknowledged is in `acknowledged`, by the app's own number."""

    def __init__(self, stand: Stand, claims: int) -> None:
        self._stand = stand
        self._waiting = list(range(claims))
        self._released = 0
        self._lock = threading.Lock()
        self._giving_up = threading.Event()
        self.acknowledged: dict[str, str] = {}
        self.again = 0  # how often a claim had to be sent once more
        self.faults: list[str] = []  # answers that nobody may get, and numbers that became two claims
        self._threads = [threading.Thread(target=self._run, name="customer", daemon=True) for _ in range(_THREADS)]

    def start(self) -> "Customers":
        for each in self._threads:
            each.start()
        return self

    def release(self, number: int) -> None:
        """Let the claims up to that number come in."""
        self._released = number

    @property
    def are_done(self) -> bool:
        return not any(each.is_alive() for each in self._threads)

    def give_up(self) -> None:
        self._giving_up.set()
        for each in self._threads:
            each.join()

    def join(self) -> None:
        for each in self._threads:
            each.join()

    def _run(self) -> None:
        headers = {"Authorization": f"Bearer {self._stand.secret}"}
        with httpx.Client(base_url=self._stand.server, timeout=10, headers=headers) as client:
            while self._waiting and not self._giving_up.is_set():
                number = self._next()
                if number is None:
                    time.sleep(_PAUSE_SECONDS / 10)
                    continue
                claim = claim_of(number)
                self._send(client, claim)
                if number % _ASKS_AGAIN == 0:  # who did not hear the answer sends the same once more
                    self._send(client, claim)

    def _next(self) -> int | None:
        with self._lock:
            return self._waiting.pop(0) if self._waiting and self._waiting[0] < self._released else None

    def _send(self, client: httpx.Client, claim: Sent) -> None:
        files = [("claim", ("claim.json", json.dumps(claim.payload), "application/json"))]
        files += [("files", (each.name, each.content, each.media_type)) for each in claim.papers]  # type: ignore[misc]
        while not self._giving_up.is_set():
            try:
                answer = client.post("/v1/claims", files=files)
            except httpx.HTTPError:
                answer = None
            if answer is not None and answer.status_code in (200, 202):
                self._note(claim.ref, answer.json()["claim_id"])
                return
            with self._lock:
                self.again += 1
                if answer is not None and answer.status_code not in (429, 500, 503, 507):
                    self.faults.append(f"{claim.ref}: {answer.status_code} {answer.text[:300]}")
            time.sleep(_PAUSE_SECONDS)

    def _note(self, ref: str, claim_id: str) -> None:
        with self._lock:
            known = self.acknowledged.setdefault(ref, claim_id)
            if known != claim_id:
                self.faults.append(f"{ref} is {known} and {claim_id}")
