"""Files that commands write and read: what the system says against one becomes the thing, its value and the way out."""

from pathlib import Path

from domain.errors import InputError, MingbaiError, SetupError


def check_target(path: Path) -> None:
    """Tell before the work that a file could not be written after it.

    Raises:
        InputError: its folder is not there, or a folder stands in its place.
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder", "name a file in it")
    if not path.absolute().parent.is_dir():
        raise _no_folder(path)


def told_of(error: OSError) -> MingbaiError:
    """Say what the system refused: a file that cannot be opened, or what concerns no file (a full disk, a taken port)."""
    why = error.strerror or str(error)
    if error.filename is None:
        return SetupError(why, "mend that, then run the command again")
    path = Path(str(error.filename))
    if isinstance(error, FileNotFoundError) and not path.absolute().parent.is_dir():
        return _no_folder(path)
    return InputError(f"{path} cannot be opened: {why}", "check its name and its permissions, or name another file")


def _no_folder(path: Path) -> InputError:
    folder = path.parent
    return InputError(f"{folder} is not there, so no file can be opened in it", f"make the folder (mkdir -p {folder}), or name another")
