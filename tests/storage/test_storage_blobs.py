"""Uploaded files: encrypted, named by their content, whole or not there."""

import errno
import hashlib
import os
from pathlib import Path

import pytest
from storage_samples import at_once

from domain.errors import NotFoundError, SetupError
from storage.blobs import BlobStore
from storage.crypto import FieldCipher

CIPHER = FieldCipher(bytes(range(64)))
PICTURE = b"\x89PNG" + "身份证号 990101199001011234 卡号 6222029900011112222".encode() * 50


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "files", CIPHER)


def _files(tmp_path: Path) -> list[Path]:
    return [each for each in tmp_path.rglob("*") if each.is_file()]


def test_a_file_is_named_by_the_sha256_of_what_was_uploaded(store: BlobStore) -> None:
    assert store.put(PICTURE) == hashlib.sha256(PICTURE).hexdigest()


@pytest.mark.parametrize("content", [PICTURE, b"", b"\x00" * 100_000])
def test_the_bytes_come_back_as_they_were(store: BlobStore, content: bytes) -> None:
    assert store.get(store.put(content)) == content


def test_the_bytes_do_not_stand_on_the_disk(store: BlobStore, tmp_path: Path) -> None:
    store.put(PICTURE)
    stored = b"".join(each.read_bytes() for each in _files(tmp_path))
    assert not [each for each in (b"PNG", b"990101199001011234", b"6222029900011112222") if each in stored]


def test_the_same_picture_is_one_file(store: BlobStore, tmp_path: Path) -> None:
    store.put(PICTURE)
    store.put(PICTURE)
    assert len(_files(tmp_path)) == 1


def test_the_same_picture_from_eight_threads_is_one_file(store: BlobStore, tmp_path: Path) -> None:
    at_once(lambda _: store.put(PICTURE))
    assert [each.name for each in _files(tmp_path)] == [hashlib.sha256(PICTURE).hexdigest()]


def test_several_files_are_named_in_their_order_each_once(store: BlobStore, tmp_path: Path) -> None:
    contents = [PICTURE, b"two", PICTURE]
    assert store.put_all(contents) == [hashlib.sha256(each).hexdigest() for each in contents]
    assert [store.get(each) for each in store.put_all(contents)] == contents
    assert len(_files(tmp_path)) == 2


def test_of_several_files_of_which_one_finds_no_room_no_part_is_left(
    store: BlobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced, sync = [0], os.fsync

    def no_space_for_the_second(handle: int) -> None:
        synced[0] += 1
        if synced[0] == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(handle)

    monkeypatch.setattr(os, "fsync", no_space_for_the_second)
    with pytest.raises(OSError, match="No space left"):
        store.put_all([PICTURE, b"two"])
    assert _files(tmp_path) == []


def test_names_are_synced_after_every_file_is_whole(store: BlobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[bool]] = []
    sync = os.fsync

    def look(handle: int) -> None:
        seen.append([each.suffix == ".part" for each in _files(tmp_path)])
        sync(handle)

    monkeypatch.setattr(os, "fsync", look)
    store.put_all([PICTURE, b"two"])
    assert seen[:2] == [[True, True]] * 2
    assert [True, True] not in seen[2:]


def test_a_hash_that_was_never_stored_is_not_found(store: BlobStore) -> None:
    with pytest.raises(NotFoundError, match="no stored file 0000"):
        store.get("0" * 64)


def test_a_full_disk_leaves_no_part_behind(store: BlobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(OSError, match="No space left"):
        store.put(PICTURE)
    assert _files(tmp_path) == []


def test_a_changed_file_is_found(store: BlobStore, tmp_path: Path) -> None:
    sha256 = store.put(PICTURE)
    (file,) = _files(tmp_path)
    file.write_bytes(file.read_bytes()[:-1] + b"\x00\x00")
    with pytest.raises(SetupError):
        store.get(sha256)


def test_a_file_under_another_files_name_is_found(store: BlobStore, tmp_path: Path) -> None:
    sha256 = store.put(PICTURE)
    (file,) = _files(tmp_path)
    file.write_bytes(CIPHER.encrypt_bytes(b"another picture"))
    with pytest.raises(SetupError, match="holds another file's bytes"):
        store.get(sha256)
