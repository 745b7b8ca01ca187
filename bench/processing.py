"""Claims a second from submission to the payment order, their CPU time and how long they take, beside the bare rows and the peers.

    python -m bench.processing [--claims 2000] [--postgres URL] [--rabbitmq URL] [--peers PYTHON]

Each of the insureds sends one claim with three electronic papers (bench/claims/cast.py), over `submit` and not over HTTP;
workers read, adjudicate and order the payment. SQLite runs with one worker process, as `app.py serve` does, and with a thread in its
place (`worker_processes: 0`); PostgreSQL with two worker processes beside the one that takes the claims. Nothing here asserts.
"""

import argparse
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from adjudicator.system import Limits
from bench.claims import bare, ours, peers, plant
from bench.claims.ours import Measured, Place
from commands.collecting import collect_rarely
from storage.database import Database

_WARM = 200  # claims before anything is measured
_HALF_LOAD_SECONDS = 10
_MOST_TOGETHER = Limits().claims_together


def main() -> None:
    """Measure each place, and print a table."""
    asked = _parse_arguments()
    folder = Path(tempfile.mkdtemp(prefix="mingbai-processing-", dir=asked.folder))
    try:
        collect_rarely()  # as `serve` and `worker` do
        print(f"{'':34}{'claims/s':>9}{'CPU ms':>8}{'+ server':>9}{'p50 ms':>8}{'p99 ms':>8}{'commits':>9}")
        _measure(Place("SQLite", f"sqlite:///{folder}/claims.db", folder / "files", 1), f"sqlite:///{folder}/bare.db", asked)
        if asked.postgres:
            for name, broker in (("PostgreSQL", ""), ("PostgreSQL + RabbitMQ", asked.rabbitmq)):
                if broker or name == "PostgreSQL":
                    url, copy = new_database(asked.postgres, "bench_claims"), new_database(asked.postgres, "bench_bare")
                    _measure(Place(name, url, folder / f"files-{bool(broker)}", 2, broker), copy, asked)
    finally:
        shutil.rmtree(folder)


def _measure(place: Place, copy: str, asked: argparse.Namespace) -> None:
    """Measure ours at full and at half load, then the bare rows of the same run, then the peers with the same rows."""
    people = _WARM + asked.claims * 4 + 1000
    plant.make_database(place.url, people)
    ours.run(place, range(_WARM))
    full = _measure_ours(place, range(_WARM, people - 800), range(people - 800, people - 600), asked.claims)
    if place.processes == 1:
        thread = replace(place, name=f"{place.name}, a thread", processes=0)
        _measure_ours(thread, range(_WARM + asked.claims * 2, people - 800), range(people - 600, people - 400), asked.claims)
    database = Database(place.url, plant.CIPHER)
    rows = bare.rows_of(database, asked.claims)
    database.close()
    # Submissions that shared a commit leave fewer commits than claims: the bare rows take no fewer batches than full ones would be.
    batches = max(-(-full.claims // _MOST_TOGETHER), (full.commits - full.claims) // 2)
    _print(f"{place.name}: bare rows", bare.run(copy, people, rows, batches), beside=full)
    if asked.peers and place.broker:
        for name in peers.PEERS:
            url = new_database(asked.postgres, "bench_peer")
            _print(name, peers.run_stages(name, asked.peers, url, asked.rabbitmq, people, asked.claims), beside=full)
            url = new_database(asked.postgres, "bench_peer")
            _print(f"{name}, rows only", peers.run_rows(name, asked.peers, url, asked.rabbitmq, people, rows), beside=full)


def _measure_ours(place: Place, numbers: range, warm: range, claims: int) -> Measured:
    """Measure at full and at half load; gives the former."""
    full = ours.run(place, numbers[:claims], warm=warm[:50])
    _print(f"{place.name}: ours", full)
    half = max(50, min(int(full.rate / 2 * _HALF_LOAD_SECONDS), claims))
    _print(f"{place.name}: ours at half load", ours.run(place, numbers[claims : claims + half], full.rate / 2, warm=warm[50:100]))
    return full


def _print(name: str, measured: Measured, beside: Measured | None = None) -> None:
    latencies = "".join(f"{measured.latency(share):8.0f}" if measured.latencies_ms else f"{'':8}" for share in (0.5, 0.99))
    told = f"{name:34}{measured.rate:9.0f}{measured.cpu_ms:8.2f}{measured.server_cpu_ms:9.2f}{latencies}{measured.commits:9}"
    print(told + (f"   ours: {beside.rate / measured.rate:.2f} of it" if beside else ""), flush=True)


def new_database(server: str, name: str) -> str:
    """Make an empty database, in place of one of that name, and give its URL."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=2000)
    parser.add_argument("--postgres", default="", help="a PostgreSQL in which databases may be made: postgresql+psycopg://…")
    parser.add_argument("--rabbitmq", default="", help="amqp://…")
    parser.add_argument("--peers", default="", help="the Python of an environment with setup/requirements-bench-claims.in")
    parser.add_argument("--folder", default=None, help="where files are written (default: the system's temporary folder)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
