"""What an act is given: a policy as it stands, an item, and what the customer wrote."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from actuarial.loans import split_repayment
from domain.contract import Contract, EntryKind, PolicyAccount, PolicyEntry, balance_of
from domain.errors import ConflictError
from domain.money import parse_fen
from domain.policy import Person
from domain.servicing import ServicingItem
from domain.terms import LoanTerms, ProductTerms, UniversalTerms
from policy.facts import Look

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Asked:
    """A customer's wish under an item; its fields have passed their checks."""

    transaction_id: str
    look: Look
    item: ServicingItem
    fields: Mapping[str, str]
    person: Person

    @property
    def day(self) -> date:
        """The day from which it counts."""
        return self.look.day

    @property
    def amount_fen(self) -> int:
        """What was written into the field `amount`."""
        return parse_fen(self.fields["amount"])

    @property
    def contract(self) -> Contract:
        """The contract; conditions have seen that it is known."""
        return _known(self.look.holding.contract, self)

    @property
    def terms(self) -> ProductTerms:
        """The product's terms, likewise."""
        return _known(self.look.holding.terms, self)

    @property
    def universal(self) -> UniversalTerms:
        """The terms of a universal account, likewise."""
        return _known(self.terms.universal, self)

    @property
    def loan_terms(self) -> LoanTerms:
        """The terms of loans, likewise."""
        return _known(self.terms.loan, self)

    def entry(self, kind: EntryKind, amount_fen: int, event: str = "", on: date | None = None) -> PolicyEntry:
        """Write an entry of this transaction; its event is the transaction's own unless it is named."""
        number = self.look.holding.policy.policy_number
        return PolicyEntry(number, kind, amount_fen, event or f"{self.item.code} {self.transaction_id}", on or self.day)

    def added_interest(self) -> Iterator[PolicyEntry]:
        """Tell the books of the interest that joined the principal, before a payment lowers it."""
        for on, amount_fen in self.look.loan.added:
            yield self.entry(EntryKind.LOAN_INTEREST_ADDED, amount_fen, added_event(on), on)

    def set_off(self, amount_fen: int, event: str = "") -> tuple[PolicyEntry, ...]:
        """Take so much of what is owed out of what is payable, interest first."""
        interest_fen, principal_fen = split_repayment(self.look.loan, amount_fen)
        entries = ((EntryKind.LOAN_INTEREST_SET_OFF, interest_fen), (EntryKind.LOAN_SET_OFF, principal_fen))
        return (*self.added_interest(), *(self.entry(kind, fen, event) for kind, fen in entries if fen))

    def settled_account(self) -> Iterator[PolicyEntry]:
        """Tell the books what a universal account earned and bore since they were settled last."""
        in_books_fen = -balance_of(self.look.holding.entries, PolicyAccount.UNIVERSAL_ACCOUNT)
        difference_fen = (self.look.account_fen or 0) - in_books_fen
        kind = EntryKind.ACCOUNT_INTEREST if difference_fen > 0 else EntryKind.ACCOUNT_RISK
        if difference_fen:
            yield self.entry(kind, abs(difference_fen), f"settled {self.transaction_id}")


def added_event(on: date) -> str:
    """Name the event of interest that joined a loan's principal on a day."""
    return f"loan interest added {on.isoformat()}"


def _known(value: _Value | None, asked: Asked) -> _Value:
    if value is None:
        raise ConflictError(
            f"policy {asked.look.holding.policy.policy_number} has no terms for {asked.item.code}",
            "mend the item's 条件: it must ask for them",
        )
    return value
