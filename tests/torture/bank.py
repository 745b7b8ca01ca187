"""A program of its own: the sandbox bank on a bad day.

    python -m tests.torture.bank BOOK MISBEHAVIOUR          the misbehaviour as JSON; "forgets_keys" beside it

It tells its port on standard output, and goes on until standard input is closed.
"""

import json
import sys
from pathlib import Path

from sandbox.bank import SandboxBank
from sandbox.bank_book import BankBook, Booking, Transfer
from sandbox.misbehaviour import Misbehaviour


class ForgetfulBook(BankBook):
    """The book of a bank that books whatever comes, twice what comes twice, and only tells what it did first."""

    def book(self, idempotency_key: str, transfer: Transfer) -> Booking:
        number = 1
        while super().find(f"{idempotency_key}#{number}"):
            number += 1
        return super().book(f"{idempotency_key}#{number}", transfer)

    def find(self, idempotency_key: str) -> Booking | None:
        return super().find(f"{idempotency_key}#1")


def main(book: Path, told: dict[str, float]) -> None:
    forgets = told.pop("forgets_keys", False)
    bank = SandboxBank(book, Misbehaviour(**told))  # type: ignore[arg-type]  # JSON knows only numbers
    if forgets:
        bank.book = ForgetfulBook(book, bank.misbehaviour.rejected_suffix)
    bank.start()
    sys.stdout.write(f"{bank.url}\n")
    sys.stdout.flush()
    sys.stdin.read()
    bank.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))
