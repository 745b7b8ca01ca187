"""The lock of who writes a SQLite file: one at a time, of all threads of a process and of all processes on the file.

SQLite lets one write, too, but whoever finds another writing sleeps for up to a tenth of a second and looks again, and may be overtaken
for most of a second. The system wakes those who wait here at the moment they may go on, and lets go of what a process held that was
killed. SQLite's own lock stays the one that counts: where there is none of ours, everything is as right, and slower.
"""

import contextlib
import fcntl
import os
import threading
from types import TracebackType


class WriterLock:
    """The lock on one file, by its path; "" is a database in memory, which no other process can see."""

    def __init__(self, path: str) -> None:
        """Nothing is opened before somebody writes."""
        self._threads = threading.Lock()
        self._path = f"{path}-writer" if path else ""
        self._handle: int | None = None

    def __enter__(self) -> None:
        """Wait until nobody else writes."""
        self._threads.acquire()
        try:
            if self._path and self._handle is None:
                self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            if self._handle is not None:
                fcntl.flock(self._handle, fcntl.LOCK_EX)
        except OSError:  # a full disk, a file system without locks: SQLite's own lock does
            return
        except BaseException:
            self._threads.release()
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Let the next one write."""
        if self._handle is not None:
            with contextlib.suppress(OSError):
                fcntl.flock(self._handle, fcntl.LOCK_UN)
        self._threads.release()

    def close(self) -> None:
        """Close what was opened."""
        with self._threads:
            if self._handle is not None:
                os.close(self._handle)
                self._handle = None
