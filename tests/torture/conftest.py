"""Where the small tortures take place; what cannot be had here (a broker, a disk to mount) is left out, and the reason told."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.torture import backends
from tests.torture.backends import Backend
from tests.torture.disk import small_disk
from tests.torture.runs import Grounds
from tests.torture.stand import Nursery


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
