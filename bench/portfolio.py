"""Times what a customer sees of their policies, and the chores of a day, on a generated portfolio.

    python app.py data generate --policies 1000000 --customers 300000 --seed 1 --config FILE
    python -m bench.portfolio --config FILE [--asked 400] [--days 3]

Customers are drawn as they are, by the policies they have, and the one with most is asked again and again. Timed is what the HTTP
endpoints do from the first statement to the JSON, by the clock and of the processor of this process (the database's own on PostgreSQL
is not in it). `--days` goes through all contracts, then through so many days after with a clock that is turned; it books what is due.
"""

import argparse
import os
import random
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from time import perf_counter, process_time
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import func, select

from adjudicator import servicing_sweep
from adjudicator.china_time import today
from adjudicator.settings import read_config
from adjudicator.system import System
from api.answers.holdings import figure_rows, overview
from commands.collecting import collect_rarely
from commands.plant import open_database
from domain.china import DAY_MS
from entitlement.figures import Kind, figures_of
from policy.bases import shipped_bases
from policy.holdings import holdings_of_person
from policy.terms_file import shipped_terms
from storage import tables as t
from storage.database import Database

TERMS, BASES = shipped_terms(), shipped_bases()
_PAGE, _BIG_ROUNDS = 100, 20  # rows of a page of figures; how often the largest customer is asked


def see_overview(database: Database, person_id: str, day: date) -> int:
    """Work out the overview; gives the size of its JSON."""
    with database.read() as tx:
        holdings = holdings_of_person(tx, person_id, TERMS, day)
    figures = [figure for each in holdings for figure in figures_of(each, BASES)]
    return len(overview(day, holdings, figures).model_dump_json())


def see_figure(database: Database, person_id: str, day: date, kind: Kind = Kind.LOAN_AVAILABLE) -> int:
    """Work out one figure policy by policy, the first page of it; gives the size of its JSON."""
    with database.read() as tx:
        holdings = holdings_of_person(tx, person_id, TERMS, day)
    every = [(each, figure) for each in holdings for figure in figures_of(each, BASES) if figure.kind is kind]
    telling = [row for row in every if row[1].amount_fen != 0]
    return len(figure_rows(day, kind, [figure for _, figure in every], telling[:_PAGE], None).model_dump_json())


def print_times(what: str, asked: Sequence[str], see: Callable[[str], int]) -> None:
    """Ask for each, and print the middle, the ninety-ninth and the last of a hundred, in milliseconds."""
    clock, processor = [], []
    for person_id in asked:
        began, spent = perf_counter(), process_time()
        see(person_id)
        clock.append((perf_counter() - began) * 1000)
        processor.append((process_time() - spent) * 1000)
    told = [f"p50 {_at(each, 0.5):6.1f}  p99 {_at(each, 0.99):6.1f}  most {max(each):6.1f}" for each in (processor, clock)]
    print(f"{what:46} processor ms {told[0]}   clock ms {told[1]}", flush=True)


def _at(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def memory_mib() -> int:
    """Tell how much memory this process has."""
    told = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in told.splitlines() if line.startswith("VmRSS")) // 1024


def live_days(database: Database, days: int) -> None:
    """Go through the contracts today, and on the days after."""
    system = cast(System, cast(Any, SimpleNamespace(database=database, terms=TERMS, bases=BASES)))
    for ahead in range(days + 1):
        database._ahead_ms = lambda ahead=ahead: ahead * DAY_MS  # type: ignore[misc]
        looked, pages, began, spent = 0, 0, perf_counter(), process_time()
        while found := servicing_sweep.sweep(system):
            looked, pages = looked + found, pages + 1
        took, worked = perf_counter() - began, process_time() - spent
        print(
            f"day {ahead}: {looked:,} contracts looked at, {worked:.1f} s of the processor, {took:.1f} s by the clock, {memory_mib()} MiB"
        )
    database._ahead_ms = lambda: 0


def main() -> None:
    """Ask, then live through days."""
    collect_rarely()  # as `serve` and `worker` do
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--asked", type=int, default=400)
    parser.add_argument("--days", type=int, default=-1)
    asked = parser.parse_args()
    database = open_database(read_config(asked.config), asked.config.resolve().parent)
    dice, p = random.Random(11), t.policy.c
    with database.read() as tx:
        day = today(tx)
        policies, people = tx.connection.execute(select(func.max(p.policy_number), func.max(p.policyholder_id))).one()
        numbers = [f"P97{dice.randrange(int(policies[3:]) + 1):09d}" for _ in range(asked.asked)]
        held = dict(cast(Any, tx.connection.execute(select(p.policy_number, p.policyholder_id).where(p.policy_number.in_(numbers))).all()))
        count = func.count().label("count")
        largest, most = tx.connection.execute(
            select(p.policyholder_id, count).group_by(p.policyholder_id).order_by(count.desc(), p.policyholder_id).limit(1)
        ).one()
    print(
        f"{int(policies[3:]) + 1:,} policies, {int(people[3:]) + 1:,} customers, {day}, load {os.getloadavg()[0]:.1f}, {memory_mib()} MiB"
    )
    by_customer = [f"C97{dice.randrange(int(people[3:]) + 1):07d}" for _ in range(asked.asked)]
    for name, chosen in (
        ("customers as they are", by_customer),
        ("customers by their policies", [held[number] for number in numbers]),
        (f"the customer with {most} policies", [largest] * _BIG_ROUNDS),
    ):
        print_times(f"overview, {name}", chosen, lambda person_id: see_overview(database, person_id, day))
        print_times(f"loan available, {name}", chosen, lambda person_id: see_figure(database, person_id, day))
    print(f"{memory_mib()} MiB")
    if asked.days >= 0:
        live_days(database, asked.days)
    database.close()


if __name__ == "__main__":
    main()
