"""Proving the ledger of policies: each pair is one that its kind may be, and no loan, debt or account goes below nothing."""

from collections.abc import Iterator

from domain.contract import PAIRS, PolicyAccount
from domain.money import format_fen
from storage.database import Database
from storage.policy_ledger import PolicyBooks, page_of_books

_PAGE = 500
# What may never be negative, with the sign that its balance has when debits are positive.
_NEVER_NEGATIVE = {
    PolicyAccount.POLICY_LOAN: (1, "more was repaid than lent"),
    PolicyAccount.BENEFIT_PAYABLE: (-1, "more was paid than was due"),
    PolicyAccount.UNIVERSAL_ACCOUNT: (-1, "more was taken out of the account than put in"),
}


def iter_books(database: Database) -> Iterator[PolicyBooks]:
    """Walk through the books of all policies, page by page."""
    after, full = "", True
    while full:
        with database.read() as tx:
            page = page_of_books(tx, after, _PAGE)
        yield from page
        after, full = page[-1].policy_number if page else "", len(page) == _PAGE


def verify_policy(books: PolicyBooks) -> list[str]:
    """List what does not agree in the books of one policy; empty when everything does."""
    return [f"policy {books.policy_number}: {difference}" for difference in (*_wrong_pairs(books), *_below_nothing(books))]


def _wrong_pairs(books: PolicyBooks) -> Iterator[str]:
    for entry, (debit, credit) in zip(books.entries, books.accounts, strict=True):
        if (debit, credit) != PAIRS[entry.kind]:
            yield f"{entry.event} is {entry.kind} and moves {format_fen(entry.amount_fen)} from {credit} to {debit}"


def _below_nothing(books: PolicyBooks) -> Iterator[str]:
    """Go through the days in their order, so that what was wrong only for a while is found, too."""
    sums = dict.fromkeys(_NEVER_NEGATIVE, 0)
    told: set[PolicyAccount] = set()
    for place, (entry, accounts) in enumerate(zip(books.entries, books.accounts, strict=True)):
        for account, sign in zip(accounts, (1, -1), strict=True):
            if account in sums:
                sums[PolicyAccount(account)] += sign * entry.amount_fen
        is_last = place + 1 == len(books.entries) or books.entries[place + 1].value_date > entry.value_date
        for account, (sign, what) in _NEVER_NEGATIVE.items() if is_last else ():
            if sign * sums[account] < 0 and account not in told:
                told.add(account)
                yield f"{what} by {entry.value_date}: {format_fen(abs(sums[account]))}"
