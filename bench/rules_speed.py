"""Times the rule engine on a hospitalisation claim: 40 elements, 30 invoice lines, 60 rules, all steps; peers beside it.

    python -m bench.rules_speed [--quick]

Peers (setup/requirements-bench.in) that are not installed are named and skipped. Before anything is timed, every
engine's answers are compared with those of the reference; what differs is not timed. Nothing here asserts a time.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.workload.book import CONDITIONS, FACTS, GRADES, LINES, make_claim, write_book
from bench.workload.peers import NOT_COMPARED, PEERS, Answer, Peer, facts_of, numbered
from rules.assess import run_responsibility
from rules.column_claims import columns_of
from rules.columns import adjudicate_columns
from rules.cover import cover
from rules.dated_parameters import select_parameters
from rules.engine import adjudicate, find_plan
from rules.fast import compile_plan
from rules.inline_tests import run_tests
from rules.loader import load_book, read_source
from rules.model import Book
from rules.trace import render_text
from rules.unknown import Value
from rules.values import to_values

PLAN, RESPONSIBILITY, BOOK = "标准版", "住院医疗", Path("bench/data/speed.yaml")
Claim = dict[str, Any]


@dataclass(frozen=True)
class Settings:
    """How much is measured."""

    claims: int
    rows: int
    repeats: int


def best_seconds(work: Callable[[], object], repeats: int) -> float:
    """Give the shortest of several runs: what the machine's other work adds is not the engine's."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def microseconds(work: Callable[[Any], object], items: Sequence[Any], repeats: int) -> float:
    """Time one item, over all of them."""
    return best_seconds(lambda: [work(item) for item in items], repeats) / len(items) * 1e6


def expected_answers(book: Book, claims: Sequence[Claim]) -> list[Answer]:
    """Ask the reference engine."""
    order = [*book.responsibilities[RESPONSIBILITY].requires, *book.responsibilities[RESPONSIBILITY].excludes]
    results = [adjudicate(book, PLAN, claim, {}).results[0] for claim in claims]
    return [(each.amount_fen or 0, order.index(each.declined_by) if each.declined_by else -1) for each in results]


def print_our_own(book: Book, claims: Sequence[Claim], settings: Settings) -> float:
    """Print what one claim takes without and with its trace; gives the microseconds without."""
    fast = compile_plan(book, PLAN)
    assert not fast.not_covered, fast.not_covered  # noqa: S101 – the workload is within the language
    assert fast.program is not None  # noqa: S101 – as it is covered
    values = [tuple({**fast.defaults, **claim}.values()) for claim in claims]
    alone = microseconds(lambda each: fast.program and fast.program.run(each, {}), values, settings.repeats)
    plain = microseconds(fast, claims, settings.repeats)
    few, responsibility = claims[:20], book.responsibilities[RESPONSIBILITY]
    ready = [_values(book, claim) for claim in few]
    bare = microseconds(lambda each: run_responsibility(book, fast.plan, responsibility, each, {}, is_told=False), ready, 3)
    traced = microseconds(lambda each: run_responsibility(book, fast.plan, responsibility, each, {}), ready, 3)
    told = microseconds(lambda each: render_text(adjudicate(book, PLAN, each, {})), few[:5], 1)
    print(f"  one claim without trace            {plain:10.1f} µs   (types and ranges checked; the program alone {alone:.1f} µs)")
    print(f"  the reference engine, no trace     {bare:10.1f} µs")
    print(f"  the reference engine, with trace   {traced:10.1f} µs   ({traced / bare:.2f} × without; {traced / plain:.0f} × the program)")
    print(f"  … with what-ifs, and printed       {told:10.1f} µs   (every element of few values is changed once)")
    return plain


def _values(book: Book, claim: Claim) -> dict[str, Value]:
    values = to_values(book, claim)
    plan = find_plan(book, PLAN)
    return {**values, **select_parameters(book, plan, values, book.needed[RESPONSIBILITY])}


def print_columns(book: Book, claims: Sequence[Claim], settings: Settings) -> float:
    """Print how many claims a second columns take; gives the seconds of the batch."""
    columns = columns_of(book, [claims[row % len(claims)] for row in range(settings.rows)])
    answers = adjudicate_columns(book, PLAN, columns, {})
    seconds = best_seconds(lambda: adjudicate_columns(book, PLAN, columns, {}), settings.repeats)
    told = f"{len(answers.told)} answered one by one"
    print(f"  columns of {settings.rows:,} claims         {settings.rows / seconds:10,.0f} claims/s   ({told})")
    return seconds


