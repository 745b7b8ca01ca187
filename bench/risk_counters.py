"""What counting entities costs: `python -m bench.risk_counters`. A database of its own, with hubs in it; nothing of it is kept.

Processor time of the thread; on a busy machine neighbours still throw out caches, so beside the percentiles of all reads stands that
of each one's best of eight. The read is measured as the database does it (the statements alone), and as a claim pays
for it: all of `storage.entities.meet` and the write at the end, alone and sixteen claims in a transaction.
"""

import argparse
import random
import sqlite3
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

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
        reads = _reads(database, chance)
        _print("read of a claim's entities, the statements alone", reads, "50")
        _print("a loop that takes as long and touches nothing", _loops(float(np.median(reads))))
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
    engine = database.engine
    find = entities.FIND[True].compile(engine).construct_expanded_state({"of_keys": "", "of_claims": ["C0"]})
    size = entities.SIZES.compile(engine).construct_expanded_state({"of_groups": ""})
    with database.read() as tx:
        asked = [[*_told(tx, chance).values()] for _ in range(2_000)]
        read = _Read(
            tx.connection.connection.driver_connection, find.statement, size.statement, tuple(size.positional_parameters or ())[:-1]
        )
        return np.array([[read.time(keys) for keys in asked] for _ in range(8)])


class _Read(NamedTuple):
    """What the product asks of SQLite for a claim: its entities, then the sizes of the groups that these belong to."""

    connection: Any
    find: str  # its parameters: the keys as JSON, the claim
    size: str
    bounds: tuple[object, ...]  # its first parameters; the last are the groups as JSON

    def time(self, keys: list[str]) -> float:
        begun = time.thread_time()
        found = self.connection.execute(self.find, (entities.listed(keys), "C0")).fetchall()
        groups = {each[6] for each in found if each[6] is not None}
        sizes = self.connection.execute(self.size, (*self.bounds, entities.listed(groups))).fetchall() if groups else []
        took = time.thread_time() - begun
        if not found or {group for group, _ in sizes} != groups:
            raise RuntimeError(f"nothing was read of {keys}: the figure would be none")  # every claim has a hospital that is known
        return took


def _loops(wanted: float) -> Seconds:
    """Time a loop of about this length as often as the reads: what its late ones have too much is the machine's, not the reading's."""
    turns = round(wanted / min(_loop(10_000) for _ in range(50)) * 10_000)
    return np.array([[_loop(turns) for _ in range(2_000)] for _ in range(8)])


def _loop(turns: int) -> float:
    begun = time.thread_time()
    for _ in range(turns):
        pass
    return time.thread_time() - begun


def _print(name: str, seconds: Seconds, target: str = "") -> None:
    middle, late = np.percentile(seconds * 1e6, (50, 99))
    alone = f" {np.percentile(seconds.min(axis=0) * 1e6, 99):>8.1f} µs p99 of each one's best" if seconds.ndim > 1 else ""
    print(f"  {name:<58} {middle:>7.1f} µs p50 {late:>8.1f} µs p99{alone}" + (f"   to reach {target} at p99" if target else ""))


if __name__ == "__main__":
    main()
