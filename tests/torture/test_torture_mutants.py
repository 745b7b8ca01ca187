"""Known mistakes (tests/torture/mutants.py) are noticed, and a bank without idempotency is never sent an order twice."""

from pathlib import Path

import pytest

from tests.torture.backends import Backend
from tests.torture.runs import FORGETFUL, Grounds, Size

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are forked and looked at as Linux does it")

AT_THE_BANK = Size(claims=3, mishaps=0, kinds=("bank",))


def test_a_bank_without_keys_is_never_sent_an_order_twice(sqlite: Backend, grounds: Grounds) -> None:
    report = grounds.climb(sqlite, AT_THE_BANK, ("bank without keys",), FORGETFUL)
    assert report.found.wrong == []
    assert (report.found.accepted, report.found.lost, report.found.paid_twice) == (AT_THE_BANK.claims, 0, 0)
    assert report.found.states["DECIDED"] > 0  # whose payment nobody knows of: a person asks the bank


def test_a_key_that_is_drawn_anew_is_noticed(sqlite: Backend, grounds: Grounds) -> None:
    assert grounds.climb(sqlite, AT_THE_BANK, ("random key",), {}).found.paid_twice > 0


def test_sending_again_without_asking_is_noticed(sqlite: Backend, grounds: Grounds) -> None:
    assert grounds.climb(sqlite, AT_THE_BANK, ("no query",), FORGETFUL).found.paid_twice > 0


def test_a_lease_without_its_fence_is_noticed(sqlite: Backend, grounds: Grounds) -> None:
    """What it would write twice is stopped by the state machines behind the fence; but it goes on, and that is told."""
    report = grounds.overtake(sqlite, ("no fence",))
    assert any("who was overtaken went on" in each for each in report.found.wrong)
