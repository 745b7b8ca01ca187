"""Torture at a small size: nothing is lost, nothing is paid twice, whatever dies, is cut off or runs full. At full size: `make torture`.

What is slow is parted over files (test_torture_boundaries.py, test_torture_mutants.py), so that it is done side by side.
"""

from pathlib import Path

import pytest

from tests.torture.backends import Backend
from tests.torture.runs import SMALL, Grounds, proven

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are forked and looked at as Linux does it")


def test_a_storm_loses_nothing_and_pays_nothing_twice(backend: Backend, grounds: Grounds) -> None:
    report = grounds.storm(backend, SMALL)
    assert set(backend.mishaps) <= set(report.mishaps)  # each mishap of this backend did happen
    proven(report, SMALL.claims, report.mishaps["killed"])


def test_who_stood_still_writes_nothing_when_it_was_overtaken(sqlite: Backend, grounds: Grounds) -> None:
    report = grounds.overtake(sqlite)
    proven(report, 1, 0)
    assert (report.mishaps["stood still"], report.found.takeovers) == (1, 1)
