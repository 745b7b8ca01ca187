"""What a claim costs beside few and beside many that are stored, in turn: rows of paid claims are copied in the database itself.

    python -m bench.claims.stored [--url URL --beside URL] [--sizes 10000 1000000] [--lean] [--rounds 6] [--folder DIR]

Two databases: the first stays at the first size, the second grows to each of the others; what is measured is measured in both in turn,
and the least of all rounds counts. The claims that are measured are of insureds of their own. CPU time is that of this process, with
SQLite that of the database too; "wall" is the time that passed, with waiting for the disk. Files of claims are not copied.

A claim takes 34 kB. With `--lean` the copies hold what the path of a later claim looks at or must be unique beside: people, policies,
claims, documents, what papers are known again by, tasks, feature rows, decisions, limits used, payments and what claims share, 5 kB a
claim, without their long texts. Adjudications, ledger, clocks, notices, messages and audit entries, to which a claim only adds its own
at the end, are left out.
"""

import argparse
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from sqlalchemy import func, select

from adjudicator.intake import submit
from adjudicator.worker import drain, work_once
from bench.claims import cast, plant
from bench.claims.copies import SEED, Copies
from bench.claims.ours import TO_ORDER
from bench.claims.watch import server_cpu_seconds
from storage import tables as t

_MEASURED = 96  # claims a round
_PARTS = ("submit ms", "to order ms", "to pay ms", "server ms", "wall ms")


def main() -> None:
    """Measure at each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="", help="of the database that grows (default: SQLite)")
    parser.add_argument("--beside", default="", help="of the one that stays as it is")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--lean", action="store_true", help="copy what other claims look at, and no long texts")
    parser.add_argument("--folder", default=None, help="where SQLite and the files lie (default: the system's temporary folder)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mingbai-stored-", dir=asked.folder) as folder:
        people = SEED + _MEASURED * asked.rounds * len(asked.sizes)
        few = _Stored(asked.beside or f"sqlite:///{folder}/few.db", Path(folder), people, lean=asked.lean)
        many = _Stored(asked.url or f"sqlite:///{folder}/many.db", Path(folder), people, lean=asked.lean)
        few.grow(asked.sizes[0])
        print(f"{'stored claims':>14}" + "".join(f"{each:>13}" for each in _PARTS))
        for size in asked.sizes[1:]:
            many.grow(size)
            rounds = [(few.measure(), many.measure()) for _ in range(asked.rounds)]
            for place, stored in enumerate((few, many)):
                least = [min(told) for told in zip(*(each[place] for each in rounds), strict=True)]
                print(f"{stored.count():14,}" + "".join(f"{each:13.2f}" for each in least), flush=True)


class _Stored:
    """A database with many claims, and others that are yet to come in."""

    def __init__(self, url: str, folder: Path, people: int, *, lean: bool) -> None:
        plant.make_database(url, people)
        self._system = plant.open_system(url, Path(tempfile.mkdtemp(dir=folder)), lambda: None)
        self._next = 0
        for notice in map(cast.notice_of, self._numbers(SEED)):
            submit(self._system, notice)
        drain(self._system)
        self._copies = Copies(self._system.database, lean=lean)

    def grow(self, claims: int) -> None:
        """Store so many claims in all."""
        began = time.perf_counter()
        self._copies.fill(claims)
        print(f"filled to {claims:,} in {time.perf_counter() - began:.0f} s", flush=True)

    def count(self) -> int:
        """Count them."""
        with self._system.database.read() as tx:
            return int(tx.bare.execute(select(func.count()).select_from(t.claim)).scalar_one())

    def measure(self) -> tuple[float, ...]:
        """Submit claims, bring them to the payment order and pay them; gives the milliseconds a claim of each of `_PARTS`."""
        notices, before = [cast.notice_of(number) for number in self._numbers(_MEASURED)], server_cpu_seconds(self._system.database)
        marks, began = [time.process_time()], time.perf_counter()
        for each in notices:
            submit(self._system, each)
        marks.append(time.process_time())
        for stages in (TO_ORDER, ("pay",)):
            while work_once(self._system, stages):
                pass
            marks.append(time.process_time())
        wall, server = time.perf_counter() - began, server_cpu_seconds(self._system.database) - before
        ours = [later - earlier for earlier, later in pairwise(marks)]
        return tuple(seconds / _MEASURED * 1000 for seconds in (*ours, server, wall))

    def _numbers(self, count: int) -> range:
        self._next += count
        return range(self._next - count, self._next)


if __name__ == "__main__":
    main()
