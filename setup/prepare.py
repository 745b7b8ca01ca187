"""`make setup`: the system packages, the .venv and the pinned Python packages, without a question.

Asked again, it compares a stamp and is done. Everything printed in passing goes to var/setup.log.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import SetupError
from setup import machine

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
LOG = ROOT / "var" / "setup.log"
BUILD_PINS = ROOT / "setup" / "requirements-build.txt"
PINS: dict[str, tuple[Path, ...]] = {
    "run": (ROOT / "setup" / "requirements.txt",),
    "test": (ROOT / "setup" / "requirements.txt", ROOT / "setup" / "requirements-dev.txt"),
}
PROGRESS_EVERY = 20
TAIL_LINES = 10
TAIL_WIDTH = 160


def main(argv: list[str] | None = None) -> int:
    """Prepare for `run` or for `test` (the one argument); 0 when the machine is ready."""
    purpose = (argv if argv is not None else sys.argv[1:] or ["run"])[0]
    try:
        with _alone():
            prepare(purpose)
    except SetupError as error:
        print(f"setup: {error.what}\n  Way out: {error.way_out}", file=sys.stderr)
        return 1
    return 0


def prepare(purpose: str) -> None:
    """Bring the machine to where this purpose can start; nothing is done twice.

    Raises:
        SetupError: something is missing that we may not install, or an installer failed.
    """
    started = time.monotonic()
    is_current = _is_stamped(purpose)
    if is_current:
        install_system_packages(["run"])
        return
    install_system_packages(["build", "run"], wish_for_browser=purpose == "test")
    make_venv()
    install_python_packages(purpose)
    _stamp(purpose)
    say(f"ready in {time.monotonic() - started:.0f} s")


def install_system_packages(stages: list[machine.Stage], *, wish_for_browser: bool = False) -> None:
    """Install what the operating system lacks; a browser that cannot be had is done without.

    Raises:
        SetupError: we may not install, or the package manager failed.
    """
    required = machine.find_unmet(stages)
    wished = machine.find_unmet(["test"]) if wish_for_browser else []
    installable = [need for need in required + wished if machine.is_installable(need)]
    if os.environ.get("SYSTEM_PACKAGES") == "no" or not (required or installable):
        return
    _install(required, installable)
    _check_nothing_required_is_missing(stages)


def _install(required: list[machine.Need], installable: list[machine.Need]) -> None:
    command = _find_permitted_installer()
    names = ", ".join(need.name for need in required)
    if not command:
        if required:
            raise SetupError(f"this machine lacks {names}, and installing needs your permission", _tell_way_out(required))
        return
    packages = machine.name_packages(installable)
    say(f"installing system packages: {' '.join(packages)}")
    if machine.find_packager() == "apt":
        run([*command, "update", "-qq"], check=False)
    result = run([*command, *_install_words(), *packages], check=False)
    if result != 0 and required:
        raise SetupError(f"installing {' '.join(packages)} failed:\n{_tail()}", _tell_way_out(required))


def _check_nothing_required_is_missing(stages: list[machine.Stage]) -> None:
    still = machine.find_unmet(stages)
    if still:
        raise SetupError(f"this machine still lacks {', '.join(need.name for need in still)}", _tell_way_out(still))


def _tell_way_out(needs: list[machine.Need]) -> str:
    return f"{machine.tell_install_command(needs)}\n  (or go on without: make setup SYSTEM_PACKAGES=no)"


def _install_words() -> list[str]:
    if machine.find_packager() == "brew":
        return ["install", "--quiet"]
    return ["install", "-y", "-qq", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]


def _find_permitted_installer() -> list[str]:
    """The command line that installs without a question; empty when there is none."""
    packager = machine.find_packager()
    if packager == "brew":
        return ["brew"]
    if packager == "apt" and os.geteuid() == 0:
        return ["apt-get"]
    if packager == "apt" and shutil.which("sudo") and run(["sudo", "-n", "true"], check=False) == 0:
        return ["sudo", "-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    return []


def make_venv() -> None:
    """Make .venv with the running Python, unless it was made with this very one.

    Raises:
        SetupError: the venv module failed.
    """
    if _venv_identity() == _own_identity():
        return
    say(f".venv with Python {sys.version.split()[0]} ({sys.executable})")
    run([sys.executable, "-m", "venv", "--clear", str(VENV)], way_out=_unless_unbuildable("rm -rf .venv, then make setup again"))


def install_python_packages(purpose: str) -> None:
    """Install exactly the pinned releases, every file checked against its hash.

    Our list is complete, so pip is told to add nothing to it (`--no-deps`); and only durable_rules
    may be compiled: without a wheel, OpenCV would compile for an hour before it failed.

    Raises:
        SetupError: pip failed.
    """
    pip = [
        str(VENV_PYTHON),
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-deps",
        "--no-input",
        "--no-compile",
        "--disable-pip-version-check",
    ]
    say("installing pinned Python packages (about 350 MB the first time)")
    way_out = _unless_unbuildable("read var/setup.log; behind a mirror: make setup MIRROR=https://…/simple; then make setup again")
    run([*pip, "-r", str(BUILD_PINS)], way_out=way_out)
    pins = [word for path in PINS[purpose] for word in ("-r", str(path))]
    wheels_only = ["--only-binary=:all:", "--no-binary=durable-rules", "--use-pep517", "--no-build-isolation"]
    total = len(
        {line.partition("==")[0] for path in PINS[purpose] for line in path.read_text(encoding="utf-8").splitlines() if "==" in line}
    )
    run([*pip, *wheels_only, *pins], way_out=way_out, on_line=_progress_of(total))


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
        raise SetupError(f"{' '.join(command[:4])} … failed with exit code {program.returncode}:\n{_tail()}", way_out)
    return program.returncode


def say(line: str) -> None:
    """Print one line of progress."""
    print(f"setup: {line}", flush=True)


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


def _environment() -> dict[str, str]:
    """Our environment, no questions from apt, and the mirror for pip if one is named."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "HOMEBREW_NO_AUTO_UPDATE": "1"}
    mirror = os.environ.get("MIRROR")
    if mirror:
        environment["PIP_INDEX_URL"] = mirror
    return environment


