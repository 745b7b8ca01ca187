"""What counting entities costs: `python -m bench.risk_counters`. A database of its own, with hubs in it; nothing of it is kept.

Processor time of the thread; on a busy machine neighbours still throw out caches, so beside the percentiles of all reads stands that
of each one's best of eight. The read is measured as the database does it (the statement alone), and as a claim pays
for it: all of `storage.entities.meet` and the write at the end, alone and sixteen claims in a transaction.
"""

import argparse
import random
import sqlite3
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from domain.risk import EntityKind
from storage import entities
from storage.crypto import FieldCipher
from storage.database import Database, Transaction
from storage.migrate import upgrade

K = EntityKind
Seconds = npt.NDArray[np.float64]
_PEOPLE, _HOSPITALS, _AGENTS, _DIAGNOSES = 20_000, 40, 400, 60


def main() -> None:
    """Fill a database, then print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=30_000)
    count: int = parser.parse_args().claims
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "claims.db"
        database = Database(f"sqlite:///{path}", FieldCipher(bytes(range(64))))
        upgrade(database)
        for first in range(0, count, 500):
            _meet(database, first, 500, chance)
        alone = [_meet(database, count + number, 1, chance) for number in range(500)]
        together = [_meet(database, count + 500 + 16 * number, 16, chance) / 16 for number in range(100)]
        print(f"{count} claims counted in {_rows(path)} rows")
        _print("read of a claim's entities, the statement alone", _reads(database, chance), "50")
        _print("read, count and write, a claim alone in its transaction", np.array(alone))
        _print("the same, a claim of sixteen in a transaction", np.array(together))
        database.close()


def _meet(database: Database, first: int, count: int, chance: random.Random) -> float:
    """Score some claims in one transaction; gives the seconds that counting took, without the commit."""
    with database.write() as tx:
        claims = {f"C{first + number}": _told(tx, chance) for number in range(count)}
        begun = time.thread_time()
        entities.look_ahead(tx, claims)
        for claim_id, keys in claims.items():
            entities.meet(tx, claim_id, keys, chance.randrange(10_000, 9_000_000))
        tx.close()
        return time.thread_time() - begun


def _told(tx: Transaction, chance: random.Random) -> Mapping[K, str]:
    person, hospital = chance.randrange(_PEOPLE), min(int(chance.expovariate(0.15)), _HOSPITALS)
    agent, diagnosis = chance.randrange(_AGENTS), chance.randrange(_DIAGNOSES)
    family = str(person // 3)
    told = {K.INSURED: str(person), K.PHONE: family, K.ACCOUNT: str(person), K.ADDRESS: family, K.DEVICE: family}
    told |= {K.HOSPITAL: str(hospital), K.AGENT: str(agent), K.HOSPITAL_AGENT: f"{hospital} {agent}"}
    told |= {K.HOSPITAL_DIAGNOSIS: f"{hospital} {diagnosis}", K.DIAGNOSIS: str(diagnosis)}
    return {kind: entities.key_of(tx, kind, value) for kind, value in told.items()}


def _rows(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        return int(connection.execute("SELECT count(*) FROM risk_entity").fetchone()[0])


def _reads(database: Database, chance: random.Random) -> Seconds:
    """Ask for two thousand claims' entities, eight times over, on a connection as the product opens it."""
    compiled = entities.FIND.compile(database.engine)
    with database.read() as tx:
        asked = [{"of_keys": [*_told(tx, chance).values()], "of_claims": ["C0"]} for _ in range(2_000)]
        written = [compiled.construct_expanded_state(each) for each in asked]
        questions = [(each.statement, tuple(each.positional_parameters)) for each in written]
        connection = tx.connection.connection.driver_connection
        return np.array([[_time(connection, *each) for each in questions] for _ in range(8)])


def _time(connection: Any, statement: str, values: tuple[object, ...]) -> float:
    begun = time.thread_time()
    connection.execute(statement, values).fetchall()
    return time.thread_time() - begun


def _print(name: str, seconds: Seconds, target: str = "") -> None:
    middle, late = np.percentile(seconds * 1e6, (50, 99))
    alone = f" {np.percentile(seconds.min(axis=0) * 1e6, 99):>8.1f} µs p99 of each one's best" if seconds.ndim > 1 else ""
    print(f"  {name:<58} {middle:>7.1f} µs p50 {late:>8.1f} µs p99{alone}" + (f"   to reach {target} at p99" if target else ""))


if __name__ == "__main__":
    main()
