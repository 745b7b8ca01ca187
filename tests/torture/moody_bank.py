"""A bank for the state machine: it does what it is told to do next, and remembers what it really did."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.errors import BankError
from domain.payout import BankAnswer, BankStatus, Movement, PaymentOrder, StatementLine


@dataclass
class MoodyBank:
    """A bank that does what the next mood says; `book` is what really happened, whatever it answered."""

    is_idempotent: bool = True
    key_ttl_seconds: int = 604_800
    moods: list[str] = field(default_factory=list)
    book: dict[str, PaymentOrder] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)
    refused: set[str] = field(default_factory=set)
    late: dict[str, PaymentOrder] = field(default_factory=dict)
    returned: list[str] = field(default_factory=list)
    received: list[StatementLine] = field(default_factory=list)  # what customers gave back

    def pay(self, order: PaymentOrder) -> BankAnswer:
        key, mood = order.idempotency_key, self.moods.pop(0) if self.moods else "fair"
        if mood == "lost before":
            raise BankError("no answer")
        if mood == "late":
            self.late[key] = order
            raise BankError("no answer")
        if mood == "refused" and key not in self.book:
            self.refused.add(key)
        self._take(order)
        if mood == "lost after":
            raise BankError("no answer")
        return BankAnswer(BankStatus.PENDING) if mood == "pending" else self._answer(key)

    def query(self, idempotency_key: str) -> BankAnswer:
        answer = self._answer(idempotency_key)
        self.pay_late(idempotency_key)
        return answer

    def pay_batch(self, orders: Sequence[PaymentOrder]) -> dict[str, BankAnswer]:
        return {each.idempotency_key: self.pay(each) for each in orders}

    def statement(self, day: date) -> tuple[StatementLine, ...]:
        lines = [StatementLine(Movement.PAYMENT, key, reference_of(key), order.amount_fen) for key, order in self.book.items()]
        back = [StatementLine(Movement.RETURN, key, reference_of(key), self.book[key].amount_fen, "账户已销户") for key in self.returned]
        return (*lines, *back, *self.received)

    def pay_late(self, key: str) -> None:
        """Do after all what nobody heard of any more."""
        if order := self.late.pop(key, None):
            self._take(order)

    def give_back(self, key: str) -> None:
        """Give money back that had arrived, once."""
        if key not in self.returned:
            self.returned.append(key)

    def receive(self, amount_fen: int, words: str) -> StatementLine:
        """Take in what a customer gives back, with what they wrote beside it."""
        line = StatementLine(Movement.RECEIPT, "", f"IN-{len(self.received)}", amount_fen, words)
        self.received.append(line)
        return line

    def _take(self, order: PaymentOrder) -> None:
        key = order.idempotency_key
        if key in self.refused:
            return
        assert self.book.setdefault(key, order) == order, "one key, two orders"
        if self.times[key] == 0 or not self.is_idempotent:
            self.times[key] += 1

    def _answer(self, key: str) -> BankAnswer:
        if key in self.refused:
            return BankAnswer(BankStatus.REJECTED, reason="账号不存在")
        return BankAnswer(BankStatus.CONFIRMED, reference_of(key)) if key in self.book else BankAnswer(BankStatus.NOT_FOUND)


def reference_of(key: str) -> str:
    return f"BANK-{key[:12]}"
