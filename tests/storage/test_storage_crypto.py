"""Encrypted fields: they open only with their key and unchanged, and are found again by what they say."""

import stat
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from storage_samples import at_once

from domain.errors import SetupError
from domain.policy import Person
from storage import registry
from storage.crypto import FieldCipher, load_cipher
from storage.database import Database
from storage.migrate import upgrade

CIPHER = FieldCipher(bytes(range(64)))


@given(st.text())
def test_a_text_comes_back_as_it_was(plain: str) -> None:
    assert CIPHER.decrypt(CIPHER.encrypt(plain)) == plain


@given(st.binary())
def test_bytes_come_back_as_they_were(plain: bytes) -> None:
    assert CIPHER.decrypt_bytes(CIPHER.encrypt_bytes(plain)) == plain


def test_the_same_text_never_gives_the_same_bytes_twice() -> None:
    assert len({CIPHER.encrypt("990101199001011234") for _ in range(100)}) == 100


def test_a_text_does_not_stand_in_its_bytes() -> None:
    assert b"990101199001011234" not in CIPHER.encrypt("990101199001011234")


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(SetupError, match="does not open with this key"):
        FieldCipher(bytes(64)).decrypt(CIPHER.encrypt("990101199001011234"))


@pytest.mark.parametrize("place", [0, 11, 12, 20, -16, -1])
def test_a_changed_byte_of_nonce_text_or_tag_is_found(place: int) -> None:
    changed = bytearray(CIPHER.encrypt("990101199001011234"))
    changed[place] ^= 1
    with pytest.raises(SetupError, match="does not open with this key"):
        CIPHER.decrypt(bytes(changed))


@pytest.mark.parametrize("length", [0, 5, 12, 20])
def test_what_was_cut_short_is_found(length: int) -> None:
    with pytest.raises(SetupError, match="does not open with this key"):
        CIPHER.decrypt(CIPHER.encrypt("990101199001011234")[:length])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("11010519491231002X", "11010519491231002x"),
        ("6222029900011112222", " 6222 0299 0001 1112 222\n"),
        ("19900001234", "１９９００００１２３４"),
        ("6222029900011112222", "6222\u30000299\u00a00001 1112222"),
    ],
)
def test_case_spaces_and_full_width_forms_make_no_difference_to_the_index(one: str, other: str) -> None:
    assert CIPHER.index(one) == CIPHER.index(other)


def test_different_values_have_different_indexes() -> None:
    assert CIPHER.index("19900001234") != CIPHER.index("19900001235")


def test_the_index_depends_on_the_key() -> None:
    assert CIPHER.index("19900001234") != FieldCipher(bytes(64)).index("19900001234")


@pytest.mark.parametrize("nothing", ["", " ", "\t\n", "\u3000"])
def test_nothing_has_no_index_so_that_two_claims_without_a_phone_share_none(nothing: str) -> None:
    assert CIPHER.index(nothing) == ""


@pytest.mark.parametrize("length", [0, 32, 63, 65])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(SetupError, match=f"{length} bytes, not 64"):
        FieldCipher(bytes(length))


def test_the_first_start_makes_a_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    load_cipher(tmp_path / "new" / "field.key")
    assert stat.S_IMODE((tmp_path / "new" / "field.key").stat().st_mode) == 0o600


def test_the_first_start_leaves_nothing_but_the_key(tmp_path: Path) -> None:
    load_cipher(tmp_path / "field.key")
    assert [each.name for each in tmp_path.iterdir()] == ["field.key"]


def test_the_second_start_opens_what_the_first_wrote(tmp_path: Path) -> None:
    written = load_cipher(tmp_path / "field.key").encrypt("990101199001011234")
    assert load_cipher(tmp_path / "field.key").decrypt(written) == "990101199001011234"


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    load_cipher(tmp_path / "one.key")
    load_cipher(tmp_path / "two.key")
    assert (tmp_path / "one.key").read_text() != (tmp_path / "two.key").read_text()


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    ciphers = at_once(lambda _: load_cipher(tmp_path / "field.key"))
    assert len({each.index("19900001234") for each in ciphers}) == 1


@pytest.mark.parametrize("broken", ["", "not hex", "00" * 32, "00" * 65, "00" * 63 + "0"])
def test_a_broken_key_file_is_named_with_the_way_out(tmp_path: Path, broken: str) -> None:
    (tmp_path / "field.key").write_text(broken)
    with pytest.raises(SetupError, match=r"field\.key .*128.*restore it from your backup"):
        load_cipher(tmp_path / "field.key")


def test_a_broken_key_file_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "field.key").write_text("not hex")
    with pytest.raises(SetupError):
        load_cipher(tmp_path / "field.key")
    assert (tmp_path / "field.key").read_text() == "not hex"


def test_a_database_under_another_key_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/claims.db", CIPHER)
    upgrade(database)
    with database.write() as tx:
        registry.check_key(tx)  # an empty database fits every key
        registry.save_people(tx, [Person("P1", "李示安", "990101198803140056", date(1988, 3, 14))])
    other = Database(f"sqlite:///{tmp_path}/claims.db", FieldCipher(bytes(64)))
    with other.read() as tx, pytest.raises(SetupError, match="does not open with this key"):
        registry.check_key(tx)
    database.close()
    other.close()
