"""Torture at a small size: nothing is lost, nothing is paid twice, whatever dies, is cut off or runs full; and known mistakes are noticed.

At full size: `make torture`. What cannot be had here (a broker, a disk to mount) is left out, and the reason told.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.torture import backends
from tests.torture.backends import Backend
from tests.torture.disk import small_disk
from tests.torture.runs import BOUNDARIES, FORGETFUL, SMALL, Grounds, Size
from tests.torture.stand import Nursery
from tests.torture.storm import Report

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are forked and looked at as Linux does it")

AT_THE_BANK = Size(claims=3, mishaps=0, kinds=("bank",))


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    started = Nursery(tmp_path_factory.mktemp("nursery") / "log")
    yield started
    started.close()


@pytest.fixture
def grounds(nursery: Nursery, tmp_path: Path) -> Grounds:
    return Grounds(nursery, tmp_path)


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Backend]:
    with small_disk(tmp_path / "disk", 200) as disk, backends.sqlite(tmp_path, disk) as backend:
        yield backend


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    """PostgreSQL has RabbitMQ beside it where there is one; `make torture` has it alone, too."""
    if request.param == "SQLite":
        yield request.getfixturevalue("sqlite")
        return
    if why := backends.lacking(rabbitmq=False):
        pytest.skip(why)
    with ExitStack() as stack:
        made = stack.enter_context(backends.shared_postgres(os.environ["MINGBAI_TEST_POSTGRES"]))
        has_broker = not backends.lacking(rabbitmq=True)
        yield stack.enter_context(backends.with_rabbitmq(made, os.environ["MINGBAI_TEST_RABBITMQ"])) if has_broker else made


def proven(report: Report, claims: int, deaths: int) -> None:
    """All claims were taken and paid, although so many processes died; nothing else is wrong."""
    found = report.found
    assert found.wrong == []
    assert (found.accepted, found.paid, found.lost, found.paid_twice) == (claims, claims, 0, 0)
    assert report.deaths >= deaths


def test_a_storm_loses_nothing_and_pays_nothing_twice(backend: Backend, grounds: Grounds) -> None:
    report = grounds.storm(backend, SMALL)
    assert set(backend.mishaps) <= set(report.mishaps)  # each mishap of this backend did happen
    proven(report, SMALL.claims, report.mishaps["killed"])


def test_a_death_at_every_commit_and_at_the_bank_loses_nothing(sqlite: Backend, grounds: Grounds) -> None:
    report = grounds.climb(sqlite, Size(claims=40, mishaps=0, kinds=BOUNDARIES))
    proven(report, 40, 30)
    assert report.places == report.deaths  # each at a place of its own


def test_a_worker_process_that_dies_at_every_commit_and_at_the_bank_loses_nothing(sqlite: Backend, grounds: Grounds) -> None:
    """Its server goes on, and starts another each time."""
    report = grounds.climb(sqlite, Size(claims=40, mishaps=0, kinds=BOUNDARIES), worker_processes=1)
    proven(report, 40, 20)
    assert report.places == report.deaths


def test_who_stood_still_writes_nothing_when_it_was_overtaken(sqlite: Backend, grounds: Grounds) -> None:
    report = grounds.overtake(sqlite)
    proven(report, 1, 0)
    assert (report.mishaps["stood still"], report.found.takeovers) == (1, 1)


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
