"""The books that decide (已发布条款书): read from the database by content hash, compiled once, and never from a file.

Which book is in force is asked in the transaction of the claim itself, so a running server sees a new one at once, and
one claim never mixes two.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from domain.china import china_day
from domain.errors import NotFoundError
from rules.loader import open_book
from rules.medical_base import MedicalBase, open_medical_base
from rules.model import Book
from storage import publications
from storage.database import Transaction


@dataclass(frozen=True)
class InForce:
    """A book, and the medical base it was published with."""

    book: Book
    base_sha256: str


class PublishedBooks:
    """What was compiled so far; a hash always means the same, so nothing of it ever grows old."""

    def __init__(self) -> None:
        """Begin with nothing compiled."""
        self._books: dict[tuple[str, str, str], Book] = {}
        self._bases: dict[str, MedicalBase] = {}

    @property
    def compiled(self) -> frozenset[tuple[str, str, str]]:
        """Tell what is compiled: product, hash of the book, hash of the base."""
        return frozenset(self._books)

    def in_force(self, tx: Transaction, products: Collection[str], day: date) -> dict[str, InForce]:
        """Give the books in force on a day, by product; a product that had none is not among them.

        Raises:
            RuleBookError: a book does not load any more, by this version of the program.
        """
        found = tx.once(("in force", frozenset(products), day), lambda: publications.in_force(tx, products, day))
        return {name: InForce(self.load(tx, name, each.book_sha256, each.base_sha256), each.base_sha256) for name, each in found.items()}

    def load(self, tx: Transaction, product: str, book_sha256: str, base_sha256: str) -> Book:
        """Load a book by its hash, on the base of a hash, in force or not; raises as `in_force` does.

        Raises:
            NotFoundError: one of the two is not kept.
            ConflictError: one of the two was changed afterwards.
        """
        key = (product, book_sha256, base_sha256)
        if key not in self._books:
            self._books[key] = open_book(product, publications.find_content(tx, book_sha256), self.base(tx, base_sha256))
        return self._books[key]

    def load_all(self, tx: Transaction) -> None:
        """Compile every book that is in force or will be, so that the first claim does not wait and a fault shows at the start."""
        today = china_day(tx.now_ms())
        products = {each.product for each in publications.acts(tx)}
        self.in_force(tx, products, today)
        for each in publications.acts(tx):
            if each.act is not publications.Act.PROPOSED and each.effective > today:
                self.load(tx, each.product, each.book_sha256, each.base_sha256)

    def base(self, tx: Transaction, digest: str) -> MedicalBase:
        """Give the medical base of a hash; raises as `load` does."""
        if digest not in self._bases:
            self._bases[digest] = open_medical_base(publications.find_content(tx, digest))
        return self._bases[digest]


def missing_book(tx: Transaction, product: str, policy_number: str, day: date) -> NotFoundError:
    """Say why no book can answer for a policy: never published, or in force only later."""
    later = [each.effective for each in publications.acts(tx, product) if each.act is not publications.Act.PROPOSED]
    told = f"its first is in force from {min(later)}" if later else "none was ever published"
    return NotFoundError(
        f"policy {policy_number} has no rule book of {product!r} on {day}: {told}",
        "publish one: rules publish BOOK --effective DAY --as NAME",
    )
