"""The memory of a reading process: bounded while it reads, given back after each document, looked at from outside (Linux)."""

import contextlib
import ctypes
from pathlib import Path

_MB = 1024 * 1024


def bound_memory(memory_mb: int) -> None:
    """Bound what this process may allocate; where the system cannot (macOS, Windows) the timeout alone protects."""
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = memory_mb * _MB
        resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def give_back_memory() -> None:
    """Return to the system what was freed: glibc keeps it otherwise, and a large picture stays in the process for good.

    It takes 2 ms of a document's second. Other C libraries have no such call, and nothing is done.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def resident_mb(pid: int) -> int | None:
    """Tell how much memory a process holds now, in megabytes; None where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 // _MB for line in status.splitlines() if line.startswith("VmRSS:")), None)
