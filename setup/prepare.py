"""`make setup`: the system packages, the .venv and the pinned Python packages, without a question.

Asked again, it compares a stamp and is done.
"""

import sys
import time

from domain.errors import SetupError
from setup.python_packages import Purpose, install_python_packages, is_ready, make_venv, mark_ready
from setup.running import alone, say
from setup.system_packages import install_system_packages


def main(argv: list[str] | None = None) -> int:
    """Prepare for the tests if the argument is `test`, else to run; 0 when the machine is ready."""
    arguments = sys.argv[1:] if argv is None else argv
    try:
        with alone():
            prepare("test" if "test" in arguments else "run")
    except SetupError as error:
        print(f"setup: {error.what}\n  Way out: {error.way_out}", file=sys.stderr)
        return 1
    return 0


def prepare(purpose: Purpose) -> None:
    """Bring the machine to where this purpose can start; nothing is done twice.

    Raises:
        SetupError: something is missing that we may not install, or an installer failed.
    """
    started = time.monotonic()
    if is_ready(purpose):
        install_system_packages(["run"])
        return
    install_system_packages(["build", "run"], wish_for_browser=purpose == "test")
    make_venv()
    install_python_packages(purpose)
    mark_ready(purpose)
    say(f"ready in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
