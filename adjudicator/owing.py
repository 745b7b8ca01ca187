"""What a decided claim is still owed, or owes (应付与应收追偿): read off the ledger, and set off against each other.

After each booking that a decision or the bank brings, a claim either is owed something or owes something, never both.
"""

from storage import ledger
from storage.database import Transaction
from storage.ledger import Account


def payable_by_policy(tx: Transaction, claim_id: str) -> dict[str, int]:
    """Tell what is owed under each policy of a claim, in fen; below zero where more was paid than decided."""
    return {
        policy: -fen for (account, policy), fen in ledger.balances_of(tx, claim_id).items() if account is Account.CLAIMS_PAYABLE and fen
    }


def payable_fen(tx: Transaction, claim_id: str) -> int:
    """Tell what a claim is owed in all: decided, and not paid."""
    return sum(payable_by_policy(tx, claim_id).values())


def paid_fen(tx: Transaction, claim_id: str) -> int:
    """Tell what was given on a claim in all: by the bank or by offset, without what the bank or the customer gave back."""
    given = (Account.BANK, Account.CLAIMS_OFFSET)
    return -sum(fen for (account, _), fen in ledger.balances_of(tx, claim_id).items() if account in given)


def recoverable_fen(tx: Transaction, claim_id: str) -> int:
    """Tell what was paid on a claim and is, by a later decision, to be given back."""
    return sum(_by_policy(tx, claim_id, Account.CLAIMS_RECOVERABLE).values())


def take_in(tx: Transaction, claim_id: str, into: Account, amount_fen: int, event: str) -> None:
    """Book that a claim owes so much less, because it went into another account; at most what it owes."""
    _move(tx, claim_id, Account.CLAIMS_RECOVERABLE, into, amount_fen, event)


def pay_by_offset(tx: Transaction, claim_id: str, amount_fen: int, event: str) -> None:
    """Book that a claim is owed so much less, because another claim's receivable is set off against it; at most what it is owed."""
    rest = amount_fen
    for policy, fen in payable_by_policy(tx, claim_id).items():
        share = min(max(fen, 0), rest)
        ledger.book(tx, claim_id, policy, Account.CLAIMS_PAYABLE, Account.CLAIMS_OFFSET, share, event)
        rest -= share


def set_off(tx: Transaction, claim_id: str, event: str) -> int:
    """Set what a claim owes off against what it is owed, as one event; gives what is left to be paid, in fen.

    What was paid too much under one policy is set off against what is owed under another of the same claim: the customer
    gets one payment, or owes one sum. A receivable that was written off is taken up again as far as something is owed.
    """
    payable, recoverable = payable_by_policy(tx, claim_id), recoverable_fen(tx, claim_id)
    for policy, fen in payable.items():
        if fen < 0:
            ledger.book(tx, claim_id, policy, Account.CLAIMS_RECOVERABLE, Account.CLAIMS_PAYABLE, -fen, event)
            recoverable -= fen
    recoverable += _restore(tx, claim_id, sum(max(fen, 0) for fen in payable.values()) - recoverable, event)
    due = 0
    for policy, fen in payable.items():
        taken = min(max(fen, 0), recoverable)
        ledger.book(tx, claim_id, policy, Account.CLAIMS_PAYABLE, Account.CLAIMS_RECOVERABLE, taken, event)
        recoverable -= taken
        due += max(fen, 0) - taken
    return due


def _restore(tx: Transaction, claim_id: str, wanted_fen: int, event: str) -> int:
    """Take what was written off up again, at most `wanted_fen`; gives how much."""
    written_off = sum(_by_policy(tx, claim_id, Account.CLAIMS_WRITTEN_OFF).values())
    restored = max(0, min(wanted_fen, written_off))
    _move(tx, claim_id, Account.CLAIMS_WRITTEN_OFF, Account.CLAIMS_RECOVERABLE, restored, f"restored {event}")
    return restored


def _move(tx: Transaction, claim_id: str, from_: Account, into: Account, amount_fen: int, event: str) -> None:
    rest = amount_fen
    for policy, fen in _by_policy(tx, claim_id, from_).items():
        share = min(max(fen, 0), rest)
        ledger.book(tx, claim_id, policy, into, from_, share, event)
        rest -= share


def _by_policy(tx: Transaction, claim_id: str, account: Account) -> dict[str, int]:
    return {policy: fen for (each, policy), fen in ledger.balances_of(tx, claim_id).items() if each is account}
