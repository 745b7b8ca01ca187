"""Worker processes are started, hinted at, started anew when they die, and end with whoever keeps them, after the stage they are in."""

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.context import SpawnProcess
from pathlib import Path

import pytest

from adjudicator import worker_processes
from adjudicator.worker_processes import ServersLine, Staffing, WorkerProcesses

SPAWN = multiprocessing.get_context("spawn")
PATIENCE_SECONDS = 30
STAGE_SECONDS = 0.6

ORPHANS = """
import sys, time
from pathlib import Path
sys.path.insert(0, "tests/adjudicator")
from test_worker_processes import kept, working
if __name__ == "__main__":
    processes = kept(working, Path(sys.argv[1]))
    processes.start()
    time.sleep(60)
"""


def working(line: socket.socket, folder: Path) -> None:
    """Tell that it is at work, write each hint down, and finish the stage that it is in."""
    (folder / f"born-{os.getpid()}").touch()
    woken, stopping = threading.Event(), threading.Event()
    ServersLine(line, woken, stopping).tell_at_work()
    while not stopping.is_set():
        if woken.wait(0.02):
            woken.clear()
            (folder / "hint").touch()
    time.sleep(STAGE_SECONDS)
    (folder / f"done-{os.getpid()}").touch()


def failing(line: socket.socket, folder: Path) -> None:
    """Never come to work."""
    (folder / f"born-{os.getpid()}").touch()


def kept(body: Callable[[socket.socket, Path], None], folder: Path, count: int = 1) -> WorkerProcesses:
    def start(line: socket.socket) -> SpawnProcess:
        process = SPAWN.Process(target=body, args=(line, folder))
        process.start()
        return process

    return WorkerProcesses(start, count)


@pytest.fixture
def keep(tmp_path: Path) -> Iterator[Callable[..., WorkerProcesses]]:
    started: list[WorkerProcesses] = []

    def begin(body: Callable[[socket.socket, Path], None], count: int = 1) -> WorkerProcesses:
        started.append(kept(body, tmp_path, count))
        started[-1].start()
        return started[-1]

    yield begin
    for each in started:
        each.stop()


def wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < until
        time.sleep(0.02)


def born(folder: Path) -> list[int]:
    return [int(each.name.partition("-")[2]) for each in folder.glob("born-*")]


def test_each_is_at_work_before_long(keep: Callable[..., WorkerProcesses]) -> None:
    processes = keep(working, 2)
    wait_for(lambda: processes.staffing == Staffing(wanted=2, at_work=2, deaths=0))


def test_a_hint_arrives(keep: Callable[..., WorkerProcesses], tmp_path: Path) -> None:
    processes = keep(working)
    wait_for(lambda: processes.staffing.at_work == 1)
    processes.wake()
    wait_for((tmp_path / "hint").exists)


def test_one_that_is_killed_is_replaced_and_hears_hints(keep: Callable[..., WorkerProcesses], tmp_path: Path) -> None:
    processes = keep(working)
    wait_for(lambda: processes.staffing.at_work == 1)
    os.kill(born(tmp_path)[0], signal.SIGKILL)
    wait_for(lambda: processes.staffing == Staffing(wanted=1, at_work=1, deaths=1))
    assert len(born(tmp_path)) == 2
    processes.wake()
    wait_for((tmp_path / "hint").exists)


def test_hints_to_one_that_stands_still_keep_nobody_waiting(keep: Callable[..., WorkerProcesses], tmp_path: Path) -> None:
    processes = keep(working)
    wait_for(lambda: processes.staffing.at_work == 1)
    os.kill(born(tmp_path)[0], signal.SIGSTOP)
    done = threading.Event()

    def hint() -> None:
        for _ in range(100_000):  # far more than a line holds
            processes.wake()
        done.set()

    threading.Thread(target=hint, daemon=True).start()
    assert done.wait(PATIENCE_SECONDS)
    os.kill(born(tmp_path)[0], signal.SIGCONT)


def test_one_that_never_comes_to_work_is_started_again_and_never_counts_as_at_work(keep: Callable[..., WorkerProcesses]) -> None:
    processes = keep(failing)
    wait_for(lambda: processes.staffing.deaths >= 2)
    assert processes.staffing.at_work == 0


def test_the_pause_before_another_start_grows_while_none_comes_to_work() -> None:
    assert [worker_processes.pause_seconds(fruitless) for fruitless in (0, 1, 2, 5, 6, 5_000)] == [0.5, 1.0, 2.0, 16.0, 30.0, 30.0]


def test_a_process_that_cannot_be_started_at_all_is_told_of_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    def start(_: socket.socket) -> SpawnProcess:
        raise OSError("no process is left")

    processes = WorkerProcesses(start, 1)
    processes.start()
    wait_for(lambda: processes.staffing.deaths == 1)
    processes.stop()
    assert "no worker process could be started" in caplog.text


def test_stopping_waits_for_the_stage_under_way(keep: Callable[..., WorkerProcesses], tmp_path: Path) -> None:
    processes = keep(working)
    wait_for(lambda: processes.staffing.at_work == 1)
    processes.stop()
    assert len(list(tmp_path.glob("done-*"))) == 1
    assert processes.staffing == Staffing(wanted=1, at_work=0, deaths=0)


def test_a_stage_that_takes_too_long_is_cut_short_when_all_stops(
    keep: Callable[..., WorkerProcesses], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_processes, "_SECONDS_TO_END", 0.1)
    processes = keep(working)
    wait_for(lambda: processes.staffing.at_work == 1)
    processes.stop()
    assert list(tmp_path.glob("done-*")) == []


def test_stopping_before_it_has_come_to_work_leaves_nobody(keep: Callable[..., WorkerProcesses], tmp_path: Path) -> None:
    processes = keep(working)
    processes.stop()
    assert [each for each in born(tmp_path) if Path(f"/proc/{each}").exists()] == []


def test_when_the_server_is_killed_the_process_finishes_its_stage_and_ends(tmp_path: Path) -> None:
    program = tmp_path / "server.py"
    program.write_text(ORPHANS)
    home = Path(__file__).parents[2]
    server = subprocess.Popen([sys.executable, str(program), str(tmp_path)], cwd=home, env={**os.environ, "PYTHONPATH": str(home)})
    wait_for(lambda: bool(born(tmp_path)))
    child = born(tmp_path)[0]
    server.kill()
    server.wait()
    wait_for((tmp_path / f"done-{child}").exists)
