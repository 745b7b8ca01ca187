"""The laws of claims and money under any sequence of commands, bank moods, crashes and jumps of the clock that Hypothesis finds.

MINGBAI_TORTURE=full looks for ten minutes and more on each database in place of half a minute (`make torture`).
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import URL, create_engine, text

from adjudicator.system import System
from domain.letter import Letterhead
from storage import access, registry
from storage.blobs import BlobStore
from storage.database import Database, Transaction
from storage.migrate import upgrade
from tests.adjudicator.conftest import engines  # noqa: F401  # the fixture
from tests.adjudicator.world import HOSPITAL, INSURED, STANDARD, World, WrittenReader
from tests.conftest import CIPHER
from tests.torture.claims_machine import INVESTIGATOR, ClaimsMachine
from tests.torture.machine_stage import DECIDERS, Clock
from tests.torture.moody_bank import MoodyBank

IS_FULL = os.environ.get("MINGBAI_TORTURE") == "full"
SIZES = {
    "sqlite": {"max_examples": 400, "stateful_step_count": 60} if IS_FULL else {"max_examples": 10, "stateful_step_count": 25},
    "postgres": {"max_examples": 200, "stateful_step_count": 60} if IS_FULL else {"max_examples": 4, "stateful_step_count": 25},
}
BEGINS_MS = 1_795_053_600_000  # 18 November 2026, 14:00 in China

Copies = Callable[[], str]


@pytest.fixture(params=list(SIZES))
def copies(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Copies]]:
    """Give the URL of an empty database, and a function that copies what is in it by then into one more."""
    if request.param == "sqlite":
        empty, numbers = tmp_path / "template.db", count(1)
        shutil.copyfile(request.getfixturevalue("sqlite_template"), empty)
        yield f"sqlite:///{empty}", lambda: f"sqlite:///{shutil.copyfile(empty, tmp_path / f'claims-{next(numbers)}.db')}"
        return
    server: URL = request.getfixturevalue("postgres_server")
    with _postgres_copies(server) as made:
        yield made


@contextmanager
def _postgres_copies(server: URL) -> Iterator[tuple[str, Copies]]:
    """The same on PostgreSQL: databases made from a template, dropped at the end."""
    template, names = f"{server.database}_machine", []
    administrator = create_engine(server, isolation_level="AUTOCOMMIT")
    with administrator.connect() as connection:

        def make(name: str, of: str) -> str:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {of}"))
            names.append(name)
            return server.set(database=name).render_as_string(hide_password=False)

        url = make(template, "template0")
        database = Database(url, CIPHER)
        upgrade(database)
        database.close()
        try:
            yield url, lambda: make(f"{template}_{len(names)}", template)
        finally:
            for name in names:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    administrator.dispose()


def test_the_laws_hold_whatever_is_done_in_whatever_order(
    copies: tuple[str, Copies],
    engines: Callable[..., System],  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    empty, copy = copies
    monkeypatch.setattr(Transaction, "_moment", property(lambda tx: BEGINS_MS + tx.ahead_ms))  # so that every run repeats exactly
    plugged = _insurer(Database(empty, CIPHER), engines, tmp_path)
    ClaimsMachine.counts.clear()

    def open_world(clock: Clock, bank: MoodyBank) -> World:
        reader = WrittenReader()
        database = Database(copy(), CIPHER, clock.ahead_ms)
        return World(replace(plugged, database=database, reader=reader, bank=bank), reader, bank)  # type: ignore[arg-type]  # a bank

    ClaimsMachine.open_world = staticmethod(open_world)
    size = SIZES["sqlite" if empty.startswith("sqlite") else "postgres"]
    run_state_machine_as_test(
        ClaimsMachine, settings=settings(**size, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    )
    done = ClaimsMachine.counts
    by_people = sum(done[name] for name in ("approve", "pay part", "decline", "advance"))
    wanted = ["submit", "step", "decision", "reconcile"]
    wanted += ["crash", "paid back"] if size["max_examples"] > 5 else []
    wanted += ["write off", "book receipt", "arrange offset", "undo"] if IS_FULL else []
    for name, times in {**{each: done[each] for each in wanted}, "decided by people": by_people}.items():
        assert times > 0, f"nothing proven: {name} was never done ({dict(done)})"
    print(dict(done))  # noqa: T201  # pytest shows it with -s


def _insurer(database: Database, engines: Callable[..., System], folder: Path) -> System:  # noqa: F811
    """Fill a database with books and one insured, before it is copied."""
    with database.write() as tx:
        for staff in (*DECIDERS, INVESTIGATOR):
            access.save_staff_of_provider(tx, staff, staff.user_name)
        registry.save_people(tx, [INSURED])
        registry.save_hospitals(tx, [HOSPITAL])
        registry.save_policies(tx, [replace(STANDARD, agent_id="")])
    system = engines(database, BlobStore(folder / "files", CIPHER), WrittenReader(), MoodyBank())
    with database.read() as tx:
        system.books.load_all(tx)  # now: what is compiled at first use would move the boundaries of the first run alone
    database.close()
    return replace(system, letterhead=Letterhead(repay_to="示例银行 示例保险公司 9900000000000000051"))
