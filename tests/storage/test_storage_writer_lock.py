"""Who writes a SQLite file has it alone among all threads and processes, and what a killed process held is free at once."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.crypto import FieldCipher
from storage.database import Database
from storage.writer_lock import WriterLock

SPAWN = multiprocessing.get_context("spawn")
PATIENCE_SECONDS = 60


def hold(path: str, line: "Connection[str, str]") -> None:
    """Hold the lock until a word comes."""
    with WriterLock(path):
        line.send("held")
        line.recv()
    line.send("let go")
    line.recv()


@contextmanager
def held_elsewhere(path: str) -> Iterator[tuple["Connection[str, str]", int]]:
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=hold, args=(path, theirs), daemon=True)
    process.start()
    theirs.close()
    assert ours.poll(PATIENCE_SECONDS)
    ours.recv()
    assert process.pid
    yield ours, process.pid
    process.kill()
    process.join()


def entering(lock: WriterLock) -> tuple[threading.Thread, threading.Event]:
    entered = threading.Event()

    def enter() -> None:
        with lock:
            entered.set()

    thread = threading.Thread(target=enter, daemon=True)
    thread.start()
    return thread, entered


def test_another_process_waits_until_it_is_let_go(tmp_path: Path) -> None:
    path = str(tmp_path / "claims.db")
    with held_elsewhere(path) as (line, _):
        thread, entered = entering(WriterLock(path))
        assert not entered.wait(0.2)
        line.send("let go")
        assert entered.wait(PATIENCE_SECONDS)
        thread.join()


def test_what_a_killed_process_held_is_free(tmp_path: Path) -> None:
    path = str(tmp_path / "claims.db")
    with held_elsewhere(path) as (_, pid):
        thread, entered = entering(WriterLock(path))
        assert not entered.wait(0.2)
        os.kill(pid, signal.SIGKILL)
        assert entered.wait(PATIENCE_SECONDS)
        thread.join()


def test_another_thread_waits(tmp_path: Path) -> None:
    lock = WriterLock(str(tmp_path / "claims.db"))
    with lock:
        thread, entered = entering(lock)
        assert not entered.wait(0.1)
    assert entered.wait(PATIENCE_SECONDS)
    thread.join()


def test_an_error_lets_go(tmp_path: Path) -> None:
    lock = WriterLock(str(tmp_path / "claims.db"))
    with pytest.raises(ValueError, match="bad"), lock:
        raise ValueError("bad")
    with lock:
        pass


def test_where_no_file_can_be_made_the_lock_of_the_threads_is_left(tmp_path: Path) -> None:
    with WriterLock(str(tmp_path / "nowhere" / "claims.db")):
        assert list(tmp_path.iterdir()) == []


def test_a_database_in_memory_has_no_file_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    database = Database("sqlite://", FieldCipher(bytes(64)))
    with database.write() as tx:
        tx.bare.execute(text("CREATE TABLE one (two INTEGER)"))
    database.close()
    assert list(tmp_path.iterdir()) == []


def test_a_transaction_waits_for_the_writer_of_another_process_and_a_look_does_not(tmp_path: Path) -> None:
    path = tmp_path / "claims.db"
    database = Database(f"sqlite:///{path}", FieldCipher(bytes(64)))
    with database.write() as tx:
        tx.bare.execute(text("CREATE TABLE one (two INTEGER)"))
    done = threading.Event()

    def write() -> None:
        with database.write() as tx:
            tx.bare.execute(text("INSERT INTO one VALUES (1)"))
        done.set()

    with held_elsewhere(str(path)) as (line, _):
        thread = threading.Thread(target=write, daemon=True)
        thread.start()
        time.sleep(0.2)
        with database.read() as tx:
            assert tx.bare.execute(text("SELECT count(*) FROM one")).scalar_one() == 0
        line.send("let go")
        assert done.wait(PATIENCE_SECONDS)
    thread.join()
    database.close()
