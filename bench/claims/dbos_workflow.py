"""Claims as workflows of DBOS on PostgreSQL: python dbos_workflow.py ORDER POSTGRES; two processes take half of them each.

Each process submits its claims and runs their workflows, a few at once, so that the callers are the workers themselves.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import psycopg
from dbos import DBOS, SetWorkflowID
from peer_watch import own_seconds, server_seconds
from peer_work import BEFORE_US, STAGES, open_work

AT_ONCE, PROCESSES = 8, 2
ORDER, POSTGRES = sys.argv[1:3]
sys.path.insert(0, str(BEFORE_US))
_opened: list = []


@DBOS.step()
def step(claim: str, stage: str) -> None:
    """Do one stage of one claim in one transaction."""
    _opened[0].do(claim, stage)


@DBOS.workflow()
def follow(claim: str) -> None:
    """Take a claim through its stages."""
    for stage in STAGES:
        step(claim, stage)


def do_half(share: int) -> None:
    """Run every second claim, a few at once; begin when told, and tell when it is done."""
    _opened.append(open_work(Path(ORDER)))
    work = _opened[0]
    DBOS(config={"name": "bench", "system_database_url": POSTGRES + "_dbos", "run_admin_server": False, "log_level": "ERROR"})
    DBOS.launch()
    print("ready", flush=True)
    for numbers in (range(share, work.warm, PROCESSES), range(work.warm + share, work.count, PROCESSES)):
        sys.stdin.readline()
        waiting = []
        for number in numbers:
            with SetWorkflowID(f"claim-{number}"):
                waiting.append(DBOS.start_workflow(follow, work.submit(number)))
            if len(waiting) >= AT_ONCE:
                waiting.pop(0).get_result()
        for handle in waiting:
            handle.get_result()
        print("done", flush=True)
    sys.stdin.readline()
    os._exit(0)


def main() -> None:
    """Let both processes begin together, first with what does not count, and wait for both."""
    name = POSTGRES.rpartition("/")[2]
    with psycopg.connect(POSTGRES.replace(f"/{name}", "/postgres"), autocommit=True) as line:
        line.execute(f"DROP DATABASE IF EXISTS {name}_dbos WITH (FORCE)")
    halves = []
    for share in range(PROCESSES):
        command = [sys.executable, __file__, ORDER, POSTGRES, str(share)]
        halves.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        _hear(halves[-1], "ready")  # the first makes the tables of DBOS
    _run(halves)
    with psycopg.connect(POSTGRES, autocommit=True) as line:
        cpu, server, started = own_seconds(), server_seconds(line), time.perf_counter()
        _run(halves)
        seconds = time.perf_counter() - started
        told = {"seconds": seconds, "cpu": own_seconds() - cpu, "server": server_seconds(line) - server}
    for each in halves:
        each.communicate("end\n")
    print(json.dumps(told))


def _run(halves: list) -> None:
    for each in halves:
        each.stdin.write("go\n")
        each.stdin.flush()
    for each in halves:
        _hear(each, "done")


def _hear(process: subprocess.Popen, word: str) -> None:
    while (line := process.stdout.readline()).strip() != word:
        if not line:
            raise RuntimeError("a process of the peer has ended")


if __name__ == "__main__":
    if len(sys.argv) > 3 and sys.argv[3].isdigit():
        do_half(int(sys.argv[3]))
    else:
        main()
