"""What finding an agent costs: `python -m bench.agents [--postgres URL]`. A database of its own, filled with 100,000 agents.

Wall time of a call of `agent.finding`, cards and all, in one process; p50 and p99 over 500 searches. The plans at the end show that
indexes are used. What it said on 2026-11-22 with 100,000 agents in 2,000 branches on SQLite, two cores with a load of 15 to 17: a page
of 20 near a position p50 31 ms, p99 156 ms; who speak Cantonese 64 and 361 ms; of a city 32 and 100 ms; both plans by an index.
With --postgres the database that the URL names is filled and left: give it an empty one.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from agent import finding
from agent.standing import shortfall_of
from domain.places import Position, box_around
from sandbox.agents import iter_force, towns
from storage import agents, registry
from storage.agents import Wanted
from storage.crypto import FieldCipher
from storage.database import Database, Transaction
from storage.migrate import upgrade

_SEARCHES, _SHOWN = 500, 20


def main() -> None:
    """Fill a database, then print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=100_000)
    parser.add_argument("--postgres", default="")
    asked = parser.parse_args()
    with _database(asked.postgres) as database:
        begun = time.perf_counter()
        rated = _fill(database, asked.agents)
        print(f"{asked.agents} agents, {rated} of them rated, in {time.perf_counter() - begun:.0f} s")
        chance = random.Random(3)
        places = [_somewhere(chance) for _ in range(_SEARCHES)]
        with database.read() as tx:
            _print("near, first page of 20", [_timed(partial(_near, tx, each, Wanted())) for each in places])
            _print("near, who speak Cantonese", [_timed(partial(_near, tx, each, Wanted(language="yue"))) for each in places])
            _print("near, of five pages one", [_timed(partial(_near, tx, each, Wanted(), 4)) / 5 for each in places[:100]])
            cities = [Wanted(f"99{chance.randrange(100):02d}") for _ in range(_SEARCHES)]
            _print("a city, first page", [_timed(partial(finding.of_city, tx, each, None, _SHOWN)) for each in cities])
            for line in agents.explain_nearest(tx, box_around(places[0], 4_000), "B000001"):
                print("  plan:", line)


@contextmanager
def _database(postgres: str) -> Iterator[Database]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(postgres or f"sqlite:///{Path(folder)}/agents.db", FieldCipher(bytes(range(64))))
        upgrade(database)
        yield database
        database.close()


def _fill(database: Database, count: int) -> int:
    chance, rated = random.Random(5), 0
    for force in iter_force(count):
        with database.write() as tx:
            registry.save_agents(tx, force.agents)
            agents.save_branches(tx, force.branches)
            agents.save_profiles(tx, force.profiles, shortfall_of(0, 0))
            for each in force.agents:
                if chance.random() < 0.6:
                    votes = chance.randrange(1, 80)
                    stars = sum(min(5, max(1, round(chance.gauss(4.3, 0.9)))) for _ in range(votes))
                    agents.set_ratings(tx, each.agent_id, votes, stars, shortfall_of(votes, stars))
                    rated += 1
    with database.write() as tx:
        tx.connection.exec_driver_sql("ANALYZE")
    return rated


def _somewhere(chance: random.Random) -> Position:
    """Draw where a customer stands: half in the five large towns, the rest in the others."""
    drawn = towns(100, 1)
    town = chance.choice(drawn[:5] if chance.random() < 0.5 else drawn[5:])
    return Position(town.latitude + chance.gauss(0, town.spread), town.longitude + chance.gauss(0, town.spread))


def _near(tx: Transaction, place: Position, wanted: Wanted, pages_before: int = 0) -> None:
    after = None
    for _ in range(pages_before + 1):
        found = finding.nearest(tx, place, wanted, after, _SHOWN)
        after = (found[-1].weight, found[-1].card.agent_id) if found else after


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _print(what: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    p50, p99 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    print(f"{what}: p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms, worst {ordered[-1] * 1000:.1f} ms")


if __name__ == "__main__":
    main()
