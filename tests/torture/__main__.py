"""`make torture`: everything at full size, a table at the end; exit code 1 when an invariant is broken or a mutant lives.

    python -m tests.torture [--claims 1000] [--mishaps 160] [--seed 1] [--only sqlite,postgres,rabbitmq,boundaries,mutants]

PostgreSQL is a cluster of its own on a small disk of its own. RabbitMQ is the one of MINGBAI_TEST_RABBITMQ, in a virtual host of its own.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from tests.torture import backends
from tests.torture.backends import Backend
from tests.torture.disk import small_disk
from tests.torture.invariants import Found
from tests.torture.runs import FORGETFUL, FULL, Grounds, Size
from tests.torture.stand import Nursery
from tests.torture.storm import Report

_AT_THE_BANK = Size(claims=20, mishaps=0, kinds=("bank",))
_MEGABYTES = 700
_BROKER = "amqp://guest:guest@127.0.0.1:5672/"
PARTS = ("sqlite", "postgres", "rabbitmq", "boundaries", "mutants")


def main() -> None:
    options = _parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to end"))  # disks are unmounted and databases stopped on the way out
    size, chosen = replace(FULL, claims=options.claims, mishaps=options.mishaps), options.only.split(",")
    reports: list[tuple[Report, bool]] = []
    with tempfile.TemporaryDirectory(prefix="mingbai-torture-", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)  # a PostgreSQL of its own enters as another user
        nursery = Nursery(Path(made) / "nursery.log")
        for name in PARTS:
            if name in chosen:
                for run, wants_wrong in _runs(name, size, options.seed, nursery, Path(made) / name):
                    report = _guarded(name, run)
                    found, verdict = report.found, "" if wants_wrong else f", {len(report.found.wrong)} wrong"
                    _tell(
                        f"{report.name}: {found.accepted} claims, {found.paid} paid, {found.lost} lost, {found.paid_twice} twice{verdict}"
                    )
                    reports.append((report, wants_wrong))
        nursery.close()
    sys.exit(_show(reports))


def _runs(name: str, size: Size, seed: int, nursery: Nursery, folder: Path) -> Iterator[tuple[Callable[[], Report], bool]]:
    """List the runs of a part, and of each whether something must be found wrong."""

    def on(place: str, run: Callable[[Grounds, Backend], Report], broker: str = "") -> Callable[[], Report]:
        def go() -> Report:
            with _backend(place, folder / str(time.monotonic_ns()), broker) as (backend, own):
                return run(Grounds(nursery, own, _tell), backend)

        return go

    climbing = replace(size, claims=min(size.claims, 400))
    if name in ("sqlite", "postgres"):
        yield on(name, lambda grounds, backend: grounds.storm(backend, size, seed)), False
    elif name == "rabbitmq":
        broker = os.environ.get("MINGBAI_TEST_RABBITMQ", _BROKER)
        yield on("postgres", lambda grounds, backend: grounds.storm(backend, size, seed), broker), False
    elif name == "boundaries":
        yield on("sqlite", lambda grounds, backend: grounds.climb(backend, climbing)), False
        yield on("sqlite", lambda grounds, backend: grounds.climb(backend, climbing, worker_processes=1)), False
        yield on("postgres", lambda grounds, backend: grounds.climb(backend, climbing)), False
    else:
        yield on("sqlite", lambda grounds, backend: grounds.overtake(backend)), False
        yield on("sqlite", lambda grounds, backend: grounds.climb(backend, _AT_THE_BANK, ("bank without keys",), FORGETFUL)), False
        yield on("sqlite", lambda grounds, backend: grounds.climb(backend, _AT_THE_BANK, ("random key",), {})), True
        yield on("sqlite", lambda grounds, backend: grounds.climb(backend, _AT_THE_BANK, ("no query",), FORGETFUL)), True
        yield on("sqlite", lambda grounds, backend: grounds.overtake(backend, ("no fence",))), True


@contextmanager
def _backend(name: str, folder: Path, broker: str) -> Iterator[tuple[Backend, Path]]:
    folder.mkdir(parents=True)
    with ExitStack() as stack:
        disk = stack.enter_context(small_disk(folder / "disk", _MEGABYTES))
        if disk is None:
            _tell("no disk can be mounted here: it is not filled")
        make = backends.sqlite if name == "sqlite" else backends.own_postgres
        backend = stack.enter_context(make(folder, disk))
        yield stack.enter_context(backends.with_rabbitmq(backend, broker)) if broker else backend, folder


def _guarded(name: str, run: Callable[[], Report]) -> Report:
    """A run that breaks down is a row of the table, and the others go on."""
    try:
        return run()
    except Exception as error:  # noqa: BLE001  # whatever it is
        traceback.print_exc()
        return Report(name, found=Found(wrong=[f"broke down: {type(error).__name__}: {error}"]))


def _show(reports: list[tuple[Report, bool]]) -> int:
    head = ("run", "claims", "paid", "lost", "twice", "deaths", "places", "taken over", "sent again", "seconds", "verdict")
    rows, failed = [head], 0
    for report, wants_wrong in reports:
        found = report.found
        holds = bool(found.wrong) == wants_wrong and (found.accepted > 0)
        failed += not holds
        verdict = ("noticed" if wants_wrong else "holds") if holds else ("NOT NOTICED" if wants_wrong else "BROKEN")
        figures = (found.accepted, found.paid, found.lost, found.paid_twice, report.deaths, report.places, found.takeovers)
        rows.append((report.name, *map(str, figures), str(report.sent_again), f"{report.seconds:.0f}", verdict))
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    for row in rows:
        _tell("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
    for report, wants_wrong in reports:
        _tell(f"{report.name}: " + (", ".join(f"{name} {times}×" for name, times in report.mishaps.items()) or "nothing but deaths"))
        for each in () if wants_wrong else report.found.wrong[:20]:
            _tell(f"  {each}")
    return 1 if failed else 0


def _tell(line: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')}  {line}\n")
    sys.stdout.flush()


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Torture the system, and look what is left.")
    parser.add_argument("--claims", type=int, default=FULL.claims)
    parser.add_argument("--mishaps", type=int, default=FULL.mishaps)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default=",".join(PARTS))
    return parser.parse_args()


if __name__ == "__main__":
    main()
