"""Claims as chains of Celery tasks on RabbitMQ: python celery_chain.py ORDER POSTGRES RABBITMQ.

A task is acknowledged after its transaction, so that a killed worker's step is done again; two worker processes. Claims are submitted
by four callers, as with us, and each sends the chain of its stages.
"""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import psycopg
from celery import Celery, chain
from peer_watch import ordered, own_seconds, server_seconds
from peer_work import BEFORE_US, STAGES, open_work

ORDER, POSTGRES, RABBITMQ = os.environ["BENCH_ORDER"].split("|") if "BENCH_ORDER" in os.environ else sys.argv[1:4]
CLIENTS = 4
sys.path.insert(0, str(BEFORE_US))
app = Celery("celery_chain", broker=RABBITMQ)
app.conf.update(
    task_acks_late=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=16,
    task_default_queue="bench.chain",
    worker_hijack_root_logger=False,
)
_opened: list = []


@app.task
def step(claim: str, stage: str) -> None:
    """Do one stage of one claim in one transaction."""
    if not _opened:
        _opened.append(open_work(Path(ORDER)))
    _opened[0].do(claim, stage)


def main() -> None:
    """Send every chain, and wait for the last payment order."""
    work, line = open_work(Path(ORDER)), psycopg.connect(POSTGRES, autocommit=True)
    env = {**os.environ, "BENCH_ORDER": f"{ORDER}|{POSTGRES}|{RABBITMQ}", "PYTHONPATH": f"{Path(__file__).parent}:{BEFORE_US}"}
    app.control.purge()
    told = ["-A", "celery_chain", "worker", "-c", "2", "-l", "error", "--without-gossip", "--without-mingle"]
    worker = subprocess.Popen([sys.executable, "-W", "ignore", "-m", "celery", *told], env=env, stdout=subprocess.DEVNULL)
    try:
        while not app.control.ping(timeout=0.5):
            pass

        def send(number: int) -> None:
            claim = work.submit(number)
            chain(*(step.si(claim, stage) for stage in STAGES)).apply_async()

        def run(numbers: range) -> None:
            with ThreadPoolExecutor(CLIENTS) as pool:
                list(pool.map(send, numbers))
            while ordered(line) < numbers.stop:
                time.sleep(0.05)

        run(range(work.warm))
        cpu, server, started = own_seconds(), server_seconds(line), time.perf_counter()
        run(range(work.warm, work.count))
        seconds = time.perf_counter() - started
        print(json.dumps({"seconds": seconds, "cpu": own_seconds() - cpu, "server": server_seconds(line) - server}))
    finally:
        worker.terminate()
        worker.wait()


if __name__ == "__main__":
    main()
