"""Runs installers without input, keeps what they say in a log, and turns a failure into advice."""

import fcntl
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import SetupError

ROOT = Path(__file__).resolve().parent.parent
LOG = ROOT / "var" / "setup.log"
TAIL_LINES = 10
TAIL_WIDTH = 160


def run(command: list[str], *, check: bool = True, way_out: str = "", on_line: Callable[[str], None] | None = None) -> int:
    """Run a program without input, its output into the log; its exit code.

    Raises:
        SetupError: it failed and `check` is set.
    """
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"\n$ {' '.join(command)}\n")
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=_environment(), cwd=ROOT
        ) as program:
            for line in program.stdout or ():
                log.write(line)
                if on_line:
                    on_line(line)
    if check and program.returncode != 0:
        raise SetupError(f"{' '.join(command[:4])} … failed with exit code {program.returncode}:\n{read_tail()}", way_out)
    return program.returncode


def read_tail() -> str:
    """The last lines of the last command in the log, each cut to what a terminal shows."""
    last = LOG.read_text(encoding="utf-8").rpartition("\n$ ")[2].splitlines()[1:]
    return "\n".join(f"    {line[:TAIL_WIDTH]}" for line in last[-TAIL_LINES:])


def say(line: str) -> None:
    """Print one line of progress."""
    print(f"setup: {line}", flush=True)


@contextmanager
def alone() -> Iterator[None]:
    """Let one setup at a time work on this checkout; a second one waits."""
    LOG.parent.mkdir(exist_ok=True)
    with (LOG.parent / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _environment() -> dict[str, str]:
    """Our environment, no questions from apt, and the mirror for pip if one is named."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "HOMEBREW_NO_AUTO_UPDATE": "1"}
    mirror = os.environ.get("MIRROR")
    if mirror:
        environment["PIP_INDEX_URL"] = mirror
    return environment
