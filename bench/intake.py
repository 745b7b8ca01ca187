"""Submissions a second over HTTP and how long they take, beside a bare Flask endpoint that makes one insert.

    python -m bench.intake [--claims 2000] [--rate 200] [--clients 16] [--processes 2] [--papers 0] [--postgres URL]

The bare endpoint parses the same JSON and commits one row in the same database, under the same server (waitress, as `app.py serve`
runs it). Clients keep their connections; they call first as fast as they are answered, then at a steady rate, where a call's time
runs from the moment it was due. `--papers` adds so many e-invoices (XML) to each claim. No workers run beside: what is measured is
the intake. SQLite has one server process, PostgreSQL `--processes`. Nothing here asserts.
"""

import argparse
import http.client
import json
import logging
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import waitress
from flask import Flask, request
from sqlalchemy import create_engine, text

from api.settings import ApiSettings
from api.web import create_app
from bench.claims import cast, plant
from bench.processing import new_database
from domain.identity import id_check_character
from domain.policy import Person
from storage import access, registry, tokens
from storage.access import ApiClient
from storage.database import Database

_THREADS, _WARM = 8, 200
_BOUNDARY = "mingbai-bench"


def main() -> None:
    """Measure each place, and print a table."""
    asked = _parse_arguments()
    print(f"{'':24}{'claims/s':>9}{'p50 ms':>8}{'p99 ms':>8}{'  at ' + str(asked.rate) + '/s: p50':>15}{'p99 ms':>8}")
    folder = Path(tempfile.mkdtemp(prefix="mingbai-intake-"))
    try:
        _compare("SQLite", [f"sqlite:///{folder}/{each}.db" for each in ("ours", "bare")], 1, folder, asked)
        if asked.postgres:
            urls = [new_database(asked.postgres, f"bench_intake_{each}") for each in ("ours", "bare")]
            _compare("PostgreSQL", urls, asked.processes, folder, asked)
    finally:
        shutil.rmtree(folder)


def _compare(name: str, urls: Sequence[str], processes: int, folder: Path, asked: argparse.Namespace) -> None:
    bodies = [_body_of(number, asked.papers) for number in range(_WARM + 2 * asked.claims)]
    token = _bring_in(urls[0], len(bodies))
    with create_engine(urls[1]).begin() as connection:
        connection.execute(text(f"CREATE TABLE submission (id {_KEYS['sqlite' in urls[1]]}, body TEXT NOT NULL)"))
    rates = []
    for what, url in zip(("ours", "bare"), urls, strict=True):
        servers = [_Server(what, url, folder / f"files-{name}") for _ in range(processes)]
        lines = [_Line(servers[place % processes].port, token) for place in range(asked.clients)]
        _call(lines, bodies[:_WARM])
        fast = _call(lines, bodies[_WARM : _WARM + asked.claims])
        steady = _call(lines, bodies[_WARM + asked.claims :], asked.rate)
        for each in servers:
            each.stop()
        rates.append(asked.claims / fast[0])
        told = (rates[-1], *_shares(fast[1]), *_shares(steady[1]))
        ratio = f"   {rates[0] / rates[1]:.2f} of it" if what == "bare" else ""
        print(f"{name + ': ' + what:24}{told[0]:9.0f}{told[1]:8.1f}{told[2]:8.1f}{told[3]:15.1f}{told[4]:8.1f}{ratio}", flush=True)


_KEYS = {True: "INTEGER PRIMARY KEY", False: "BIGSERIAL PRIMARY KEY"}


