"""Rule books in force: their bytes under their hashes, and one chain of acts (shipped, proposed, approved) over all products.

A book is in force for a product from a day on when it was shipped or approved for that day; of two for the same day the
later act counts. Every act holds the hash of the one before it, and the database refuses to change or delete any.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Row, bindparam, insert, select, text
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain.decision import Actor
from domain.errors import ConflictError, NotFoundError
from storage import tables as t
from storage.audit import GENESIS
from storage.codec import sha256_of
from storage.database import Transaction

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(6467767)")  # any number but that of migrate.py


class Act(StrEnum):
    """What somebody did with a book."""

    SHIPPED = "shipped"  # nobody signed: it came with the release, and was there before anybody could
    PROPOSED = "proposed"  # the first signature
    APPROVED = "approved"  # the second: from now on it counts


@dataclass(frozen=True)
class BookAct:
    """One act: who, when, which book on which medical base, for which day. `proposal` is the act that an approval approves."""

    seq: int
    at_ms: int
    actor: str
    actor_role: str
    act: Act
    product: str
    book_sha256: str
    base_sha256: str
    effective: date
    proposal: int | None
    previous_hash: str
    hash: str


def keep(tx: Transaction, content: bytes) -> str:
    """Keep bytes under their hash, for good; gives the hash. The same bytes again change nothing."""
    digest = hashlib.sha256(content).hexdigest()
    insert_ = sqlite_insert if tx.connection.dialect.name == "sqlite" else postgres_insert
    row = {"sha256": digest, "content": content, "kept_ms": tx.now_ms()}
    tx.connection.execute(insert_(t.rule_content).values(**row).on_conflict_do_nothing(index_elements=["sha256"]))
    return digest


def find_content(tx: Transaction, digest: str) -> bytes:
    """Give what was kept under a hash.

    Raises:
        NotFoundError: nothing was.
        ConflictError: it was changed afterwards.
    """
    c = t.rule_content.c
    content: bytes | None = tx.connection.execute(select(c.content).where(c.sha256 == digest)).scalar_one_or_none()
    if content is None:
        raise NotFoundError(f"nothing is kept under the hash {digest}", "list what was published: rules history")
    if hashlib.sha256(content).hexdigest() != digest:
        raise ConflictError(f"what is kept under the hash {digest} was changed afterwards", "restore table rule_content from a backup")
    return content


def queue_up(tx: Transaction) -> None:
    """Let one transaction add acts at a time; whoever looks before it adds, looks after this."""
    if tx.connection.dialect.name != "sqlite":  # SQLite lets only one write anyway
        tx.connection.execute(_ONE_AT_A_TIME)


def add_act(
    tx: Transaction, act: Act, actor: Actor, product: str, book_sha256: str, base_sha256: str, effective: date, proposal: int | None = None
) -> BookAct:
    """Add an act to the chain; both hashes are kept already."""
    queue_up(tx)
    a = t.book_act.c
    last = tx.connection.execute(select(a.seq, a.hash).order_by(a.seq.desc()).limit(1)).one_or_none()
    bare = BookAct(
        seq=last.seq + 1 if last else 1,
        at_ms=tx.now_ms(),
        actor=actor.name,
        actor_role=actor.role,
        act=act,
        product=product,
        book_sha256=book_sha256,
        base_sha256=base_sha256,
        effective=effective,
        proposal=proposal,
        previous_hash=last.hash if last else GENESIS,
        hash="",
    )
    row = vars(bare) | {"hash": _hash_of(bare)}
    tx.connection.execute(insert(t.book_act).values(**row))
    tx.forget("in force")
    return BookAct(**row)


def acts(tx: Transaction, product: str = "") -> tuple[BookAct, ...]:
    """Read the chain, oldest first; only the acts of one product when it is named."""
    a = t.book_act.c
    statement = select(t.book_act).order_by(a.seq)
    return tuple(map(_act_of, tx.connection.execute(statement.where(a.product == product) if product else statement)))


def in_force(tx: Transaction, products: Collection[str], day: date) -> dict[str, BookAct]:
    """Find what is in force on a day, by product: one look, so that all of it is of one moment."""
    found = tx.find(_IN_FORCE, {"of_products": list(products), "by_day": day})
    return {row.product: _act_of(row) for row in found}  # the last of a product stays


_A = t.book_act.c
_WAS_MADE = (
    _A.act.in_((Act.SHIPPED, Act.APPROVED)),
    _A.product.in_(bindparam("of_products", expanding=True)),
    _A.effective <= bindparam("by_day"),
)
_IN_FORCE = select(t.book_act).where(*_WAS_MADE).order_by(_A.effective, _A.seq)


def find_break(tx: Transaction) -> str | None:
    """Check the chain: None when it holds, else a sentence that names the first broken place."""
    previous = GENESIS
    for expected_seq, each in enumerate(acts(tx), start=1):
        if each.seq != expected_seq or each.previous_hash != previous or _hash_of(each) != each.hash:
            return f"the chain of published books is broken at act {expected_seq}"
        previous = each.hash
    return None


def _act_of(row: Row[tuple[object, ...]]) -> BookAct:
    return BookAct(**{**row._mapping, "act": Act(row.act)})


def _hash_of(act: BookAct) -> str:
    return sha256_of({name: value for name, value in vars(act).items() if name != "hash"})
