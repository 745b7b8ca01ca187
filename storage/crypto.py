"""Fields that name a person are stored as AES-256-GCM ciphertext, and found again by a keyed hash (blind index).

The keys live in a file beside the database, readable by its owner only; they are never in the database. The file holds every
key that ever wrote here (storage/key_file.py): the newest one writes, the others still open what lies under them, such as
old backups. What was written carries the id of its key; the first key has none, so that nothing had to change for the second.

A blind index under a later key is a permutation of the one under the first, so an index can be brought to a new key without
the value that it hides, and two indexes of one value are known as such while some rows are old and others new.
"""

import base64
import hmac
import os
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.errors import SetupError
from storage.key_file import KEY_BYTES, StoredKey, read_keys

_NONCE_BYTES = 12
_MARK = (
    b"mbk\x01"  # begins what was written under a later key; a nonce of the first key is this by chance once in 2^32, and then fails its tag
)
_HEAD_BYTES = len(_MARK) + 4
_FIRST_INDEX = re.compile(r"[0-9a-f]{64}")
_LATER_INDEX = re.compile(r"([0-9a-f]{8})([A-Za-z0-9_-]{43})")
_LATER_MAC = re.compile(r"([0-9a-f]{8}):([0-9a-f]{64})")


@dataclass(frozen=True)
class _Key:
    """One key at work: its id ("": the first), and what its two halves do."""

    key_id: str
    aes: AESGCM
    index_key: bytes

    @property
    def head(self) -> bytes:
        return _MARK + bytes.fromhex(self.key_id) if self.key_id else b""

    def index_of(self, base: bytes) -> str:
        """Write a blind index under this key; `base` is the one under the first."""
        if not self.key_id:
            return base.hex()
        return self.key_id + base64.urlsafe_b64encode(_permuted(self.index_key, base)).decode().rstrip("=")


def _permuted(key: bytes, base: bytes) -> bytes:
    # ECB on two blocks that a keyed hash made: they are as good as random, so equal blocks tell nothing.
    cipher = Cipher(algorithms.AES256(key), modes.ECB()).encryptor()  # noqa: S305
    return cipher.update(base) + cipher.finalize()


def _unpermuted(key: bytes, index: bytes) -> bytes:
    cipher = Cipher(algorithms.AES256(key), modes.ECB()).decryptor()  # noqa: S305
    return cipher.update(index) + cipher.finalize()


_WRONG_KEY = "point config.yaml at the key the data was written with; what is damaged, restore from your backup"