def print_peers(peer_rows: Sequence[tuple[str, Callable[[], Peer]]], plain: float, batch: float, settings: Settings, book: Book) -> None:
    """Print every peer that gives the same answers, as ratios to ours in this run."""
    claims = [make_claim(seed) for seed in range(settings.claims)]
    facts, expected = [facts_of(claim) for claim in claims], expected_answers(book, claims)
    for name, build in peer_rows:
        try:
            peer = build()
        except ImportError:
            print(f"  {name}: not installed, skipped (pip install -r setup/requirements-bench.in)")
            continue
        some = facts[:60]
        wrong = sum(peer.one(each) != answer for each, answer in zip(some, expected, strict=False))
        if wrong:
            print(f"  {name}: {wrong} of {len(some)} answers differ from the reference, not timed")
            continue
        one = microseconds(peer.one, some, 3)
        print(f"  {name:<28}{one:12.1f} µs a claim   {one / plain:8.1f} × ours   ({len(some)} answers compared, all equal)")
        if peer.batch is not None:
            _print_batch(peer, facts, batch, settings, expected)
    for name, why in NOT_COMPARED.items():
        print(f"  {name}: not compared: {why}")


def _print_batch(peer: Peer, facts: Sequence[dict[str, Any]], ours: float, settings: Settings, expected: Sequence[Answer]) -> None:
    rows = [numbered(each) for each in facts]
    columns = {name: np.resize(np.array([row[name] for row in rows]), settings.rows) for name in rows[0]}
    assert peer.batch is not None  # noqa: S101 – the caller asked
    batch = peer.batch
    paid, by = batch(columns)
    equal = all((int(paid[row]), int(by[row])) == answer for row, answer in enumerate(expected))
    seconds = best_seconds(lambda: batch(columns), 3)
    verdict = "all answers equal" if equal else "answers differ"
    print(f"  {peer.name:<28}{settings.rows / seconds:12,.0f} claims/s     {seconds / ours:8.1f} × ours   ({verdict})")


def print_growth(settings: Settings) -> None:
    """Print how cost grows with lines and with rules."""
    print("  lines  rules   without trace     a column row")
    for factor in (1, 2, 4):
        shape = (LINES * factor, 1 + (CONDITIONS - 1) * factor, 1 + (GRADES - 1) * factor)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "speed.yaml"
            path.write_text(write_book(*shape), encoding="utf-8")
            book = load_book(path)
        claims = [make_claim(seed, lines=shape[0]) for seed in range(100)]
        plain = microseconds(compile_plan(book, PLAN), claims, settings.repeats)
        rows = settings.rows // 2
        columns = columns_of(book, [claims[row % 100] for row in range(rows)])
        adjudicate_columns(book, PLAN, columns, {})
        row_us = best_seconds(lambda book=book, columns=columns: adjudicate_columns(book, PLAN, columns, {}), 3) / rows * 1e6  # type: ignore[misc]
        print(f"  {shape[0]:5}  {len(book.rules):5}   {plain:10.1f} µs   {row_us:10.3f} µs")


def print_compile(folder: Path) -> None:
    """Print what it takes to load and compile every shipped book, and the slowest of them from save to verdict."""
    paths = [path for path in sorted(folder.glob("*.yaml")) if path.stem != "routing"]
    started, plans = time.perf_counter(), 0
    for path in paths:
        book = load_book(path)
        for plan in book.plans:
            compile_plan(book, plan)
            plans += 1
    print(f"  the whole book, {len(paths)} files, {plans} plans: loaded, checked and compiled in {time.perf_counter() - started:.2f} s")
    seconds: dict[str, float] = {}
    for path in paths:
        started = time.perf_counter()
        saved = load_book(path)
        run_tests(saved)
        cover(saved, read_source(path))
        seconds[path.stem] = time.perf_counter() - started
    slowest = max(seconds, key=seconds.__getitem__)
    what = "read, checked, its tests run, its clauses covered"
    print(f"  from save to verdict, the slowest file  {seconds[slowest] * 1000:10.0f} ms   ({slowest}: {what})")


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="fewer rows and repeats")
    quick = parser.parse_args().quick
    settings = Settings(100, 20_000, 3) if quick else Settings(200, 100_000, 7)
    book = load_book(BOOK)
    claims = [make_claim(seed) for seed in range(settings.claims)]
    print(f"{FACTS} elements, {LINES} lines, {len(book.rules)} rules; the best of {settings.repeats} runs, one core")
    plain = print_our_own(book, claims, settings)
    batch = print_columns(book, claims, settings)
    print_peers(PEERS, plain, batch, settings, book)
    print_growth(settings)
    print_compile(Path("rules/book"))


if __name__ == "__main__":
    main()
