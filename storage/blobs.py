"""Uploaded files on disk, encrypted, named by the sha256 of what was uploaded: the same picture is stored once."""

import hashlib
import os
import secrets
from pathlib import Path

from domain.errors import NotFoundError
from storage.crypto import FieldCipher


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
        with draft.open("wb") as file:
            file.write(self._cipher.encrypt_bytes(content))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # else the new name may be lost with the power
        finally:
            os.close(folder)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Give back the bytes.

        Raises:
            NotFoundError: no file of that hash.
        """
        try:
            return self._cipher.decrypt_bytes(self._path(sha256).read_bytes())
        except FileNotFoundError as error:
            raise NotFoundError(f"no stored file {sha256}", "restore the blob folder from your backup") from error

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256[2:4] / sha256
