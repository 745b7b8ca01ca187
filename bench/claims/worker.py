"""A worker process of the benchmark: it works until its line ends, and tells what it has used whenever it is asked."""

import socket
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path

from adjudicator.waking import waker_for
from adjudicator.worker import Workers
from adjudicator.worker_processes import ServersLine
from bench.claims import plant
from bench.claims.watch import count_commits
from commands.collecting import collect_rarely


def work(
    line: socket.socket, asked: "Connection[tuple[float, int], str]", url: str, folder: Path, stages: tuple[str, ...], broker: str
) -> None:
    """Work, and answer with CPU seconds and commits."""
    woken, stopping = threading.Event(), threading.Event()
    waker = waker_for(url, broker, woken)
    system = plant.open_system(url, folder, waker or woken.set)
    commits = count_commits(system.database)
    collect_rarely()
    workers = Workers(system, woken, 1, stages)
    workers.start()
    if waker:
        waker.listen()
    ServersLine(line, woken, stopping).tell_at_work()
    while not stopping.wait(0.0):
        if asked.poll(0.2):
            asked.recv()
            asked.send((time.process_time(), commits[0]))
    workers.stop()
    if waker:
        waker.close()
