"""Fields that name a person are stored as AES-256-GCM ciphertext, and found again by a keyed hash (blind index).

The keys live in a file beside the database, readable by its owner only; they are never in the database.
"""

import hashlib
import hmac
import os
import secrets
import unicodedata
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.errors import SetupError

_NONCE_BYTES = 12


class FieldCipher:
    """Encrypts, decrypts and indexes field values under one 64-byte key."""

    def __init__(self, key: bytes) -> None:
        """Split the key: 32 bytes encrypt, 32 bytes index."""
        if len(key) != 64:
            raise SetupError(f"the field key has {len(key)} bytes, not 64", "restore the key file from your backup")
        self._aes = AESGCM(key[:32])
        self._index_key = key[32:]

    def encrypt(self, plain: str) -> bytes:
        """Encrypt a text; the same text never gives the same bytes twice."""
        return self.encrypt_bytes(plain.encode())

    def decrypt(self, cipher: bytes) -> str:
        """Give back the text.

        Raises:
            SetupError: the bytes were not encrypted under this key, or were changed.
        """
        return self.decrypt_bytes(cipher).decode()

    def encrypt_bytes(self, plain: bytes) -> bytes:
        """Encrypt bytes: nonce, ciphertext and tag in one string."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._aes.encrypt(nonce, plain, None)

    def decrypt_bytes(self, cipher: bytes) -> bytes:
        """Give back the bytes; raises as `decrypt` does."""
        try:
            return self._aes.decrypt(cipher[:_NONCE_BYTES], cipher[_NONCE_BYTES:], None)
        except (InvalidTag, ValueError) as error:
            raise SetupError(
                "an encrypted field does not open with this key", "point config.yaml at the key the data was written with"
            ) from error

    def index(self, plain: str) -> str:
        """Hash a value for look-up: equal values give equal hashes, and nothing else can be told from them. "" stays "".

        Letter case, spaces and full-width forms make no difference: "6222 0200 …" is the account 62220200….
        """
        same = "".join(unicodedata.normalize("NFKC", plain).split()).upper()
        return hmac.new(self._index_key, same.encode(), hashlib.sha256).hexdigest() if same else ""


def load_cipher(key_file: Path) -> FieldCipher:
    """Read the key file, or make one on the very first start.

    Raises:
        SetupError: the file holds no key.
    """
    if not key_file.exists():
        _make_key(key_file)
    try:
        key = bytes.fromhex(key_file.read_text().strip())
    except ValueError as error:
        raise SetupError(f"{key_file} is no key file", "it holds 128 hex digits; restore it from your backup") from error
    if len(key) != 64:
        raise SetupError(f"{key_file} holds {2 * len(key)} hex digits, not 128", "restore it from your backup")
    return FieldCipher(key)


def _make_key(key_file: Path) -> None:
    # Whole or not at all: half a key, or one lost with the power, would lose every field written under it.
    key_file.parent.mkdir(parents=True, exist_ok=True)
    draft = key_file.with_name(f"{key_file.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(64))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another process was first: its key is the key
            os.link(draft, key_file)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(key_file.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable: without it a new file may be lost with the power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
