"""The contract's wording (条文) behind an answer: that of the very book that gave it, by its hash, and nobody's copy of it."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from adjudicator.published import PublishedBooks
from domain.errors import MingbaiError
from domain.letter import Column, LetterTable, Section
from rules.clauses import find_clause
from rules.model import Clause
from storage.database import Transaction
from storage.decisions import Adjudication, PolicyAssessment

Wording = Mapping[str, Clause]
NONE: Wording = MappingProxyType({})
_COLUMNS = (Column("条款", 22), Column("原文", 78))


def wording_of(tx: Transaction, books: PublishedBooks, assessed: PolicyAssessment) -> Wording:
    """Give the clause texts of the book that answered for a policy.

    There are none where the book holds none, where the answer is older than the keeping of bases, and where this version of
    the program cannot read the book any more: a claim can be looked at, and its letter written, all the same.
    """
    answer = assessed.assessment
    if not assessed.base_hash:
        return NONE
    try:
        return books.load(tx, answer.product, answer.book_hash, assessed.base_hash).clauses
    except MingbaiError:
        return NONE


def wordings_of(tx: Transaction, books: PublishedBooks, done: Adjudication | None) -> dict[str, Wording]:
    """Give the clause texts behind an adjudication, by policy number."""
    return {each.policy_number: wording_of(tx, books, each) for each in (done.policies if done else ())}


def quote_clauses(cited: Iterable[tuple[PolicyAssessment, Iterable[str]]], wordings: Mapping[str, Wording]) -> Section:
    """Write what a letter cites as the contract reads, a table a policy; an empty section where nothing is known."""
    return Section("所引条款原文", tables=tuple(table for each, clauses in cited if (table := _quoted(each, clauses, wordings))))


def _quoted(assessed: PolicyAssessment, cited: Iterable[str], wordings: Mapping[str, Wording]) -> LetterTable | None:
    texts = wordings.get(assessed.policy_number, NONE)
    found = dict.fromkeys(clause for each in cited if (clause := find_clause(texts, each)))
    if not found:
        return None
    rows = tuple((each.number, each.text) for each in found)
    return LetterTable(f"保险单 {assessed.policy_number}（{assessed.assessment.plan}）", _COLUMNS, rows)