def _own_identity() -> str:
    return f"{sys.version_info[:3]} {Path(sys.base_prefix).resolve()}"


def _venv_identity() -> str:
    script = "import sys, pathlib; print(sys.version_info[:3], pathlib.Path(sys.base_prefix).resolve(), end='')"
    try:
        return subprocess.run([str(VENV_PYTHON), "-c", script], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return ""


def _fingerprint(purpose: str) -> str:
    digest = hashlib.sha256(_own_identity().encode())
    for path in (BUILD_PINS, *PINS[purpose]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _stamp_of(purpose: str) -> Path:
    return VENV / f".prepared-for-{purpose}"


def _is_stamped(purpose: str) -> bool:
    stamp = _stamp_of(purpose)
    return VENV_PYTHON.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == _fingerprint(purpose)


def _stamp(purpose: str) -> None:
    """Mark the .venv; one that is ready for tests is ready to run, too."""
    for ready in ("run", "test") if purpose == "test" else ("run",):
        _stamp_of(ready).write_text(_fingerprint(ready), encoding="utf-8")


def _unless_unbuildable(way_out: str) -> str:
    """This way out, unless what a .venv is built with is missing: then that comes first."""
    unmet = machine.find_unmet(["build"])
    return machine.tell_install_command(unmet) if unmet else way_out


def _tail() -> str:
    """The last lines of the last command in the log, each cut to what a terminal shows."""
    last = LOG.read_text(encoding="utf-8").rpartition("\n$ ")[2].splitlines()[1:]
    return "\n".join(f"    {line[:TAIL_WIDTH]}" for line in last[-TAIL_LINES:])


@contextmanager
def _alone() -> Iterator[None]:
    """Let one setup at a time work on this .venv; a second one waits."""
    LOG.parent.mkdir(exist_ok=True)
    with (LOG.parent / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main())
