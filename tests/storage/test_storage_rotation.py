"""A new key takes over while everything runs: found by number all the time, resumable after a kill, old backups still open."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from storage_samples import save_world
from typer.testing import CliRunner

from commands.keys import commands
from domain.claim import PersonClue
from domain.errors import ConflictError, SetupError
from domain.identity import id_check_character
from domain.policy import Person
from storage import registry
from storage.all_tables import metadata
from storage.blobs import BlobStore
from storage.crypto import FieldCipher, load_cipher
from storage.database import Database
from storage.key_file import StoredKey, add_key, put_to_work, read_keys
from storage.migrate import upgrade
from storage.rotation import is_finished, rotate, sealed_tables
from storage.tables import person

KEY = bytes(range(64))
ROOT = Path(__file__).parents[2]


def numbered(number: int) -> Person:
    """A synthetic person: 9901 is no region."""
    front = f"99010219900101{number:03d}"
    return Person(f"N{number}", "示例人", front + id_check_character(front), date(1990, 1, 1), phone=f"1990000{number:04d}")


def a_database(folder: Path, people: int) -> tuple[Database, BlobStore]:
    cipher = load_cipher(folder / "field.key")
    database = Database(f"sqlite:///{folder / 'claims.db'}", cipher)
    upgrade(database)
    with database.write() as tx:
        save_world(tx)
        registry.save_people(tx, [numbered(each) for each in range(people)])
    blobs = BlobStore(folder / "files", cipher)
    blobs.put(b"one")
    return database, blobs


def under_earlier_keys(database: Database) -> list[str]:
    """Name every place, of every table, where something lies under another key than the one that writes."""
    cipher, found = database.cipher, []
    with database.read() as tx:
        for table in sealed_tables():
            for row in tx.connection.execute(select(table)).mappings():
                sealed = [name for name in row if name.endswith("_enc") and row[name] and not cipher.is_current(row[name])]
                indexes = [name for name in row if name.endswith("_index") and row[name] and cipher.newest(row[name]) != row[name]]
                found += [f"{table.name}.{name}" for name in sealed + indexes]
    return found


def is_found(database: Database, number: int) -> bool:
    one = numbered(number)
    with database.read() as tx:
        found = registry.find_people(tx, PersonClue(id_number=one.id_number))
        both = registry.find_people(tx, PersonClue(id_number=one.id_number, name=one.name))
    return found == both == (one,)


def test_everything_comes_under_the_new_key_and_is_found_at_every_step(tmp_path: Path) -> None:
    database, blobs = a_database(tmp_path, 30)
    add_key(tmp_path / "field.key")
    with database.read() as tx:
        assert tx.cipher.writes_under == "", "a key that waits only reads"
    put_to_work(tmp_path / "field.key")
    with database.read() as tx:
        assert tx.cipher.writes_under and not is_finished(tx)
    steps = 0
    for step in rotate(database, blobs, 7):
        steps += 1
        assert step.looked_at <= 7
        if step.renewed:
            assert all(is_found(database, each) for each in (0, 6, 7, 29))
    assert steps > 5 and under_earlier_keys(database) == []
    with database.read() as tx:
        assert is_finished(tx)
    assert blobs.get(hashlib.sha256(b"one").hexdigest()) == b"one"
    assert list(rotate(database, blobs, 7)) == []
    database.close()


def test_on_either_database_rows_come_over_in_small_steps(database: Database, tmp_path: Path) -> None:
    with database.write() as tx:
        save_world(tx)
        registry.save_people(tx, [numbered(each) for each in range(9)])
    database.cipher = ring(2)
    steps = [each for each in rotate(database, BlobStore(tmp_path / "files", database.cipher), 4) if each.table == "person"]
    assert sum(each.renewed for each in steps) == 10 and under_earlier_keys(database) == [] and is_found(database, 8)


def test_what_is_written_meanwhile_under_the_earlier_key_is_brought_over_too(tmp_path: Path) -> None:
    """A process that does not know of the change yet writes behind the place where the rotation is."""
    database, blobs = a_database(tmp_path, 10)
    late = Database(database.url, FieldCipher(read_keys(tmp_path / "field.key")[0].key))
    add_key(tmp_path / "field.key")
    put_to_work(tmp_path / "field.key")
    seen = set()
    for step in rotate(database, blobs, 5):
        if step.table != "person" and "person" in seen and not is_found(database, 900):
            with late.write() as tx:
                registry.save_people(tx, [numbered(900)])
            assert is_found(database, 900)
        seen.add(step.table)
    assert under_earlier_keys(database) == [] and is_found(database, 900)
    late.close()
    database.close()


ROTATE = """
import sys
from pathlib import Path
from storage.blobs import BlobStore
from storage.crypto import load_cipher
from storage.database import Database
from storage.rotation import rotate
folder, rows = Path(sys.argv[1]), int(sys.argv[2])
cipher = load_cipher(folder / "field.key")
for step in rotate(Database(f"sqlite:///{folder}/claims.db", cipher), BlobStore(folder / "files", cipher), rows):
    print(step.table, flush=True)
