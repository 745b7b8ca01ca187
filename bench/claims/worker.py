"""A worker process of the benchmark: it works until its input ends, and tells at each line what it has used.

python -m bench.claims.worker URL FOLDER STAGES [BROKER]
"""

import json
import sys
import threading
import time
from pathlib import Path

from adjudicator.waking import waker_for
from adjudicator.worker import Workers
from bench.claims import plant
from bench.claims.watch import count_commits
from commands.collecting import collect_rarely


def main(url: str, folder: str, stages: str, broker: str) -> None:
    """Work, and answer."""
    woken = threading.Event()
    waker = waker_for(url, broker, woken)
    system = plant.open_system(url, Path(folder), waker or woken.set)
    commits = count_commits(system.database)
    collect_rarely()
    workers = Workers(system, woken, 1, stages.split(","))
    workers.start()
    if waker:
        waker.listen()
    for _ in sys.stdin:
        print(json.dumps({"cpu": time.process_time(), "commits": commits[0]}), flush=True)
    workers.stop()
    if waker:
        waker.close()


if __name__ == "__main__":
    main(*sys.argv[1:4], sys.argv[4] if len(sys.argv) > 4 else "")
