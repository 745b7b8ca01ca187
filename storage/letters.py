"""Letters: which are to be printed, and the hash of each that was; the bytes lie in the blob store."""

from dataclasses import dataclass

from sqlalchemy import insert, literal_column, select, update

from domain.letter import LetterFormat, LetterKind
from storage import tables as t
from storage.database import Transaction

# Written into the statement, not bound to it: a planner takes a partial index only when it sees that the condition holds.
_IS_OPEN = t.notice.c.letter_due_ms.is_not(literal_column("NULL"))


@dataclass(frozen=True)
class LetterFile:
    """One letter in one format, by the hash of its bytes."""

    letter_id: str
    format: LetterFormat
    claim_id: str
    round: int
    kind: LetterKind
    notice_id: str
    sha256: str
    size_bytes: int
    created_ms: int = 0  # given by the database


def lease_due(tx: Transaction, lease_ms: int, limit: int) -> tuple[tuple[str, str], ...]:
    """Take the oldest notices whose letters are to be printed, and hold them: the number of each claim and notice."""
    n, now = t.notice.c, tx.now_ms()
    due = select(n.notice_id).where(_IS_OPEN, n.letter_due_ms <= now).order_by(n.letter_due_ms).limit(limit)
    found = tx.connection.execute(due.with_for_update(skip_locked=True)).scalars().all()
    if not found:
        return ()
    held = update(t.notice).where(n.notice_id.in_(found)).values(letter_due_ms=now + lease_ms).returning(n.claim_id, n.notice_id)
    return tuple(sorted((row.claim_id, row.notice_id) for row in tx.connection.execute(held)))


def due_of(tx: Transaction, claim_id: str) -> tuple[str, ...]:
    """List a claim's notices whose letters are not all printed, whoever holds them."""
    n = t.notice.c
    return tuple(tx.connection.execute(select(n.notice_id).where(n.claim_id == claim_id, _IS_OPEN).order_by(n.notice_id)).scalars())


def has_due(tx: Transaction) -> bool:
    """Tell whether a letter is to be printed now; a look that locks nothing."""
    n = t.notice.c
    return tx.connection.execute(select(n.notice_id).where(_IS_OPEN, n.letter_due_ms <= tx.now_ms()).limit(1)).first() is not None


def put_off(tx: Transaction, notice_id: str, by_ms: int | None) -> None:
    """Have a notice's letters printed again later, or never again (None): they are all there."""
    later = None if by_ms is None else tx.now_ms() + by_ms
    tx.connection.execute(update(t.notice).where(t.notice.c.notice_id == notice_id).values(letter_due_ms=later))


def add_letter(tx: Transaction, file: LetterFile) -> bool:
    """Write that a letter was printed; False when it stands there already. The claim is locked, so that nobody else adds to it."""
    c = t.letter.c
    known = select(c.sha256).where(c.letter_id == file.letter_id, c.format == file.format)
    if tx.connection.execute(known).first() is not None:
        return False
    tx.connection.execute(insert(t.letter).values(**{**vars(file), "created_ms": tx.now_ms()}))
    return True


def letters_of(tx: Transaction, claim_id: str) -> tuple[LetterFile, ...]:
    """List a claim's letters, oldest first; the files of one letter follow each other."""
    c = t.letter.c
    rows = tx.connection.execute(
        select(t.letter).where(c.claim_id == claim_id).order_by(c.round, c.notice_id, c.kind.desc(), c.format.desc())
    )
    return tuple(LetterFile(**{**row._mapping, "format": LetterFormat(row.format), "kind": LetterKind(row.kind)}) for row in rows)
