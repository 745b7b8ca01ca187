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
    """Tell what the bank has paid on a claim in all, without what it gave back."""
    return -sum(fen for (account, _), fen in ledger.balances_of(tx, claim_id).items() if account is Account.BANK)


def recoverable_fen(tx: Transaction, claim_id: str) -> int:
    """Tell what was paid on a claim and is, by a later decision, to be given back."""
    return sum(fen for (account, _), fen in ledger.balances_of(tx, claim_id).items() if account is Account.CLAIMS_RECOVERABLE)


def set_off(tx: Transaction, claim_id: str, event: str) -> int:
    """Set what a claim owes off against what it is owed, as one event; gives what is left to be paid, in fen.

    What was paid too much under one policy is set off against what is owed under another of the same claim: the customer
    gets one payment, or owes one sum.
    """
    payable, recoverable = payable_by_policy(tx, claim_id), recoverable_fen(tx, claim_id)
    for policy, fen in payable.items():
        if fen < 0:
            ledger.book(tx, claim_id, policy, Account.CLAIMS_RECOVERABLE, Account.CLAIMS_PAYABLE, -fen, event)
            recoverable -= fen
    due = 0
    for policy, fen in payable.items():
        taken = min(max(fen, 0), recoverable)
        ledger.book(tx, claim_id, policy, Account.CLAIMS_PAYABLE, Account.CLAIMS_RECOVERABLE, taken, event)
        recoverable -= taken
        due += max(fen, 0) - taken
    return due
