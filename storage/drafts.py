"""Drafts of rule books (草案): one for each person and product, saved with a version, so that nobody overwrites anybody.

A draft decides nothing; what is published is the bytes that somebody proposed (storage/publications.py).
"""

from dataclasses import dataclass

from sqlalchemy import Row, delete, insert, select, update

from domain.errors import ConflictError, NotFoundError, StaleVersionError
from storage import tables as t
from storage.database import Transaction


@dataclass(frozen=True)
class Draft:
    """What somebody is writing: `begun_from` is the hash of the book it began as, "" for a new product."""

    product: str
    author: str
    text: str
    begun_from: str
    version: int  # from 1
    saved_ms: int

    @property
    def content(self) -> bytes:
        """The bytes that are checked, simulated and published."""
        return self.text.encode()


def begin_draft(tx: Transaction, product: str, author: str, text: str, begun_from: str) -> Draft:
    """Begin a draft.

    Raises:
        ConflictError: this person has one of this product already.
    """
    if find_draft(tx, product, author) is not None:
        raise ConflictError(f"{author} has a draft of {product} already", "go on with it, or discard it first")
    draft = Draft(product, author, text, begun_from, 1, tx.now_ms())
    tx.connection.execute(insert(t.book_draft).values(**vars(draft)))
    return draft


def save_draft(tx: Transaction, product: str, author: str, text: str, version: int) -> Draft:
    """Save a draft over the version that its writer saw.

    Raises:
        NotFoundError: it was discarded in between.
        StaleVersionError: it was saved in between, in another window.
    """
    found = get_draft(tx, product, author)
    c = t.book_draft.c
    changed = tx.connection.execute(
        update(t.book_draft)
        .where(c.product == product, c.author == author, c.version == version)
        .values(text=text, version=version + 1, saved_ms=tx.now_ms())
    )
    if changed.rowcount != 1:
        told = f"the draft of {product} by {author} was saved in another window: it is version {found.version}, not {version}"
        raise StaleVersionError(told, "copy your text, reload the page, and put both together")
    return get_draft(tx, product, author)


def discard_draft(tx: Transaction, product: str, author: str) -> None:
    """Throw a draft away."""
    c = t.book_draft.c
    tx.connection.execute(delete(t.book_draft).where(c.product == product, c.author == author))


def find_draft(tx: Transaction, product: str, author: str) -> Draft | None:
    """Give a draft; None when there is none."""
    c = t.book_draft.c
    row = tx.connection.execute(select(t.book_draft).where(c.product == product, c.author == author)).one_or_none()
    return _draft_of(row) if row else None


def get_draft(tx: Transaction, product: str, author: str) -> Draft:
    """Give a draft.

    Raises:
        NotFoundError: there is none.
    """
    found = find_draft(tx, product, author)
    if found is None:
        raise NotFoundError(f"{author} has no draft of {product}", "begin one on the page of the book")
    return found


def list_drafts(tx: Transaction, product: str = "") -> tuple[Draft, ...]:
    """List the drafts of a product, or all, by product and author."""
    c = t.book_draft.c
    statement = select(t.book_draft).order_by(c.product, c.author)
    return tuple(map(_draft_of, tx.connection.execute(statement.where(c.product == product) if product else statement)))


def _draft_of(row: Row[tuple[object, ...]]) -> Draft:
    return Draft(**row._mapping)
