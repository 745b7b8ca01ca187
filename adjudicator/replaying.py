"""Replay of a stored decision: the very book on the very medical base, both by hash, and the answer compared bit for bit."""

from collections.abc import Mapping

from adjudicator.published import PublishedBooks
from domain.errors import InputError, NotFoundError
from rules.model import Book
from rules.replay import Snapshot, differences, replay
from storage import publications
from storage.database import Transaction
from storage.history import DecidedClaim, DecidedPolicy


def replay_decision(tx: Transaction, books: PublishedBooks, claim: DecidedClaim, brought: Mapping[str, Book] = {}) -> list[str]:
    """List where a decision, worked out again, differs from what was stored; empty when it is equal in every bit.

    `brought` are books by hash, for decisions that are older than the keeping of books.

    Raises:
        InputError: the limits used before were not stored with so old a decision.
        NotFoundError: its book, or the base of it, was never kept.
    """
    missing = [each.policy_number for each in claim.policies if each.used is None]
    if missing:
        raise InputError(
            f"the decision of {claim.claim_id} is older than the storing of limits used before", "it cannot be proven by replay"
        )
    snapshots = [_snapshot(each, _book_of(tx, books, each, brought)) for each in claim.policies]
    return differences(tuple(each.assessment for each in claim.policies), replay(snapshots))


def _snapshot(policy: DecidedPolicy, book: Book) -> Snapshot:
    cost = policy.shared_cost
    shared = None if cost is None else (cost.charged_fen, cost.paid_by_others_fen)
    return Snapshot(policy.policy_number, policy.assessment.plan, book, policy.elements, policy.used or {}, shared)


def _book_of(tx: Transaction, books: PublishedBooks, policy: DecidedPolicy, brought: Mapping[str, Book]) -> Book:
    product, digest = policy.assessment.product, policy.book_hash
    if policy.base_hash:
        return books.load(tx, product, digest, policy.base_hash)
    if digest in brought:
        return brought[digest]
    act = next((each for each in publications.acts(tx, product) if each.book_sha256 == digest), None)
    if act is None:
        raise NotFoundError(
            f"the decision is older than the keeping of books, and {product} {digest} was never published",
            "bring that version of the file with --book",
        )
    return books.load(tx, product, digest, act.base_sha256)  # the base it was kept with first: none was stored with the decision
