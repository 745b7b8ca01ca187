"""What a worker process does from its start to its end; adjudicator/worker_processes.py keeps it."""

import logging
import signal
import socket
import sys
from pathlib import Path

from adjudicator.settings import Config
from adjudicator.worker_processes import ServersLine
from commands.collecting import collect_rarely
from commands.plant import plug_together, set_up_logging
from domain.errors import MingbaiError


def work(line: socket.socket, config: Config, home: Path, log_level: int) -> None:
    """Do the stages of claims, and the chores, until the line ends or SIGTERM comes; the stage under way is finished."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to handle
    set_up_logging(log_level)
    try:
        with plug_together(config, home) as plant:
            signal.signal(signal.SIGTERM, lambda *_: plant.stopping.set())
            told = ServersLine(line, plant.woken, plant.stopping)
            with plant.working():
                collect_rarely()
                told.tell_at_work()
                plant.stopping.wait()
    except (MingbaiError, OSError) as error:
        logging.getLogger(__name__).error("the worker process cannot work: %s", error)
        sys.exit(1)
