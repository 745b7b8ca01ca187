"""Times the rule engine on a hospitalisation claim: 40 elements, 30 invoice lines, 60 rules, all steps; peers beside it.

    python -m bench.rules_speed [--quick]

The same claim is measured twice: with every line as two elements and a rule of its own, which every engine can do, and
with the lines as records that one line rule reviews, which is how a contract is written in this language.

Peers (setup/requirements-bench.in) that are not installed are named and skipped. Before anything is timed, every
engine's answers are compared with those of the reference; what differs is not timed. A peer and our engine run in turn,
and a ratio is the best of one to the best of the other. Time is the processor's, all threads together, so that what else
the machine does counts little and threads gain nothing: targets are per core. glibc gives freed memory back between runs,
which makes NumPy work of any engine up to three times slower, depending on what ran before; the process therefore starts
itself anew with memory kept, for all engines alike (bench/speed/timing.py). Nothing here asserts a time.
"""

import argparse
import time
from pathlib import Path

from bench.speed.beside import FLAT, RECORDS, print_peers
from bench.speed.ours import print_growth, print_own, print_trace
from bench.speed.timing import STEADY_MEMORY, keep_memory
from bench.speed.workloads import Settings, flat, records
from bench.workload.book import CONDITIONS, FACTS, GRADES, LINES
from rules.cover import cover
from rules.fast import compile_plan
from rules.inline_tests import run_tests
from rules.loader import load_book, read_source


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
    parser.add_argument("--quick", action="store_true", help="fewer rows and rounds")
    quick = parser.parse_args().quick
    keep_memory()
    settings = Settings(100, 20_000, 7) if quick else Settings(200, 100_000, 15)
    one_by_one, as_records = flat(settings.claims, LINES, CONDITIONS, GRADES), records(settings.claims, LINES)
    print(f"memory is kept between runs: {' '.join(f'{name}={value}' for name, value in STEADY_MEMORY.items())}")
    print(f"processor time, all threads together; the best of {settings.rounds} rounds, ours and the peer's in turn")
    for workload, builders, lines in (
        (as_records, RECORDS, "lines as records, one line rule reviews each in three steps"),
        (one_by_one, FLAT, "each line two elements and a rule of its own"),
    ):
        print(f"\n{FACTS} elements, {LINES} lines, {len(workload.book.rules)} rules: {lines}")
        print_own(workload, settings)
        print_peers(workload, builders, settings)
    print("\nwhat reasons cost, each line with a rule of its own")
    print_trace(one_by_one, settings)
    print("\nwhat reasons cost, lines as records")
    print_trace(as_records, settings)
    print(f"\n{'growth':<46}{'without trace':>15}{'a column row':>15}")
    print_growth(settings)
    print("\nfrom the files")
    print_compile(Path("rules/book"))


if __name__ == "__main__":
    main()
