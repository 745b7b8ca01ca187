"""The file of field keys: the first line is the first key, each further line a later one: id, key, and `waits` while it only reads.

```
<128 hex digits>
5f3a09c1 <128 hex digits>
9be41d77 <128 hex digits> waits
```
No key is ever taken out: what was written under it, and every backup of that time, would be lost.
"""

import os
import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from domain.errors import ConflictError, SetupError

KEY_BYTES = 64
_LATER = re.compile(r"([0-9a-f]{8}) ([0-9a-f]{128})( waits)?")


@dataclass(frozen=True)
class StoredKey:
    """One line: the id ("": the first key), 64 bytes, and whether it waits until every machine knows it."""

    key_id: str
    key: bytes
    waits: bool = False


def read_keys(path: Path) -> tuple[StoredKey, ...]:
    """Read all keys, the oldest first; on the very first start the first one is made.

    Raises:
        SetupError: the file holds no key.
    """
    if not path.exists():
        _write(path, [StoredKey("", secrets.token_bytes(KEY_BYTES))], is_new=True)
    first, *later = path.read_text().split("\n")
    try:
        key = bytes.fromhex(first.strip())
    except ValueError as error:
        raise SetupError(f"{path} is no key file", "it holds 128 hex digits; restore it from your backup") from error
    if len(key) != KEY_BYTES:
        raise SetupError(f"{path} holds {2 * len(key)} hex digits, not 128", "restore it from your backup")
    found = [_LATER.fullmatch(line.strip()) for line in later if line.strip()]
    if None in found or len({each[1] for each in found if each}) != len(found):
        raise SetupError(
            f"{path} has a later line that is no key", "it is an id, 128 hex digits, and perhaps waits; restore it from your backup"
        )
    return (StoredKey("", key), *(StoredKey(each[1], bytes.fromhex(each[2]), bool(each[3])) for each in found if each))


def add_key(path: Path) -> str:
    """Add a key that waits; gives its id.

    Raises:
        ConflictError: another one waits already.
    """
    keys = read_keys(path)
    waiting = [each.key_id for each in keys if each.waits]
    if waiting:
        raise ConflictError(f"key {waiting[0]} waits already", "put it to work first: python app.py keys rotate")
    new = StoredKey(secrets.token_hex(4), secrets.token_bytes(KEY_BYTES), waits=True)
    _write(path, [*keys, new])
    return new.key_id


def put_to_work(path: Path) -> None:
    """Let the key that waits write; without one nothing changes."""
    keys = read_keys(path)
    if any(each.waits for each in keys):
        _write(path, [replace(each, waits=False) for each in keys])


def _write(path: Path, keys: Sequence[StoredKey], *, is_new: bool = False) -> None:
    # Whole or not at all: half a key, or one lost with the power, would lose every field written under it.
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{each.key_id} {each.key.hex()}{' waits' if each.waits else ''}" if each.key_id else each.key.hex() for each in keys]
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("\n".join(lines))
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            with suppress(FileExistsError):  # another process was first: its key is the key
                os.link(draft, path)
        else:
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable: without it a new file may be lost with the power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
