"""A backup (备份) is one tar file: the settings, the database, the stored files, and last a manifest with the sha256 of each.

The manifest comes last because the hashes are known last: an archive that was cut off has none, and is refused.
Stored files and encrypted columns stay encrypted; the archive opens to nobody without the field key.
"""

import hashlib
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Protocol

from pydantic import ValidationError

from domain.errors import InputError, SetupError
from storage.codec import from_json, to_json
from storage.key_file import sync_folder

SETTINGS, DATABASE, FILES, KEYS = "config.yaml", "database", "files/", "keys/"
_MANIFEST = "manifest.json"
_FORMAT = 1
_CHUNK_BYTES = 1 << 20
_OTHER = "take an archive that `app.py backup` wrote"


@dataclass(frozen=True)
class Manifest:
    """What an archive holds: of which moment and form its database is, and the sha256 of every member."""

    format: int
    made: str  # when the database was copied, ISO 8601 with the offset
    database: str  # sqlite | postgresql
    revision: str  # the newest migration that the database has seen
    key_mark: str  # tells whether a field key is the right one, and nothing else of it
    members: Mapping[str, str]  # name -> sha256


class Archive:
    """An archive that is being written."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        """Begin with an empty one; `writing` makes it."""
        self._tar = tar
        self.members: dict[str, str] = {}

    def add(self, name: str, path: Path) -> None:
        """Add a file, read once from beginning to end.

        Raises:
            FileNotFoundError: it is not there (any more); nothing was added.
        """
        with path.open("rb") as file:
            about = os.fstat(file.fileno())
            self._write(name, file, about.st_size, int(about.st_mtime))

    def close(self, made: str, database: str, revision: str, key_mark: str) -> Manifest:
        """Add the manifest, which ends the archive."""
        manifest = Manifest(_FORMAT, made, database, revision, key_mark, dict(self.members))
        content = to_json(manifest, Manifest).encode()
        self._write(_MANIFEST, BytesIO(content), len(content), 0)
        return manifest

    def _write(self, name: str, file: IO[bytes], size: int, mtime: int) -> None:
        member, hashed = tarfile.TarInfo(name), _Hashed(file)
        member.size, member.mtime, member.mode = size, mtime, 0o600
        self._tar.addfile(member, hashed)
        self.members[name] = hashed.sha256.hexdigest()


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: _Readable) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        self.sha256.update(content)
        return content


@contextmanager
def writing(path: Path) -> Iterator[Archive]:
    """Write an archive: whole and durable under its name when the block ends, not at all when it raises."""
    draft = path.with_name(f"{path.name}.part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w") as tar:
                yield Archive(tar)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.absolute().parent)


def verify(path: Path) -> Manifest:
    """Read an archive from beginning to end, and give its manifest when every hash in it holds.

    Raises:
        InputError: it is no backup, was cut off, or a member of it is damaged; the message names it.
    """
    seen: dict[str, str] = {}
    manifest = None
    for name, file in _members(path):
        if name == _MANIFEST:
            manifest = _manifest(path, file.read())
            continue
        if manifest or name in seen or not _is_known(name):
            raise InputError(f"{path} holds {name} where no backup has it", _OTHER)
        hashed = _Hashed(file)
        while hashed.read(_CHUNK_BYTES):
            pass
        seen[name] = hashed.sha256.hexdigest()
    if manifest is None:
        last = list(seen)[-1] if seen else "its beginning"
        raise InputError(f"{path} ends, or is damaged, after {last}, and has no manifest", "take an older archive: this one is not whole")
    for name in sorted({*seen, *manifest.members}):
        if seen.get(name) != manifest.members.get(name):
            told = "is missing in" if name not in seen else "is damaged in" if name in manifest.members else "was put into"
            raise InputError(f"{name} {told} {path}", "take an older archive: nothing of this one is restored")
    return manifest


def unpack(path: Path, target_of: Mapping[str, Path]) -> None:
    """Write members to where `target_of` says; a name that ends in / stands for all that begin with it. Others are passed over.

    The archive was verified before. Files are durable and readable by their owner alone.
    """
    folders: set[Path] = set()
    for name, file in _members(path):
        prefix = next((each for each in target_of if name == each or (each.endswith("/") and name.startswith(each))), None)
        if prefix is None:
            continue
        target = target_of[prefix] / name.removeprefix(prefix) if prefix.endswith("/") else target_of[prefix]
        target.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as written:
            while content := file.read(_CHUNK_BYTES):
                written.write(content)
            written.flush()
            os.fsync(written.fileno())
        folders |= {target.parent, target.parent.parent}
    for folder in folders:
        sync_folder(folder)


def _members(path: Path) -> Iterator[tuple[str, _Readable]]:
    name = "its beginning"
    try:
        with tarfile.open(path, "r:") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is None:
                    raise InputError(f"{path} holds {member.name}, which is no file", _OTHER)
                name = member.name
                yield name, _Member(path, name, content)
    except tarfile.TarError as error:
        raise InputError(f"{path} is no whole tar file: it breaks at {name} ({error})", _OTHER) from error


class _Member:
    """A member that is read by whoever asked for it: there, too, an archive that was cut off in its midst is no whole one."""

    def __init__(self, path: Path, name: str, content: IO[bytes]) -> None:
        self._path, self._name, self._content = path, name, content

    def read(self, size: int = -1) -> bytes:
        try:
            return self._content.read(size)
        except tarfile.TarError as error:
            told = f"{self._path} was cut off in the midst of {self._name}"
            raise InputError(told, "take an older archive: nothing of this one is restored") from error


def _manifest(path: Path, content: bytes) -> Manifest:
    try:
        manifest = from_json(content.decode(), Manifest)
    except (ValidationError, UnicodeDecodeError) as error:
        raise InputError(f"{_MANIFEST} is damaged in {path}", "take an older archive: nothing of this one is restored") from error
    if manifest.format != _FORMAT:
        raise SetupError(f"{path} has form {manifest.format}, and this version reads {_FORMAT}", "restore it with the version that made it")
    return manifest


def _is_known(name: str) -> bool:
    """Tell whether a name may stand in a backup: none leads out of the folder that it is written to."""
    parts = name.split("/")
    if any(part in ("", ".", "..") for part in parts):
        return False
    return name in (SETTINGS, DATABASE) or (len(parts) > 1 and name.startswith((FILES, KEYS)))