"""


def test_killed_in_the_middle_it_goes_on_where_it_was(tmp_path: Path) -> None:
    database, _ = a_database(tmp_path, 100)
    add_key(tmp_path / "field.key")
    put_to_work(tmp_path / "field.key")
    running = subprocess.Popen([sys.executable, "-c", ROTATE, str(tmp_path), "1"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    for _ in range(20):
        running.stdout.readline()
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    running.stdout.close()
    assert "person.id_number_enc" in under_earlier_keys(database), "it was killed before its end"
    with database.read() as tx:
        numbers = tx.connection.execute(select(person.c.id_number_enc)).scalars().all()
        assert sum(map(tx.cipher.is_current, numbers)) >= 10, "and after its beginning"
    assert all(is_found(database, each) for each in range(0, 100, 7))
    steps = list(rotate(database, BlobStore(tmp_path / "files", database.cipher), 1))
    first_pass = [each for each in steps[: steps.index(next(each for each in steps if each.table == "files"))] if each.table == "person"]
    assert len(first_pass) < 100, "what was done before is not done again"
    assert under_earlier_keys(database) == [] and all(is_found(database, each) for each in range(0, 100, 7))
    database.close()


def test_the_commands_make_a_key_and_bring_everything_to_it(tmp_path: Path) -> None:
    database, _ = a_database(tmp_path, 5)
    (tmp_path / "config.yaml").write_text("database: sqlite:///claims.db\nfield_key: field.key\nfiles: files\n")

    def keys(*words: str) -> str:
        told: str = CliRunner().invoke(commands, [*words, "--config", str(tmp_path / "config.yaml")], catch_exceptions=False).output
        return told

    with pytest.raises(ConflictError, match="keys new"):
        keys("rotate")
    assert "waits" in keys("new") and "waits: it only reads" in keys("status")
    assert "(first) writes; everything lies under it" in keys("status")
    assert "person 6" in keys("rotate") and "everything lies under it" in keys("status")
    assert "nothing was left" in keys("rotate") and under_earlier_keys(database) == []
    database.close()


def test_a_backup_of_before_opens_with_the_keys_of_today(tmp_path: Path) -> None:
    database, blobs = a_database(tmp_path, 3)
    database.close()
    shutil.copytree(tmp_path, tmp_path / "old")
    mark = database.cipher.mark()
    add_key(tmp_path / "field.key")
    put_to_work(tmp_path / "field.key")
    shutil.copy(tmp_path / "field.key", tmp_path / "old" / "field.key")
    today = load_cipher(tmp_path / "old" / "field.key")
    old = Database(f"sqlite:///{tmp_path}/old/claims.db", today)
    assert today.opens(mark) and not database.cipher.opens(today.mark())
    assert is_found(old, 2)
    list(rotate(old, BlobStore(tmp_path / "old/files", today), 50))
    assert under_earlier_keys(old) == [] and is_found(old, 2)
    old.close()
    assert blobs is not None


def test_a_second_key_waits_for_the_first_to_be_put_to_work(tmp_path: Path) -> None:
    load_cipher(tmp_path / "field.key")
    add_key(tmp_path / "field.key")
    with pytest.raises(ConflictError, match="waits already"):
        add_key(tmp_path / "field.key")
    assert (tmp_path / "field.key").stat().st_mode & 0o777 == 0o600


def test_without_the_key_it_was_written_with_the_id_of_that_key_is_told(tmp_path: Path) -> None:
    load_cipher(tmp_path / "field.key")
    key_id = add_key(tmp_path / "field.key")
    put_to_work(tmp_path / "field.key")
    newest = load_cipher(tmp_path / "field.key")
    with pytest.raises(SetupError, match=key_id):
        FieldCipher(read_keys(tmp_path / "field.key")[0].key).decrypt(newest.encrypt("x"))


def ring(count: int) -> FieldCipher:
    return FieldCipher(KEY, later=[StoredKey(f"{each:08x}", bytes([each]) * 64) for each in range(1, count)])


@given(st.text(max_size=40), st.integers(1, 4), st.integers(1, 4))
def test_what_any_key_wrote_is_read_and_found_by_all_later_rings(plain: str, earlier: int, more: int) -> None:
    old, new = ring(earlier), ring(earlier + more - 1)
    assert new.decrypt(old.encrypt(plain)) == plain
    assert old.index(plain) in new.same(new.index(plain)) and new.newest(old.index(plain)) == new.index(plain)
    assert new.is_mac(old.mac(plain), plain) and not new.is_mac(old.mac(plain), plain + "x")
    assert len({*new.same(new.index(plain))}) == (earlier + more - 1 if new.index(plain) else 1)


@given(st.binary(min_size=1, max_size=60), st.integers(0, 90))
def test_a_byte_that_was_changed_is_never_read(plain: bytes, place: int) -> None:
    newest = ring(3)
    sealed = bytearray(newest.encrypt_bytes(plain))
    sealed[place % len(sealed)] ^= 1
    with pytest.raises(SetupError):
        newest.decrypt_bytes(bytes(sealed))


def test_an_index_of_two_keys_has_nothing_in_common_that_can_be_seen() -> None:
    one, other = ring(1).index("19900000001"), ring(2).index("19900000001")
    assert len(other) <= 64 and not set(other[8:]) <= set("0123456789abcdef") and one not in other


def test_every_sealed_column_is_one_that_the_rotation_finds() -> None:
    """A new column of bytes either is encrypted, and then its name ends in _enc, or is known here to be none."""
    plain = {"rule_content.content", "answered_call.answer_enc"}
    found = {f"{table.name}.{column.name}" for table in sealed_tables() for column in table.c if column.name.endswith("_enc")}
    bytes_columns = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.c
        if column.type.__class__.__name__ == "LargeBinary"
    }
    assert bytes_columns - plain == found


def test_counters_are_kept_under_the_same_name_whichever_key_writes() -> None:
    for count in (1, 2, 3):
        index = ring(count).index("19900000001")
        assert ring(3).lasting(f"phone {ring(3).oldest(index)}") == ring(1).index(f"phone {ring(1).index('19900000001')}")


def test_names_of_people_are_unchanged_by_all_this(tmp_path: Path) -> None:
    database, blobs = a_database(tmp_path, 2)
    add_key(tmp_path / "field.key")
    put_to_work(tmp_path / "field.key")
    list(rotate(database, blobs, 50))
    with database.write() as tx:
        registry.save_people(tx, [replace(numbered(0), phone="19911110000")])
    with database.read() as tx:
        found = registry.find_person(tx, "N0")
    assert found is not None and found.phone == "19911110000"
    database.close()
