"""Processes die at every boundary between us and the world, each at a place of its own; nothing is lost or paid twice."""

from pathlib import Path

import pytest

from tests.torture.backends import Backend
from tests.torture.runs import BOUNDARIES, Grounds, Size, proven

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are forked and looked at as Linux does it")


def test_a_death_at_every_commit_and_at_the_bank_loses_nothing(sqlite: Backend, grounds: Grounds) -> None:
    report = grounds.climb(sqlite, Size(claims=40, mishaps=0, kinds=BOUNDARIES))
    proven(report, 40, 30)
    assert report.places == report.deaths  # each at a place of its own


def test_a_worker_process_that_dies_at_every_commit_and_at_the_bank_loses_nothing(sqlite: Backend, grounds: Grounds) -> None:
    """Its server goes on, and starts another each time."""
    report = grounds.climb(sqlite, Size(claims=40, mishaps=0, kinds=BOUNDARIES), worker_processes=1)
    proven(report, 40, 20)
    assert report.places == report.deaths
