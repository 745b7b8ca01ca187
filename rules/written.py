"""A book together with its text: what two versions are compared by."""

from dataclasses import dataclass
from pathlib import Path

from rules.loader import load_book, open_book, read_source
from rules.medical_base import MedicalBase, shipped_base
from rules.model import Book
from rules.source import Source
from rules.translate import translate_source


@dataclass(frozen=True)
class Written:
    """A book, its text, and the medical base that it was read with."""

    book: Book
    source: Source
    base: MedicalBase

    def source_as_in(self, other: Book) -> Source:
        """Give the text in the keyword language of another book, so that only what it says is compared."""
        if self.book.language == other.language:
            return self.source
        return Source.of(self.source.file, translate_source(self.book.product, self.source, other.language, self.base))


def read_written(path: Path) -> Written:
    """Read a book's file, on the shipped medical base.

    Raises:
        RuleBookError: it does not pass its checks.
    """
    return Written(load_book(path), read_source(path), shipped_base())


def open_written(product: str, content: bytes, base: MedicalBase) -> Written:
    """Read a book from bytes that were kept of it; raises as `read_written` does."""
    book = open_book(product, content, base)
    return Written(book, Source.of(book.file, content.decode("utf-8-sig")), base)
