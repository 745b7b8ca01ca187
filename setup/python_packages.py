"""Makes the .venv and installs exactly the pinned packages in it; a stamp tells when that is done."""

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from setup import machine
from setup.running import ROOT, run, say

Purpose = Literal["run", "test"]

VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
BUILD_PINS = ROOT / "setup" / "requirements-build.txt"
PINS: dict[Purpose, tuple[Path, ...]] = {
    "run": (ROOT / "setup" / "requirements.txt",),
    "test": (ROOT / "setup" / "requirements.txt", ROOT / "setup" / "requirements-dev.txt"),
}
PIP = ("-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input", "--no-compile", "--disable-pip-version-check")
WHEELS_ONLY = ("--only-binary=:all:", "--no-binary=durable-rules", "--use-pep517", "--no-build-isolation")
PROGRESS_EVERY = 20


def make_venv() -> None:
    """Make .venv with the running Python, unless it was made with this very one.

    Raises:
        SetupError: the venv module failed.
    """
    if _venv_identity() == _own_identity():
        return
    say(f".venv with Python {sys.version.split()[0]} ({sys.executable})")
    run([sys.executable, "-m", "venv", "--clear", str(VENV)], way_out=_unless_unbuildable("rm -rf .venv, then make setup again"))


def install_python_packages(purpose: Purpose) -> None:
    """Install exactly the pinned releases, every file checked against its hash.

    Our list is complete, so pip is told to add nothing to it (`--no-deps`); and only durable_rules
    may be compiled: without a wheel, OpenCV would compile for an hour before it failed.

    Raises:
        SetupError: pip failed.
    """
    say("installing pinned Python packages (250 MB the first time, 350 with those for tests)")
    way_out = _unless_unbuildable("read var/setup.log; behind a mirror: make setup MIRROR=https://…/simple; then make setup again")
    run([str(VENV_PYTHON), *PIP, "-r", str(BUILD_PINS)], way_out=way_out)
    pins = [word for path in PINS[purpose] for word in ("-r", str(path))]
    run([str(VENV_PYTHON), *PIP, *WHEELS_ONLY, *pins], way_out=way_out, on_line=_progress_of(_count_pins(purpose)))


def is_ready(purpose: Purpose) -> bool:
    """Tell whether the .venv was finished for this purpose, with these pins and this Python."""
    stamp = _stamp_of(purpose)
    return VENV_PYTHON.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == _fingerprint(purpose)


def mark_ready(purpose: Purpose) -> None:
    """Stamp the .venv; one that is ready for tests is ready to run, too."""
    ready: tuple[Purpose, ...] = ("run", "test") if purpose == "test" else ("run",)
    for each in ready:
        _stamp_of(each).write_text(_fingerprint(each), encoding="utf-8")


def _stamp_of(purpose: Purpose) -> Path:
    return VENV / f".prepared-for-{purpose}"


def _fingerprint(purpose: Purpose) -> str:
    digest = hashlib.sha256(_own_identity().encode())
    for path in (BUILD_PINS, *PINS[purpose]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _own_identity() -> str:
    return f"{sys.version_info[:3]} {Path(sys.base_prefix).resolve()}"


def _venv_identity() -> str:
    script = "import sys, pathlib; print(sys.version_info[:3], pathlib.Path(sys.base_prefix).resolve(), end='')"
    try:
        return subprocess.run([str(VENV_PYTHON), "-c", script], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return ""


def _count_pins(purpose: Purpose) -> int:
    lines = (line for path in PINS[purpose] for line in path.read_text(encoding="utf-8").splitlines())
    return len({line.partition("==")[0] for line in lines if "==" in line})


def _progress_of(total: int) -> Callable[[str], None]:
    collected = 0

    def count(line: str) -> None:
        nonlocal collected
        if line.startswith(("Collecting ", "Processing ", "Requirement already satisfied")):
            collected += 1
            if collected % PROGRESS_EVERY == 0:
                say(f"  {collected} of about {total} packages fetched")
        elif line.startswith("Installing collected"):
            say("  unpacking")

    return count


def _unless_unbuildable(way_out: str) -> str:
    """This way out, unless what a .venv is built with is missing: then that comes first."""
    unmet = machine.find_unmet(["build"])
    return machine.tell_install_command(unmet) if unmet else way_out
