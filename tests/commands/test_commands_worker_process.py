"""`serve` with its worker process, as it ships: what /healthz and /metrics tell of it, and that neither outlives the other."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.torture.stand import free_port

HOME = Path(__file__).parents[2]
PATIENCE_SECONDS = 180

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked at as Linux tells of them")


class Server:
    """A server of its own folder and port."""

    def __init__(self, folder: Path, worker_processes: int) -> None:
        self._port = free_port()
        config = folder / "config.yaml"
        config.write_text(
            f"server: {{port: {self._port}, secure_cookies: false}}\nworker_processes: {worker_processes}\nreaders: 1\n"
            "ocr: {engine: tesseract}\nbank: {url: 'http://127.0.0.1:9', timeout_seconds: 0.5}\n"
        )
        self.log = folder / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen([sys.executable, "app.py", "serve", "--config", str(config)], cwd=HOME, stdout=log, stderr=log)

    def get(self, path: str) -> str:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self._port}{path}", timeout=10) as answer:
            return str(answer.read().decode())
        return ""

    def staffing(self) -> dict[str, Any]:
        told = self.get("/healthz")
        return dict(json.loads(told).get("worker_processes", {})) if told else {}

    def child(self) -> int:
        """Find its worker process."""
        for each in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                parent = int((each / "stat").read_text().rsplit(")", 1)[1].split()[1])
                if parent == self.process.pid and b"multiprocessing.spawn" in (each / "cmdline").read_bytes():
                    return int(each.name)
        raise AssertionError("no worker process")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[int], Server]]:
    started: list[Server] = []

    def begin(worker_processes: int) -> Server:
        started.append(Server(tmp_path, worker_processes))
        return started[-1]

    yield begin
    for each in started:
        each.process.kill()
        each.process.wait()


def wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < until
        time.sleep(0.05)


def is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def test_a_worker_process_that_is_killed_is_told_of_and_replaced_and_ends_with_its_server(start: Callable[[int], Server]) -> None:
    server = start(1)
    wait_for(lambda: server.staffing() == {"wanted": 1, "at_work": 1, "deaths": 0})
    os.kill(server.child(), signal.SIGKILL)
    wait_for(lambda: server.staffing() == {"wanted": 1, "at_work": 1, "deaths": 1})
    figures = server.get("/metrics")
    assert 'mingbai_worker_processes{state="at_work"} 1.0' in figures
    assert "mingbai_worker_process_deaths 1.0" in figures
    assert "a worker process ended" in server.log.read_text()
    child = server.child()
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(PATIENCE_SECONDS) == 0
    assert is_gone(child)


def test_a_worker_process_outlives_a_server_that_is_killed_by_no_more_than_its_stage(start: Callable[[int], Server]) -> None:
    server = start(1)
    wait_for(lambda: server.staffing().get("at_work") == 1)
    child = server.child()
    server.process.kill()
    server.process.wait()
    wait_for(lambda: is_gone(child))


def test_with_none_the_workers_are_threads_of_the_server(start: Callable[[int], Server]) -> None:
    server = start(0)
    wait_for(lambda: json.loads(server.get("/healthz") or "{}") == {"status": "ok"})
    assert "mingbai_worker_process" not in server.get("/metrics")
