"""How a command names a rule book: by its file, or by the hash of one that was published or proposed."""

from pathlib import Path

from adjudicator.published import PublishedBooks
from adjudicator.publishing import Candidate, candidate_of, find_version, kept_candidate
from domain.errors import InputError
from rules.medical_base import MedicalBase
from rules.written import Written, open_written, read_written
from storage import publications
from storage.database import Database

HELP = "A file, or the hash of a book in `rules history`; its first six characters will do."


def written_book(database: Database, books: PublishedBooks, named: str) -> Written:
    """Read the book that somebody named, each on its own medical base.

    Raises:
        RuleBookError: the file does not pass its checks.
        InputError, NotFoundError: neither a file, nor the hash of one book.
    """
    if is_file(named):
        return read_written(Path(named))
    with database.read() as tx:
        act = find_version(tx, named)
        return open_written(act.product, publications.find_content(tx, act.book_sha256), books.base(tx, act.base_sha256))


def named_candidate(database: Database, books: PublishedBooks, named: str, base: MedicalBase) -> Candidate:
    """Test the book that somebody named, a file on the medical base of today; raises as `written_book` and `candidate_of` do."""
    if is_file(named):
        path = Path(named)
        return candidate_of(path.stem, path.read_bytes(), base, named)
    with database.read() as tx:
        return kept_candidate(tx, books, find_version(tx, named))


def is_file(named: str) -> bool:
    """Tell whether a file is named, and not a hash.

    Raises:
        InputError: neither can be meant.
    """
    if Path(named).is_file():
        return True
    if set(named.lower()) <= set("0123456789abcdef"):
        return False
    raise InputError(f"{named} is no file and no hash of a book", "check the path, or take a hash from: rules history")
