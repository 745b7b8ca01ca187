"""What counting entities costs: `python -m bench.risk_counters`. A database of its own, with hubs in it; nothing of it is kept.

Processor time of the thread. The read is measured as the database does it (the statement alone), and as a claim pays
for it: all of `storage.entities.meet` and the write at the end, alone and sixteen claims in a transaction.
"""

import argparse
import random
import sqlite3
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from domain.risk import EntityKind
from storage import entities
from storage.crypto import FieldCipher
from storage.database import Database, Transaction
from storage.migrate import upgrade

K = EntityKind
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
        _print("read of a claim's entities, the statement alone", _reads(database, path, chance), "50")
        _print("read, count and write, a claim alone in its transaction", alone)
        _print("the same, a claim of sixteen in a transaction", together)
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


def _reads(database: Database, path: Path, chance: random.Random) -> list[float]:
    taken: list[float] = []
    compiled = entities.FIND.compile(database.engine)
    with database.read() as tx, sqlite3.connect(path) as connection:
        for _ in range(3_000):
            asked = {"of_keys": [*_told(tx, chance).values()], "of_claims": ["C0"]}
            written = compiled.construct_expanded_state(asked)
            values = tuple(written.positional_parameters)
            begun = time.thread_time()
            connection.execute(written.statement, values).fetchall()
            taken.append(time.thread_time() - begun)
    return taken


def _print(name: str, seconds: list[float], target: str = "") -> None:
    middle, late = np.percentile(np.array(seconds) * 1e6, (50, 99))
    print(f"  {name:<58} {middle:>7.1f} µs p50 {late:>8.1f} µs p99" + (f"   to reach {target} at p99" if target else ""))


if __name__ == "__main__":
    main()
