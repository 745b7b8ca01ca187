"""Published books (已发布条款书): each in a folder named by its content hash, never changed, in force from a date on.

Beside them lies `manifest.jsonl`: one line a publication, with product, hash, date and both approvers, each line
holding the hash of the line before it. What was changed afterwards, a book or a line, is refused when it is read.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from domain.errors import ConflictError, InputError, NotFoundError, RuleBookError
from rules.inline_tests import run_tests
from rules.loader import load_book
from rules.model import Book

_MANIFEST, _LOCK = "manifest.jsonl", ".publishing"


@dataclass(frozen=True)
class Version:
    """One publication: from `effective` on the book is in force for its product, until a later one is."""

    product: str
    sha256: str
    effective: date
    approvers: tuple[str, str]
    published_on: date
    previous: str = ""  # the seal of the line before
    seal: str = ""  # sha256 over all of the above

    def sealed(self) -> "Version":
        """Close the line with its seal."""
        bare = replace(self, seal="")
        text = json.dumps(asdict(bare), default=str, ensure_ascii=False, sort_keys=True)
        return replace(self, seal=sha256(text.encode()).hexdigest())


@dataclass(frozen=True)
class Shelf:
    """The folder of published books."""

    folder: Path

    def publish(self, path: Path, effective: date, approvers: tuple[str, str], today: date) -> Version:
        """Publish a book that passes its checks and its own tests, approved by two different people.

        A product's first book may take effect in the past, since its contracts may be older than this shelf; any later
        one takes effect today or later, and after the one before it.

        Raises:
            InputError: one approver, or the same one twice.
            RuleBookError: the book does not pass its checks, or one of its tests fails.
            ConflictError: the date would change what was in force, or this book is already the newest.
        """
        people = _two_people(approvers)
        book = _tested(path)
        content = path.read_bytes()
        with self._alone():
            versions = self.history()
            own = [each for each in versions if each.product == book.product]
            _check_date(book, own, effective, today)
            self._keep(book, content)
            last = versions[-1].seal if versions else ""
            version = Version(book.product, book.sha256, effective, people, today, last).sealed()
            _append(self.folder / _MANIFEST, json.dumps(asdict(version), default=str, ensure_ascii=False))
        return version

    def history(self, product: str = "") -> list[Version]:
        """List the publications in order, those of one product when it is named.

        Raises:
            ConflictError: the manifest was changed afterwards.
        """
        path = self.folder / _MANIFEST
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        versions, previous = [], ""
        for number, line in enumerate(lines, 1):
            version = _read_line(path, number, line)
            if version.previous != previous or version.sealed().seal != version.seal:
                raise ConflictError(f"{path}:{number} was changed after it was written", "restore the manifest from a backup")
            previous = version.seal
            versions.append(version)
        return [each for each in versions if product in ("", each.product)]

    def in_force(self, product: str, day: date) -> Version | None:
        """Find the publication in force for a product on a day; None before the first."""
        return max((each for each in self.history(product) if each.effective <= day), key=lambda each: each.effective, default=None)

    def load(self, digest: str) -> Book:
        """Load a published book by its hash.

        Raises:
            NotFoundError: no book of that hash is published.
            ConflictError: its file was changed afterwards.
        """
        path = self.path_of(digest)
        book = load_book(path)
        if book.sha256 != digest:
            raise ConflictError(f"{path} was changed after it was published", "restore the file from a backup")
        return book

    def path_of(self, digest: str) -> Path:
        """Find the file of a published book.

        Raises:
            NotFoundError: no book of that hash is published.
        """
        known = {each.sha256: each.product for each in self.history()}
        if digest not in known:
            raise NotFoundError(f"no published book has the hash {digest}", "list them with: rules history")
        return self.folder / digest / f"{known[digest]}.yaml"

    def _keep(self, book: Book, content: bytes) -> None:
        folder = self.folder / book.sha256
        path = folder / f"{book.product}.yaml"
        if path.exists():
            return
        if sha256(content).hexdigest() != book.sha256:
            raise ConflictError(f"{book.file} changed while it was being published", "publish it again")
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        path.chmod(0o444)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one publish at a time."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = self.folder / _LOCK
        try:
            lock.touch(exist_ok=False)
        except FileExistsError:
            raise ConflictError(f"somebody else is publishing ({lock})", "try again; remove the file if nobody is") from None
        try:
            yield
        finally:
            lock.unlink()


def _two_people(approvers: tuple[str, str]) -> tuple[str, str]:
    one, two = (each.strip() for each in approvers)
    if not one or not two or one.casefold() == two.casefold():
        raise InputError(f"{one or two or 'nobody'} alone cannot publish a book", "let a second person approve it", field="approvers")
    return one, two


def _tested(path: Path) -> Book:
    book = load_book(path)
    failed = [each for each in run_tests(book) if not each.passed]
    if failed:
        raise RuleBookError(f"{path} fails {len(failed)} of its own tests, first {failed[0].name} ({failed[0].where})", "mend the book")
    return book


def _check_date(book: Book, own: list[Version], effective: date, today: date) -> None:
    if not own:
        return
    newest = max(own, key=lambda each: each.effective)
    if newest.sha256 == book.sha256:
        raise ConflictError(f"{book.product} is already published in this form, in force from {newest.effective}", "change the book first")
    if effective < today:
        raise ConflictError(f"{effective} lies in the past: decisions may stand on what was in force", f"take {today} or a later day")
    if effective <= newest.effective:
        raise ConflictError(
            f"{effective} does not follow {newest.effective}, from when the newest {book.product} is in force", "take a later day"
        )


def _read_line(path: Path, number: int, line: str) -> Version:
    try:
        raw = json.loads(line)
        days = {name: date.fromisoformat(raw[name]) for name in ("effective", "published_on")}
        one, two = raw["approvers"]
        return Version(raw["product"], raw["sha256"], days["effective"], (one, two), days["published_on"], raw["previous"], raw["seal"])
    except (ValueError, KeyError, TypeError) as error:
        raise ConflictError(f"{path}:{number} is no line of a manifest", "restore the manifest from a backup") from error


def _append(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")
        stream.flush()
        os.fsync(stream.fileno())
