"""Uploaded files on disk, encrypted, named by the sha256 of what was uploaded: the same picture is stored once."""

import hashlib
import os
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import BinaryIO

from domain.errors import NotFoundError, SetupError
from storage.crypto import FieldCipher
from storage.key_file import sync_folder


class BlobStore:
    """A folder of encrypted files, addressed by content."""

    def __init__(self, folder: Path, cipher: FieldCipher) -> None:
        """Use a folder, made when missing."""
        self._folder = folder
        self._cipher = cipher
        self._durable: set[Path] = set()  # folders whose names are known to be on disk; those that another process made are not

    def put(self, content: bytes) -> str:
        """Store bytes durably and answer their sha256; call it before the transaction that names the hash."""
        return self.put_all([content])[0]

    def put_all(self, contents: Sequence[bytes]) -> list[str]:
        """Store the bytes of several files durably, and answer their sha256 in the same order.

        The files are written first, then synced, then named, then their folders are synced: what a disk does for the first of
        them is done for the others, too, and a disk takes most of the time that storing takes.
        """
        hashes = [hashlib.sha256(content).hexdigest() for content in contents]
        new = {path: content for sha256, content in zip(hashes, contents, strict=True) if not (path := self._path(sha256)).exists()}
        _write_durably({path: partial(self._cipher.encrypt_bytes, content) for path, content in new.items()})
        self._sync({path.parent for path in new})
        return hashes

    def _sync(self, folders: Collection[Path]) -> None:
        """Make the names in folders durable; and their own, unless this store has done that before."""
        for folder in folders:
            sync_folder(folder)
        if fresh := set(folders) - self._durable - {self._folder}:
            self._sync({folder.parent for folder in fresh})
            self._durable |= fresh

    def get(self, sha256: str) -> bytes:
        """Give back the bytes.

        Raises:
            NotFoundError: no file of that hash.
            SetupError: its bytes were changed, or are another file's.
        """
        try:
            content = self._cipher.decrypt_bytes(self._path(sha256).read_bytes())
        except FileNotFoundError as error:
            raise NotFoundError(f"no stored file {sha256}", "restore the blob folder from your backup") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise SetupError(f"the stored file {sha256} holds another file's bytes", "restore the blob folder from your backup")
        return content

    def renew(self, path: Path) -> bool:
        """Encrypt one stored file under the key that writes now; False when it was, or is gone. The file is whole at every moment."""
        try:
            sealed = path.read_bytes()
            if self._cipher.is_current(sealed):
                return False
            _write_durably({path: partial(self._cipher.encrypt_bytes, self._cipher.decrypt_bytes(sealed))}, only_over=True)
        except FileNotFoundError:
            return False  # erased meanwhile
        return True

    def destroy(self, sha256: str) -> None:
        """Remove the bytes for ever; those that are not there are no error."""
        self._path(sha256).unlink(missing_ok=True)

    def iter_files(self) -> Iterator[tuple[str, Path]]:
        """Walk through the stored files, encrypted as they lie: each place within the folder, and the path."""
        for path in self._folder.glob("??/??/*"):
            if path.suffix != ".part":
                yield path.relative_to(self._folder).as_posix(), path

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256[2:4] / sha256


def _write_durably(files: Mapping[Path, Callable[[], bytes]], *, only_over: bool = False) -> None:
    """Write files, each sealed when its turn comes, whole or not at all; with `only_over` they are put over those that are still there."""
    drafts: dict[Path, Path] = {}
    try:
        with ExitStack() as opened:
            handles = []
            for path, seal in files.items():
                drafts[path] = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
                file = opened.enter_context(_made(drafts[path]))
                file.write(seal())
                file.flush()
                handles.append(file.fileno())
            for handle in handles:
                os.fsync(handle)
        for path in files:
            if only_over:
                path.stat()
            drafts[path].replace(path)
            del drafts[path]
    except BaseException:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)  # a full disk must not be filled by what it could not hold
        raise


def _made(path: Path) -> BinaryIO:
    """Open a new file to be written; its folder is nearly always there, and is not asked for first."""
    try:
        return path.open("wb")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("wb")