def _shares(times: list[float]) -> tuple[float, float]:
    times = sorted(times)
    return times[len(times) // 2], times[min(len(times) - 1, int(len(times) * 0.99))]


def _call(lines: Sequence["_Line"], bodies: Sequence[tuple[bytes, str]], rate: float | None = None) -> tuple[float, list[float]]:
    """Send every body once, over all lines; gives the seconds in all and the milliseconds of each."""
    times: list[float] = []
    places, begun = iter(range(len(bodies))), time.perf_counter()
    lock = threading.Lock()

    def work(line: "_Line") -> None:
        while True:
            with lock:
                place = next(places, None)
            if place is None:
                return
            due = begun + place / rate if rate else time.perf_counter()
            time.sleep(max(0.0, due - time.perf_counter()))
            line.send(*bodies[place])
            times.append((time.perf_counter() - due) * 1000)

    with ThreadPoolExecutor(len(lines)) as pool:
        list(pool.map(work, lines))
    return time.perf_counter() - begun, times


class _Line:
    """One client, with a connection of its own."""

    def __init__(self, port: int, token: str) -> None:
        self._token = token
        self._line = http.client.HTTPConnection("127.0.0.1", port)

    def send(self, body: bytes, content_type: str) -> None:
        """Send a claim, which must be taken."""
        self._line.request("POST", "/v1/claims", body, {"Authorization": f"Bearer {self._token}", "Content-Type": content_type})
        answer = self._line.getresponse()
        content = answer.read()
        if answer.status != 202:
            raise SystemExit(f"{answer.status} {content.decode()}")


class _Server:
    """A server process; it tells its port, and ends when it hears no more."""

    def __init__(self, what: str, url: str, folder: Path) -> None:
        command = [sys.executable, "-m", "bench.intake", "--serve", what, url, str(folder)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout  # noqa: S101 - it was asked for
        self.port = int(self._process.stdout.readline())

    def stop(self) -> None:
        """Let it end."""
        self._process.communicate()


def _serve(what: str, url: str, folder: str) -> None:
    if what == "bare":
        app: Callable[..., Any] = _bare_app(url)
    else:
        system = plant.open_system(url, Path(folder), wake=lambda: None)
        app = create_app(system, ApiSettings("k" * 32, secure_cookies=False))
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that calls wait is what is measured
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=_THREADS)
    threading.Thread(target=server.run, daemon=True).start()
    print(server.effective_port, flush=True)
    sys.stdin.read()


def _bare_app(url: str) -> Flask:
    """Make the endpoint that we are measured against: what is sent is parsed and inserted, and nothing is asked."""
    app, engine = Flask("bare"), create_engine(url, pool_size=_THREADS)
    insert = text("INSERT INTO submission (body) VALUES (:body)")

    @app.post("/v1/claims")
    def submit() -> tuple[dict[str, Any], int]:
        told = request.form["claim"] if request.form else request.get_data(as_text=True)
        with engine.begin() as connection:
            connection.execute(insert, {"body": json.dumps(json.loads(told))})
        return {"state": "SUBMITTED"}, 202

    return app


def _body_of(number: int, papers: int) -> tuple[bytes, str]:
    notice, person = cast.notice_of(number), _person_of(number)
    claim = json.dumps({
        "external_ref": notice.external_ref, "insured": {"id_number": person.id_number}, "loss_date": str(notice.loss_date),
        "loss_cause": str(notice.loss_cause), "narrative": notice.narrative, "device_id": notice.device_id,
        "reporter": {"name": person.name, "phone": person.phone},
        "payee": {"holder": person.name, "account_number": f"99{number:017}", "bank_name": "示例银行"},
    })  # fmt: skip
    if not papers:
        return claim.encode(), "application/json"
    head = 'Content-Disposition: form-data; name="{}"'
    parts = [f"{head.format('claim')}\r\nContent-Type: application/json\r\n\r\n{claim}".encode()]
    for place in range(papers):
        named = f'{head.format("files")}; filename="{place}.xml"\r\nContent-Type: application/xml\r\n\r\n'.encode()
        parts.append(named + cast.invoice_of(number * papers + place))
    body = b"".join(f"--{_BOUNDARY}\r\n".encode() + part + b"\r\n" for part in parts) + f"--{_BOUNDARY}--\r\n".encode()
    return body, f"multipart/form-data; boundary={_BOUNDARY}"


def _person_of(number: int) -> Person:
    digits = f"99{number // 1000:04}19900219{number % 1000:03}"
    return replace(cast.person_of(number), id_number=digits + id_check_character(digits))


def _bring_in(url: str, people: int) -> str:
    """Make the database with everybody who will claim; gives the token of the app that sends the claims."""
    plant.make_database(url, people)
    database = Database(url, plant.CIPHER)
    with database.write() as tx:
        registry.save_people(tx, map(_person_of, range(people)))
        access.save_api_client(tx, ApiClient("app", "app", None))
        token = tokens.issue_channel_token(tx, "app", "")
    database.close()
    return token


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=2000)
    parser.add_argument("--rate", type=int, default=200, help="calls a second, at a steady rate")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--processes", type=int, default=2, help="server processes on PostgreSQL")
    parser.add_argument("--papers", type=int, default=0)
    parser.add_argument("--postgres", default="", help="a PostgreSQL in which databases may be made: postgresql+psycopg://…")
    return parser.parse_args()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        _serve(*sys.argv[2:5])
    else:
        main()
