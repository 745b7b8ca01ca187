"""Uploaded files on disk, encrypted, named by the sha256 of what was uploaded: the same picture is stored once."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from domain.errors import NotFoundError, SetupError
from storage.crypto import FieldCipher, sync_folder


class BlobStore:
    """A folder of encrypted files, addressed by content."""

    def __init__(self, folder: Path, cipher: FieldCipher) -> None:
        """Use a folder, made when missing."""
        self._folder = folder
        self._cipher = cipher

    def put(self, content: bytes) -> str:
        """Store bytes durably and answer their sha256; call it before the transaction that names the hash."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        if path.exists():
            return sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
        try:
            with draft.open("wb") as file:
                file.write(self._cipher.encrypt_bytes(content))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)  # a full disk must not be filled by what it could not hold
            raise
        for folder in (path.parent, path.parent.parent, self._folder):  # the folders may be new, too
            sync_folder(folder)
        return sha256

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
