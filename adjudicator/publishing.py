"""Publishing (发布): a tested book becomes what decides, from a day on, by the signatures of two people.

The first who signs proposes it and counts as its author; somebody else approves it. What comes with the release is shipped
once, before anything else, and signed by nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from adjudicator.published import PublishedBooks
from adjudicator.simulating import FIRST_DAY, LAST_DAY
from domain.china import china_day
from domain.decision import Actor
from domain.errors import ConflictError, InputError, NotAllowedError, NotFoundError, RuleBookError
from domain.money import format_fen
from rules.inline_tests import run_tests
from rules.loader import open_book
from rules.medical_base import MedicalBase
from rules.model import Book
from rules.phrases import Phrase
from storage import publications, simulations
from storage.access import Staff
from storage.database import Database, Transaction
from storage.publications import Act, BookAct
from storage.simulations import Simulation

PUBLISHERS = ("actuary",)
SHIPPED_FROM = date(2000, 1, 1)  # earlier than any loss, because contracts may be older than this database
RELEASE = Actor("mingbai", "release")
_SHORTEST = 6  # characters of a hash that somebody may write instead of all


@dataclass(frozen=True)
class Version:
    """A book for a day, as the chain tells it: `approval` is None while it waits for the second signature, or when it was shipped."""

    act: BookAct
    approval: BookAct | None

    @property
    def is_shipped(self) -> bool:
        """Tell whether it came with the release."""
        return self.act.act is Act.SHIPPED

    @property
    def signatures(self) -> tuple[BookAct, ...]:
        """List the acts of people, in order: none of a book that was shipped."""
        return () if self.is_shipped else (self.act,) if self.approval is None else (self.act, self.approval)

    @property
    def counts(self) -> BookAct | None:
        """Give the act by which it counts; None while it waits."""
        return self.act if self.is_shipped else self.approval


@dataclass(frozen=True)
class Candidate:
    """A book that passed its checks and its own tests, with the bytes and the base it passed them by."""

    book: Book
    content: bytes
    base: MedicalBase


def candidate_of(product: str, content: bytes, base: MedicalBase, label: str = "") -> Candidate:
    """Load a book and run its tests; `label` is what messages call it, product@hash when there is none.

    Raises:
        RuleBookError: the book does not pass its checks, one of its tests fails, or a plan has none.
    """
    book = open_book(product, content, base, label)
    untested = [name for name, plan in book.plans.items() if not plan.tests]
    if untested:
        what = Phrase("plan {plan} of {file} has no test, so nobody can tell what it pays", plan=untested[0], file=book.file)
        raise RuleBookError(what, Phrase("write at least one"))
    failed = [each for each in run_tests(book) if not each.passed]
    if failed:
        first = failed[0]
        what = Phrase(
            "{file} fails {count} of its own tests, first {test} ({place})",
            file=book.file,
            count=len(failed),
            test=first.name,
            place=first.where,
        )
        raise RuleBookError(what, Phrase("mend the book"))
    return Candidate(book, content, base)


def ship(database: Database, paths: Sequence[Path], base: MedicalBase) -> tuple[BookAct, ...]:
    """Publish what came with the release, on a medical base, unless anything is published or proposed already.

    Raises:
        RuleBookError: one of the books does not pass its checks or its tests; then none is shipped.
    """
    with database.read() as tx:
        if publications.acts(tx):
            return ()
    candidates = [candidate_of(path.stem, path.read_bytes(), base, str(path)) for path in paths]
    with database.write() as tx:
        publications.queue_up(tx)
        if publications.acts(tx):  # another process that started with this one was faster
            return ()
        return tuple(_add(tx, Act.SHIPPED, RELEASE, each, SHIPPED_FROM) for each in candidates)


def propose(database: Database, candidate: Candidate, effective: date, staff: Staff, today: date | None = None) -> BookAct:
    """Sign a book as the first of two. It changes nothing until somebody else approves it.

    A product's first book may take effect in the past, since its contracts may be older than this database; any later one
    takes effect today or later. `today` is the day in China by the database's clock.

    Raises:
        NotAllowedError: a role that does not publish.
        ConflictError: the date lies in the past, or this very book is in force on it already.
    """
    _check_role(staff)
    with database.write() as tx:
        publications.queue_up(tx)
        _check_date(tx, candidate.book, candidate.base.sha256, effective, today or china_day(tx.now_ms()))
        return _add(tx, Act.PROPOSED, Actor(staff.user_name, staff.role), candidate, effective)


def approve(
    database: Database, books: PublishedBooks, digest: str, staff: Staff, today: date | None = None, impact_fen: int | None = None
) -> BookAct:
    """Sign a proposed book, named by its hash or the beginning of it, as the second of two: from its day on it is in force.

    It is tested once more first, as it was kept. With `impact_fen`, the book must have been simulated over all decided
    claims, and beyond a change of that much either way the second person's own authority must reach as far.

    Raises:
        NotFoundError: no book of that hash waits.
        NotAllowedError: a role that does not publish, or the person who proposed it, or the change is beyond their authority.
        ConflictError: its day has gone by, this very book is in force on it already, or nobody knows what it costs.
    """
    _check_role(staff)
    with database.read() as tx:
        waiting = _waiting(tx, digest)
        if waiting.actor == staff.user_name:
            told = f"{staff.user_name} proposed {waiting.product} {waiting.book_sha256[:12]} and cannot be its second person, too"
            raise NotAllowedError(told, f"let somebody else sign: rules approve {waiting.book_sha256[:12]} --as NAME")
        candidate = kept_candidate(tx, books, waiting)
        if impact_fen is not None:
            _check_impact(tx, waiting, staff, impact_fen)
    with database.write() as tx:
        publications.queue_up(tx)
        if _waiting(tx, digest) != waiting:
            raise ConflictError(f"{waiting.product} {waiting.book_sha256[:12]} was proposed anew in between", "look again: rules history")
        _check_date(tx, candidate.book, waiting.base_sha256, waiting.effective, today or china_day(tx.now_ms()))
        actor = Actor(staff.user_name, staff.role)
        return _add(tx, Act.APPROVED, actor, candidate, waiting.effective, proposal=waiting.seq)


def impact_of(tx: Transaction, proposal: BookAct) -> Simulation | None:
    """Give the newest simulation of a proposed book over all decided claims, against what is in force on its day."""
    before = publications.in_force(tx, [proposal.product], proposal.effective).get(proposal.product)
    if before is None:
        return None
    return simulations.find_whole(tx, proposal.product, before.book_sha256, proposal.book_sha256, FIRST_DAY, LAST_DAY)


def in_force_now(tx: Transaction, product: str) -> BookAct | None:
    """Find the act by which a book of a product is in force today in China; None while there is none."""
    return publications.in_force(tx, [product], china_day(tx.now_ms())).get(product)


def _check_impact(tx: Transaction, waiting: BookAct, staff: Staff, impact_fen: int) -> None:
    if not publications.in_force(tx, [waiting.product], waiting.effective):
        return  # the first book of a product changes nothing
    run = impact_of(tx, waiting)
    if run is None or run.change_fen is None:
        told = f"nobody knows what {waiting.product} {waiting.book_sha256[:12]} costs: it was not simulated over all decided claims"
        raise ConflictError(told, "simulate it first, without bounds: rules simulate, or on its page")
    most_fen = max(impact_fen, staff.authority_fen)
    if abs(run.change_fen) > most_fen:
        told = f"it changes {format_fen(run.change_fen)}, and {staff.user_name} may sign up to {format_fen(most_fen)}"
        raise NotAllowedError(told, "let somebody sign whose authority reaches so far: staff add NAME --role actuary --authority AMOUNT")


def versions(tx: Transaction, product: str = "") -> tuple[Version, ...]:
    """List shipped, proposed and published books in the order they came.

    Raises:
        ConflictError: the chain was changed afterwards.
    """
    broken = publications.find_break(tx)
    if broken:
        raise ConflictError(broken, "restore table book_act from a backup")
    chain = publications.acts(tx, product)
    approvals = {each.proposal: each for each in chain if each.act is Act.APPROVED}
    return tuple(Version(each, approvals.get(each.seq)) for each in chain if each.act is not Act.APPROVED)


def find_version(tx: Transaction, digest: str) -> BookAct:
    """Find a book that was ever shipped or proposed by its hash, or the beginning of it; the newest when it came several times.

    Raises:
        NotFoundError: there is none.
        InputError: the beginning is too short, or fits several books.
    """
    return _by_hash(publications.acts(tx), digest, f"no book was ever published or proposed under the hash {digest}")


def kept_candidate(tx: Transaction, books: PublishedBooks, act: BookAct) -> Candidate:
    """Test a kept book once more, on the base it had; raises as `candidate_of` does. So an earlier one comes back."""
    return candidate_of(act.product, publications.find_content(tx, act.book_sha256), books.base(tx, act.base_sha256))


def _waiting(tx: Transaction, digest: str) -> BookAct:
    waiting = tuple(each.act for each in versions(tx) if each.counts is None)
    return _by_hash(waiting, digest, f"no book waits for a second person under the hash {digest}")


def _by_hash(acts: Sequence[BookAct], digest: str, otherwise: str) -> BookAct:
    if len(digest) < _SHORTEST:
        raise InputError(f"{digest!r} is too short for a hash", f"write at least its first {_SHORTEST} characters: rules history")
    found = [each for each in acts if each.book_sha256.startswith(digest.lower())]
    if not found:
        raise NotFoundError(otherwise, "see rules history")
    if len({each.book_sha256 for each in found}) > 1:
        raise InputError(f"several books have a hash that begins with {digest}", "write more of it")
    return found[-1]


def _check_role(staff: Staff) -> None:
    if staff.role not in PUBLISHERS:
        raise NotAllowedError(f"{staff.user_name} is {staff.role} and may not publish books", "it takes one of: " + ", ".join(PUBLISHERS))


def _check_date(tx: Transaction, book: Book, base_sha256: str, effective: date, today: date) -> None:
    own = [each for each in publications.acts(tx, book.product) if each.act is not Act.PROPOSED]
    if own and effective < today:
        raise ConflictError(
            f"{effective} lies in the past: decisions may stand on what was in force", f"propose it for {today} or a later day"
        )
    now = publications.in_force(tx, [book.product], effective).get(book.product)
    if now and now.book_sha256 == book.sha256 and (not book.base or now.base_sha256 == base_sha256):
        raise ConflictError(
            f"{book.product} {book.sha256[:12]} is in force on {effective} already, from {now.effective} on",
            "see what is in force: rules history",
        )


def _add(tx: Transaction, act: Act, actor: Actor, candidate: Candidate, effective: date, proposal: int | None = None) -> BookAct:
    book_sha256, base_sha256 = publications.keep(tx, candidate.content), publications.keep(tx, candidate.base.content)
    return publications.add_act(tx, act, actor, candidate.book.product, book_sha256, base_sha256, effective, proposal)
