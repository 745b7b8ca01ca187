"""Payment orders (给付指令), and the port behind which a bank stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from domain.claim import Payee


@dataclass(frozen=True)
class PaymentOrder:
    """An order to pay: the key is deterministic, so that the same decision can never become two payments."""

    idempotency_key: str
    amount_fen: int
    payee: Payee
    purpose: str


class BankStatus(StrEnum):
    """What the bank says of a key."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    NOT_FOUND = "not_found"  # only an answer to a query
    PENDING = "pending"


@dataclass(frozen=True)
class BankAnswer:
    """The bank's answer to a payment or to a query."""

    status: BankStatus
    bank_reference: str = ""
    reason: str = ""


class Movement(StrEnum):
    """What a line of a bank's statement tells."""

    PAYMENT = "payment"
    RETURN = "return"  # 退票: money that went out and came back
    COLLECTION = "collection"  # 代扣: money that we took from a customer's account, as it was agreed
    RECEIPT = "receipt"  # 入账: a customer gives back what was paid too much


@dataclass(frozen=True)
class StatementLine:
    """One line of the bank's daily statement (银行对账单).

    A receipt has no key of ours: its key, or its reason (附言), holds the number of the claim that it is for.
    """

    movement: Movement
    idempotency_key: str
    bank_reference: str
    amount_fen: int
    reason: str = ""


class Bank(Protocol):
    """A bank that answers to idempotency keys."""

    is_idempotent: bool
    key_ttl_seconds: int

    def pay(self, order: PaymentOrder) -> BankAnswer:
        """Send an order.

        Raises:
            BankError: no answer, or none that can be understood; whether money moved is unknown.
        """
        ...

    def query(self, idempotency_key: str) -> BankAnswer:
        """Ask what became of a key.

        Raises:
            BankError: no answer, or none that can be understood.
        """
        ...

    def pay_batch(self, orders: Sequence[PaymentOrder]) -> Mapping[str, BankAnswer]:
        """Send many orders at once; the answers by key, in no order. A key that is missing was perhaps taken, perhaps not.

        Raises:
            BankError: no answer, or none that can be understood; what of it was taken is unknown.
        """
        ...

    def statement(self, day: date) -> tuple[StatementLine, ...]:
        """Give what moved on a day in China, in no order.

        Raises:
            BankError: no answer, or none that can be understood.
        """
        ...


class Collector(Protocol):
    """A bank that takes money from a customer's account (代扣); what became of a key is asked as of any other (`Bank.query`)."""

    def collect(self, order: PaymentOrder) -> BankAnswer:
        """Send an order to collect; the same key moves money once.

        Raises:
            BankError: no answer, or none that can be understood; whether money moved is unknown.
        """
        ...