class FieldCipher:
    """Encrypts, decrypts and indexes field values under the newest of its keys, and reads what lies under any of them."""

    def __init__(self, key: bytes, *, later: Sequence[StoredKey] = (), source: Path | None = None) -> None:
        """Take the first key and those that came after it; from `source` they are read again when the file has changed."""
        self._source = source
        self._seen = _stamp(source)
        self._take((StoredKey("", key), *later))

    def _take(self, stored: Sequence[StoredKey]) -> None:
        for each in stored:
            if len(each.key) != KEY_BYTES:
                raise SetupError(f"the field key has {len(each.key)} bytes, not {KEY_BYTES}", "restore the key file from your backup")
        keys = {each.key_id: _Key(each.key_id, AESGCM(each.key[:32]), each.key[32:]) for each in stored}
        self._first = keys[""]
        self._writing = keys[[each.key_id for each in stored if not each.waits][-1]]
        self._keys = keys  # last: whoever reads meanwhile sees the old keys or all the new ones

    def refresh(self) -> None:
        """Read the keys again if their file has changed: a new key is known everywhere before anything is written under it."""
        if self._source is None or (stamp := _stamp(self._source)) == self._seen:
            return
        self._take(read_keys(self._source))
        self._seen = stamp

    @property
    def writes_under(self) -> str:
        """The id of the key that writes; "" for the first."""
        return self._writing.key_id

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The ids of all later keys, oldest first."""
        return tuple(each for each in self._keys if each)

    def encrypt(self, plain: str) -> bytes:
        """Encrypt a text; the same text never gives the same bytes twice."""
        return self.encrypt_bytes(plain.encode())

    def decrypt(self, cipher: bytes) -> str:
        """Give back the text.

        Raises:
            SetupError: the bytes were not encrypted under a key of this file, or were changed.
        """
        return self.decrypt_bytes(cipher).decode()

    def encrypt_bytes(self, plain: bytes) -> bytes:
        """Encrypt bytes: the key's mark, nonce, ciphertext and tag in one string."""
        nonce, key = os.urandom(_NONCE_BYTES), self._writing
        return key.head + nonce + key.aes.encrypt(nonce, plain, key.head or None)

    def decrypt_bytes(self, cipher: bytes) -> bytes:
        """Give back the bytes; raises as `decrypt` does."""
        key_id = _key_id_of(cipher)
        if key_id and key_id not in self._keys:
            self.refresh()
        try:
            if key_id in self._keys and key_id:
                nonce = cipher[_HEAD_BYTES : _HEAD_BYTES + _NONCE_BYTES]
                return self._keys[key_id].aes.decrypt(nonce, cipher[_HEAD_BYTES + _NONCE_BYTES :], cipher[:_HEAD_BYTES])
            return self._first.aes.decrypt(cipher[:_NONCE_BYTES], cipher[_NONCE_BYTES:], None)
        except (InvalidTag, ValueError) as error:
            told = f"key {key_id} is not in the key file: copy it from where `app.py keys` made it" if key_id else ""
            way_out = told if key_id and key_id not in self._keys else _WRONG_KEY
            raise SetupError("an encrypted field does not open with this key, or is damaged", way_out) from error

    def is_current(self, cipher: bytes) -> bool:
        """Tell whether the key that writes now encrypted these bytes, by their head alone."""
        return _key_id_of(cipher) == self._writing.key_id

    def mac(self, plain: str) -> str:
        """Hash a text exactly as it stands, under the key: proof of what was said, from which nobody can tell it."""
        return self._mac_under(self._writing, plain)

    def is_mac(self, mac: str, plain: str) -> bool:
        """Tell whether a hash that `mac` made, under whichever key, is one of this text."""
        later = _LATER_MAC.fullmatch(mac)
        key = self._keys.get(later[1] if later else "")
        return key is not None and hmac.compare_digest(self._mac_under(key, plain), mac)

    @staticmethod
    def _mac_under(key: _Key, plain: str) -> str:
        told = hmac.digest(key.index_key, b"\x00said\x00" + plain.encode(), "sha256").hex()
        return f"{key.key_id}:{told}" if key.key_id else told

    def index(self, plain: str) -> str:
        """Hash a value for look-up: equal values give equal hashes, and nothing else can be told from them. "" stays "".

        Letter case, spaces and full-width forms make no difference: "6222 0200 …" is the account 62220200….
        What lies in a column may have been written under an earlier key: look up `same(index)`, not the index alone.
        """
        same = "".join(unicodedata.normalize("NFKC", plain).split()).upper()
        if not same:
            return ""
        return self._writing.index_of(hmac.digest(self._first.index_key, same.encode(), "sha256"))

    def lasting(self, plain: str) -> str:
        """Hash for a name that no change of keys changes: counters are kept under it, and could not be told which they were."""
        return self.oldest(self.index(plain))

    def oldest(self, index: str) -> str:
        """Give an index as the first key has it; what is no index is itself."""
        base = self._base_of(index)
        return self._first.index_of(base) if base is not None else index

    def same(self, index: str) -> tuple[str, ...]:
        """Give every form in which an index may be stored, the newest first; what is no index is itself alone."""
        base = self._base_of(index)
        if base is None:
            return (index,)
        return tuple(each.index_of(base) for each in reversed(self._keys.values()))

    def newest(self, index: str) -> str:
        """Give an index as the key that writes now has it."""
        base = self._base_of(index)
        return self._writing.index_of(base) if base is not None else index

    def _base_of(self, index: str) -> bytes | None:
        if _FIRST_INDEX.fullmatch(index):
            return bytes.fromhex(index)
        later = _LATER_INDEX.fullmatch(index)
        key = self._keys.get(later[1]) if later else None
        return _unpermuted(key.index_key, base64.urlsafe_b64decode(later[2] + "=")) if later and key else None

    def mark(self) -> str:
        """Tell which keys these are, and nothing else of them: two files of one mark open the same data."""
        base = self._first.index_of(hmac.digest(self._first.index_key, _MARKED, "sha256"))
        return " ".join((base, *self.key_ids))

    def opens(self, mark: str) -> bool:
        """Tell whether all that was written under the keys of a mark opens with these."""
        base, *others = mark.split(" ")
        return self.mark().split(" ")[0] == base and set(others) <= set(self.key_ids)


_MARKED = "".join(unicodedata.normalize("NFKC", "the field key of this backup").split()).upper().encode()


def _key_id_of(cipher: bytes) -> str:
    return cipher[len(_MARK) : _HEAD_BYTES].hex() if cipher[: len(_MARK)] == _MARK and len(cipher) >= _HEAD_BYTES else ""


def _stamp(path: Path | None) -> tuple[int, int] | None:
    """Tell one state of a file from another, for the price of a look at its folder."""
    try:
        about = path.stat() if path else None
    except FileNotFoundError:
        about = None
    return (about.st_mtime_ns, about.st_ino) if about else None


def load_cipher(key_file: Path) -> FieldCipher:
    """Read the key file, or make one on the very first start.

    Raises:
        SetupError: the file holds no key.
    """
    first, *later = read_keys(key_file)
    return FieldCipher(first.key, later=later, source=key_file)
