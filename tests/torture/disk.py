"""A small disk of its own (tmpfs) that can be filled to its last byte and freed again."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BLOCK = 1 << 20


class Disk:
    """A mounted disk; what lies on it is gone when it is unmounted."""

    def __init__(self, folder: Path) -> None:
        """Look at the disk that is mounted there."""
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Leave not one byte."""
        handle = os.open(self._ballast, os.O_WRONLY | os.O_CREAT)
        written, block = 0, _BLOCK
        while block >= 1:
            try:
                os.posix_fallocate(handle, written, block)
                written += block
            except OSError:
                block //= 16
        os.close(handle)

    def free(self) -> None:
        """Take the ballast away."""
        with contextlib.suppress(FileNotFoundError):
            self._ballast.unlink()


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Disk | None]:
    """Mount a disk of that size; None where this process may not mount."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0777", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    try:
        yield Disk(folder) if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)
