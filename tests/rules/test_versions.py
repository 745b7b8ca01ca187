"""A published book is immutable, named by its hash, approved by two, and in force from its date on."""

from datetime import date
from pathlib import Path

import pytest

from domain.errors import ConflictError, InputError, NotFoundError, RuleBookError
from rules.versions import Shelf

ANXIN = Path("rules/book/anxin-inpatient.yaml")
TODAY = date(2026, 3, 1)
BOTH = ("林", "高")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "published")


def _draft(tmp_path: Path, right: str = "日津贴额: 300元/天", wrong: str = "日津贴额: 300.00元/天") -> Path:
    path = tmp_path / "draft" / ANXIN.name
    path.parent.mkdir(exist_ok=True)
    path.write_text(ANXIN.read_text().replace(right, wrong, 1))
    return path


def test_a_published_book_is_found_by_its_hash(shelf: Shelf) -> None:
    version = shelf.publish(ANXIN, date(2024, 1, 1), BOTH, TODAY)
    book = shelf.load(version.sha256)
    assert (book.product, book.sha256) == ("anxin-inpatient", version.sha256)


@pytest.mark.parametrize("approvers", [("林", "林"), ("Lin", " lin "), ("林", ""), ("", "")])
def test_one_person_cannot_publish(shelf: Shelf, approvers: tuple[str, str]) -> None:
    with pytest.raises(InputError):
        shelf.publish(ANXIN, TODAY, approvers, TODAY)
    assert shelf.history() == []


def test_a_book_that_fails_its_own_tests_is_not_published(shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(RuleBookError, match="fails 1 of its own tests"):
        shelf.publish(_draft(tmp_path, "日津贴额: 300元/天", "日津贴额: 301元/天"), TODAY, BOTH, TODAY)


def test_the_day_before_a_date_the_old_book_is_in_force_and_on_it_the_new(shelf: Shelf, tmp_path: Path) -> None:
    first = shelf.publish(ANXIN, date(2024, 1, 1), BOTH, TODAY)
    second = shelf.publish(_draft(tmp_path), date(2026, 4, 1), BOTH, TODAY)
    assert shelf.in_force("anxin-inpatient", date(2023, 12, 31)) is None
    assert shelf.in_force("anxin-inpatient", date(2026, 3, 31)) == first
    assert shelf.in_force("anxin-inpatient", date(2026, 4, 1)) == second
    assert shelf.in_force("zhifu-direct", date(2026, 4, 1)) is None


@pytest.mark.parametrize("effective", [date(2026, 2, 28), date(2024, 1, 1)])
def test_a_later_book_never_takes_effect_in_the_past(shelf: Shelf, tmp_path: Path, effective: date) -> None:
    shelf.publish(ANXIN, date(2024, 1, 1), BOTH, TODAY)
    with pytest.raises(ConflictError, match="past"):
        shelf.publish(_draft(tmp_path), effective, BOTH, TODAY)
    shelf.publish(_draft(tmp_path), TODAY, BOTH, TODAY)


def test_two_books_are_never_in_force_from_the_same_day(shelf: Shelf, tmp_path: Path) -> None:
    shelf.publish(ANXIN, date(2026, 5, 1), BOTH, TODAY)
    with pytest.raises(ConflictError, match="does not follow"):
        shelf.publish(_draft(tmp_path), date(2026, 5, 1), BOTH, TODAY)


def test_the_same_book_is_published_once(shelf: Shelf) -> None:
    shelf.publish(ANXIN, date(2024, 1, 1), BOTH, TODAY)
    with pytest.raises(ConflictError, match="already published"):
        shelf.publish(ANXIN, date(2026, 5, 1), BOTH, TODAY)


def test_a_book_may_come_back_after_another(shelf: Shelf, tmp_path: Path) -> None:
    first = shelf.publish(ANXIN, date(2024, 1, 1), BOTH, TODAY)
    shelf.publish(_draft(tmp_path), date(2026, 4, 1), BOTH, TODAY)
    again = shelf.publish(ANXIN, date(2026, 5, 1), BOTH, TODAY)
    assert again.sha256 == first.sha256
    assert shelf.in_force("anxin-inpatient", date(2026, 6, 1)) == again


def test_a_published_file_that_was_changed_is_refused(shelf: Shelf) -> None:
    version = shelf.publish(ANXIN, TODAY, BOTH, TODAY)
    path = shelf.path_of(version.sha256)
    path.chmod(0o644)
    path.write_text(path.read_text() + "# x\n")
    with pytest.raises(ConflictError, match="changed after it was published"):
        shelf.load(version.sha256)


def test_a_changed_line_of_the_manifest_is_refused(shelf: Shelf) -> None:
    shelf.publish(ANXIN, TODAY, BOTH, TODAY)
    manifest = shelf.folder / "manifest.jsonl"
    manifest.write_text(manifest.read_text().replace("高", "王"))
    with pytest.raises(ConflictError, match=r"manifest\.jsonl:1"):
        shelf.history()


def test_a_hash_that_nobody_published_is_not_found(shelf: Shelf) -> None:
    with pytest.raises(NotFoundError):
        shelf.load("ab" * 32)
