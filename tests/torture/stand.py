"""The test stand: settings, database, bank, lines, and a nursery that starts and loses processes of the product."""

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from sqlalchemy import text

from adjudicator.settings import read_config
from commands.plant import open_database
from sandbox.misbehaviour import BAD_DAY
from storage import access, registry
from storage.access import ApiClient
from storage.database import Database
from tests.torture.faults import Diary, Faults
from tests.torture.inside import HOME, SharedClock, ship_book
from tests.torture.line import Line
from tests.torture.papers import portfolio_of

LEASE_SECONDS = 5
# The lease must be three times what is waited for the bank; a mishap costs a retry after half a second or more, so there are few.
BAD_BANK = asdict(BAD_DAY) | {
    "error_before_booking": 0.02, "error_after_booking": 0.03, "drop_after_booking": 0.03, "duplicate_answer": 0.05, "book_late": 0.02,
    "pending": 0.02, "delay": 0.1, "delay_ms": 40,
}  # fmt: skip


@dataclass
class Process:
    """A process of the product that was started here."""

    pid: int
    role: str
    is_stopped: bool = False


@dataclass
class Stand:
    """Everything around the product; `with Stand(...)` starts it and takes it down again."""

    nursery: "Nursery"
    folder: Path
    database_url: str
    claims: int
    files: Path | None = None  # where uploaded files go; within the folder when it is not told
    broker: str = ""
    bank: dict[str, Any] = field(default_factory=lambda: dict(BAD_BANK))
    workers: int = 2  # threads of each process
    worker_processes: int = 0  # that each server keeps; 0: its workers are threads of its own

    def __enter__(self) -> "Stand":
        self.folder.mkdir(parents=True, exist_ok=True)
        self.secret = secrets.token_urlsafe(32)
        self.diary, self.clock = Diary(self.folder), SharedClock(self.folder / "clock")
        self.processes: list[Process] = []
        self._exits = contextlib.ExitStack()
        self._start_bank()
        self._write_settings()
        self.database: Database = open_database(read_config(self.config), self.folder)
        self._exits.callback(self.database.close)
        self._bring_in()
        return self

    def __exit__(self, *_: object) -> None:
        self._exits.close()

    def start(self, role: str, faults: Faults = Faults(), of_child: Faults = Faults()) -> Process:  # noqa: B008  # frozen
        """Start a server or a worker; `of_child` are the faults of the worker processes that the server keeps."""
        order = {"role": role, "faults": asdict(faults), "of_child": asdict(of_child), "folder": str(self.folder)}
        process = Process(self.nursery.order(do="start", **order)["pid"], role)
        self.processes.append(process)
        return process

    def kill(self, process: Process) -> None:
        """Kill a process at whatever instruction it is."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        self.wait_for_end(process)

    def kill_child(self) -> None:
        """Kill the worker processes of all servers; it is for the servers to start others."""
        for pid in self.nursery.order(do="children")["pids"]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def end(self, process: Process) -> None:
        """Ask a process to end, as an operator does."""
        self.wake_up(process)
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGTERM)
        self.wait_for_end(process, seconds=30)

    def stop(self, process: Process) -> None:
        """Let a process stand still, as a machine that swaps or is moved."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGSTOP)
        process.is_stopped = True

    def wake_up(self, process: Process) -> None:
        """Let it go on."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGCONT)
        process.is_stopped = False

    def bury(self) -> list[Process]:
        """Find the processes that have ended."""
        ended = {pid for pid, _ in self.nursery.order(do="reap")["ended"]}
        dead = [each for each in self.processes if each.pid in ended]
        self.processes = [each for each in self.processes if each.pid not in ended]
        return dead

    def wait_for_end(self, process: Process, seconds: float = 60) -> None:
        """Wait until a process has ended.

        Raises:
            TimeoutError: it has not.
        """
        until = time.monotonic() + seconds
        while process in self.processes:
            self.bury()
            if time.monotonic() > until:
                raise TimeoutError(f"{process.role} {process.pid} has not ended after {seconds:g} s")
            time.sleep(0.05)

    def is_standing_still(self, process: Process) -> bool:
        """Tell whether a process has stopped itself."""
        with contextlib.suppress(FileNotFoundError):
            return Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] in "Tt"
        return False

    def count(self, statement: str) -> int:
        """Ask the database for a number."""
        with self.database.read() as tx:
            return int(tx.connection.execute(text(statement)).scalar_one() or 0)

    def complaints(self, role: str) -> list[str]:
        """List what processes of a role logged as warnings and errors.

        That requests wait for a thread (waitress's "Task queue depth") tells how busy this machine is, and not that anything went wrong.
        """
        lines = (self.folder / f"{role}.log").read_text().splitlines()
        grave = [each for each in lines if '"level": "warning"' in each or '"level": "error"' in each]
        return [each for each in grave if "Task queue depth" not in each]

    def _write_settings(self) -> None:
        self.server = f"http://127.0.0.1:{free_port()}"
        told = {
            "database": self.database_url,
            "files": str(self.files or self.folder / "files"),
            "field_key": str(self.folder / "field.key"),
            "session_key": str(self.folder / "session.key"),
            "server": {"port": int(self.server.rsplit(":", 1)[1]), "secure_cookies": False},
            "broker": self.broker,
            "workers": self.workers,
            "worker_processes": self.worker_processes,
            "bank": {"url": f"http://127.0.0.1:{self.line.port}", "timeout_seconds": LEASE_SECONDS / 3},
            "limits": {
                "audit_sample_rate": 0.0,
                "lease_seconds": LEASE_SECONDS,
                "max_attempts": 100_000,  # who is killed ten times is no poisoned claim
                "max_payment_attempts": 100_000,
                "max_backlog": 1_000_000,
            },
            "messages": {"folder": str(self.folder / "outbox"), "key": str(self.folder / "messages.key")},
        }
        self.config = self.folder / "config.yaml"
        with self.config.open("w") as file:
            YAML().dump(told, file)

    def _bring_in(self) -> None:
        ship_book(self.database)
        portfolio = portfolio_of(self.claims)
        with self.database.write() as tx:
            registry.save_people(tx, portfolio.persons)
            registry.save_agents(tx, portfolio.agents)
            registry.save_hospitals(tx, portfolio.hospitals)
            registry.save_policies(tx, portfolio.policies)
            access.save_api_client(tx, ApiClient("torture", "app", None), self.secret)

    def _start_bank(self) -> None:
        self.bank_book = self.folder / "bank.db"
        process = run_program("tests.torture.bank", str(self.bank_book), json.dumps(self.bank), log=self.folder / "bank.log")
        self._exits.callback(close_program, process)
        url = process.stdout.readline().strip() if process.stdout else ""
        self.line = Line(int(url.rsplit(":", 1)[1]))
        self._exits.callback(self.line.close)


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class Nursery:
    """The program of tests/torture/nursery.py, and the orders to it; one serves any number of stands, one after the other."""

    def __init__(self, log: Path) -> None:
        """Start it, and wait until it has loaded everything."""
        self._log = log
        self._program = run_program("tests.torture.nursery", log=log)
        assert self._read()["ready"]

    def order(self, **order: Any) -> dict[str, Any]:
        assert self._program.stdin
        self._program.stdin.write(json.dumps(order) + "\n")
        self._program.stdin.flush()
        return self._read()

    def close(self) -> None:
        close_program(self._program)

    def _read(self) -> dict[str, Any]:
        line = self._program.stdout.readline() if self._program.stdout else ""
        if not line:
            raise RuntimeError(f"the nursery has ended: {self._log.read_text()[-2000:]}")
        answer: dict[str, Any] = json.loads(line)
        return answer


def run_program(module: str, *words: str, log: Path) -> subprocess.Popen[str]:
    """Run a program that talks on standard input and output."""
    with log.open("a") as errors:
        command = [sys.executable, "-m", module, *words]
        return subprocess.Popen(command, cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True)


def close_program(process: subprocess.Popen[str]) -> None:
    """Close its input and wait until it has ended."""
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
