"""Measures know your cover: the customer with 157 policies, and the counting of groups of similar people.

`python -m bench.cover_speed` on a new SQLite database; `--database postgresql+psycopg://…` on one of yours that is empty;
`--people 2000` says how many are counted. Prints processor time and time by the clock, the best and the worst of several rounds.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter, process_time
from types import SimpleNamespace
from typing import Any, cast

from adjudicator.covering import count_groups, tell_cover
from adjudicator.published import PublishedBooks
from adjudicator.publishing import ship
from adjudicator.system import System
from domain.policy import Person, Policy
from entitlement.cover.model import shipped_model
from policy.terms_file import shipped_terms
from rules.medical_base import shipped_base
from sandbox.many_policies import build_customer
from sandbox.medical_base import AGENTS
from sandbox.numbers import id_number
from storage import policy_ledger, registry
from storage.crypto import FieldCipher
from storage.database import Database
from storage.migrate import upgrade

_ROUNDS = 10
_LONG = (
    ("dingshou-term", "定期二十年", 20),
    ("zhongji-multi", "多次版", 60),
    ("zhongji-single", "单次版", 60),
    ("fulu-endowment", "福禄版", 15),
)
_SHORT = (("baiwan-medical", "百万版"), ("anxin-inpatient", "标准版"), ("huimin-city", "普惠版"), ("ankang-cash", "基础版"))


@dataclass(frozen=True)
class _Timed:
    what: str
    best_ms: float
    worst_ms: float
    processor_ms: float

    def __str__(self) -> str:
        return f"{self.what}: {self.best_ms:.0f} to {self.worst_ms:.0f} ms by the clock, {self.processor_ms:.0f} ms of a processor"


def main() -> None:
    """Fill a database, measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="")
    parser.add_argument("--people", type=int, default=2000)
    given = parser.parse_args()
    with _system(given.database) as system:
        customer = build_customer()
        with system.database.write() as tx:
            registry.save_agents(tx, AGENTS)
            registry.save_people(tx, [customer.person])
            registry.save_policies(tx, customer.policies)
            policy_ledger.save_contracts(tx, customer.contracts)
            policy_ledger.book(tx, customer.entries)
        print(
            _time(
                f"a customer with {len(customer.policies)} policies, as sandbox/many_policies.py has them",
                lambda: _tell(system, customer.person),
            )
        )
        busy = _fill(system, 0, 157, lambda number: _long(number) if number % 2 else _short(number))
        print(_time("a customer with 157 policies in force, half of them of 15 to 60 years", lambda: _tell(system, busy)))
        for number in range(1, given.people):
            _fill(system, number, 3, lambda place, number=number: _long(number + place) if place % 2 else _short(number + place))  # type: ignore[misc]
        began = perf_counter()
        *_, counted = count_groups(system)
        took = perf_counter() - began
        print(f"groups: {counted} people of 3 policies in {took:.1f} s, {counted / took:.0f} a second")


def _tell(system: System, person: Person) -> None:
    with system.database.read() as tx:
        tell_cover(system, tx, person, {})


def _time(what: str, work: Callable[[], None]) -> _Timed:
    work()  # books are compiled by the first who asks
    clocks, processor = [], []
    for _ in range(_ROUNDS):
        clock, spent = perf_counter(), process_time()
        work()
        clocks.append((perf_counter() - clock) * 1000)
        processor.append((process_time() - spent) * 1000)
    return _Timed(what, min(clocks), max(clocks), min(processor))


def _fill(system: System, number: int, policies: int, choose: Callable[[int], tuple[str, str, int]]) -> Person:
    born = date(1960 + number % 40, 1 + number % 12, 1 + number % 28)
    person = Person(
        f"B{number:06d}",
        "示例人",
        id_number(born, number % 1000),
        born,
        region_code=f"99{number // 1000 % 90 + 10}01",
        has_social_insurance=True,
    )
    start = date(2025, 12, 1)
    made = []
    for place in range(policies):
        product, plan, years = choose(place)
        end = start.replace(year=start.year + years) - timedelta(days=1)
        made.append(Policy(f"B{number:06d}{place:03d}", person.person_id, person.person_id, product, plan, start, end, start))
    with system.database.write() as tx:
        registry.save_people(tx, [person])
        registry.save_policies(tx, made)
    return person


def _long(number: int) -> tuple[str, str, int]:
    return _LONG[number // 2 % len(_LONG)]


def _short(number: int) -> tuple[str, str, int]:
    return (*_SHORT[number // 2 % len(_SHORT)], 1)


@contextmanager
def _system(url: str) -> Iterator[System]:
    """As much of a system as cover takes: the data layer, the books, terms and the model."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(url or f"sqlite:///{folder}/cover.db", FieldCipher(bytes(range(64))))
        upgrade(database)
        ship(database, [each for each in Path("rules/book").glob("*.yaml") if each.stem != "routing"], shipped_base())
        parts = SimpleNamespace(database=database, books=PublishedBooks(), terms=shipped_terms(), cover=shipped_model())
        yield cast(System, cast(Any, parts))
        database.close()


if __name__ == "__main__":
    main()
