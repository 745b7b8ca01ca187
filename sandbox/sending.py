"""Customers, call-takers and hospitals, played: they send a scenario's submissions over HTTP and watch what becomes of them."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx

from domain.errors import SetupError
from sandbox.scenario import Scenario, Submission

# A claim in one of these waits for somebody outside, or for nobody.
_SETTLED = frozenset({"NEEDS_SUPPLEMENT", "IN_REVIEW", "IN_INVESTIGATION", "PAID", "CLOSED", "WITHDRAWN", "DUPLICATE"})
_LOOK_SECONDS = 0.1
_PATIENCE_SECONDS = 600  # a photograph takes seconds, and minutes on a machine with other work for ten


@dataclass(frozen=True)
class Outcome:
    """What became of one submission: the claim as the status endpoint tells it, and how long it took."""

    submission: Submission
    claim_id: str
    state: str
    paid_fen: int
    seconds: float
    answer: Mapping[str, Any]  # of the channel itself


@dataclass(frozen=True)
class Sender:
    """Speaks for every channel: `secrets` maps app, hotline and hospital to their bearer tokens."""

    client: httpx.Client
    secrets: Mapping[str, str]

    def play(self, scenario: Scenario, timeout_seconds: float = _PATIENCE_SECONDS) -> tuple[Outcome, ...]:
        """Send a scenario's earlier submissions and then its main one, each after the one before has settled; the main one comes last."""
        return tuple(self.send(each, timeout_seconds) for each in (*scenario.earlier, scenario.main))

    def send(self, submission: Submission, timeout_seconds: float = _PATIENCE_SECONDS) -> Outcome:
        """Send one submission and wait until its claim settles.

        Raises:
            httpx.HTTPStatusError: the intake refused it.
            SetupError: it did not settle in time; the message tells where it stands.
        """
        files = [("files", (each.filename, each.take(), "image/jpeg")) for each in submission.files]
        start = time.monotonic()
        answer = self._post(submission, files)
        status = self._wait(answer["claim_id"], submission, start + timeout_seconds)
        return Outcome(
            submission,
            answer["claim_id"],
            status["state"],
            status["paid_fen"],
            round(time.monotonic() - start, 2),
            answer,
        )

    def _post(self, submission: Submission, files: list[tuple[str, tuple[str, bytes, str]]]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.secrets[submission.channel]}"}
        if submission.channel == "app":
            claim = ("claim", ("claim.json", json.dumps(dict(submission.payload), default=str), "application/json"))
            response = self.client.post("/v1/claims", headers=headers, files=[claim, *files])
        else:
            path = {"hotline": "/v1/hotline/reports", "hospital": "/v1/hospital/settlements"}[submission.channel]
            response = self.client.post(path, headers=headers, json=dict(submission.payload))
        if response.is_error:
            raise httpx.HTTPStatusError(f"{response.status_code}: {response.text}", request=response.request, response=response)
        answer: dict[str, Any] = response.json()
        return answer

    def _wait(self, claim_id: str, submission: Submission, until: float) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.secrets['app']}"}
        while True:
            response = self.client.get(f"/v1/claims/{claim_id}", headers=headers)
            response.raise_for_status()
            status: dict[str, Any] = response.json()
            waits_for_papers = status["state"] == "REPORTED" and not submission.files
            if status["state"] in _SETTLED or waits_for_papers:
                return status
            if time.monotonic() > until:
                told = (
                    f"claim {claim_id} is still {status['state']} after {_PATIENCE_SECONDS // 60} minutes: {'; '.join(status['reasons'])}"
                )
                raise SetupError(told, "this machine is too busy, or too slow, to read photographs now: try again when it has less to do")
            time.sleep(_LOOK_SECONDS)


def play_all(sender: Sender, scenarios: Sequence[Scenario], settled: Callable[[], None], at_once: int = 2) -> list[tuple[Outcome, ...]]:
    """Play scenarios, some at once, each after the one it builds on; `settled` is called as each one ends. Answers in their order."""
    running: dict[str, Future[tuple[Outcome, ...]]] = {}
    with ThreadPoolExecutor(at_once) as pool:
        for scenario in scenarios:
            running[scenario.name] = pool.submit(_play_after, sender, scenario, running.get(scenario.after), settled)
        return [running[scenario.name].result() for scenario in scenarios]


def _play_after(
    sender: Sender, scenario: Scenario, before: Future[tuple[Outcome, ...]] | None, settled: Callable[[], None]
) -> tuple[Outcome, ...]:
    if before is not None:
        before.result()
    outcomes = sender.play(scenario)
    settled()
    return outcomes
