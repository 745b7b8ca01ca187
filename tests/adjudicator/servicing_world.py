"""A customer with policies of every kind, a clock that can be turned, and a bank that pays and collects, for tests of servicing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from re import search
from typing import Any

from sqlalchemy import select

from adjudicator.chores import do_chores
from adjudicator.system import System
from domain.china import china_midnight_ms
from domain.contract import Contract, EntryKind, PolicyEntry, premium_event
from domain.decision import Actor
from domain.errors import BankError
from domain.payout import BankAnswer, BankStatus, PaymentOrder
from domain.policy import Policy
from domain.servicing import Level
from domain.terms import Frequency
from policy.facts import Look
from policy.holdings import holdings_of
from policy.transacting import doing, proving, quoting
from storage import policy_ledger, registry, servicing
from storage.servicing import ServicingRecord
from storage.tables import customer_message
from tests.adjudicator.world import INSURED, MemoryBank, World

ACCOUNT = "9900123412341234"
ME, NOBODY = INSURED.person_id, "P2"
CUSTOMER = Actor(ME, "customer")
TODAY = date(2026, 6, 15)


@dataclass
class TwoWayBank(MemoryBank):
    """A bank that also collects; what it took stands beside what it paid."""

    taken: dict[str, PaymentOrder] = field(default_factory=dict)

    def collect(self, order: PaymentOrder) -> BankAnswer:
        mishap = self.mishaps.pop(0) if self.mishaps else ""
        if mishap == "reject":
            return BankAnswer(BankStatus.REJECTED, reason="余额不足")
        if mishap == "lost before":
            raise BankError("no answer")
        assert self.taken.setdefault(order.idempotency_key, order) == order
        if mishap == "lost after":
            raise BankError("no answer")
        return BankAnswer(BankStatus.CONFIRMED, f"BANK-{order.idempotency_key[-8:]}")

    def query(self, idempotency_key: str) -> BankAnswer:
        if idempotency_key in self.taken:
            return BankAnswer(BankStatus.CONFIRMED, f"BANK-{idempotency_key[-8:]}")
        return super().query(idempotency_key)


@dataclass
class Servicing:
    """A system with a policy that is done something with."""

    system: System
    bank: TwoWayBank

    def go_to(self, day: date, hour: int = 10) -> None:
        """Turn the clock to an hour of a day in China."""
        database = self.system.database
        database._ahead_ms = lambda: 0
        with database.read() as tx:
            ahead = china_midnight_ms(day) + hour * 3_600_000 - tx.now_ms()
        database._ahead_ms = lambda: ahead

    def add(self, policy: Policy, contract: Contract, *entries: PolicyEntry) -> str:
        with self.system.database.write() as tx:
            registry.save_policies(tx, [policy])
            policy_ledger.save_contracts(tx, [contract])
            policy_ledger.book(tx, entries)
        return policy.policy_number

    def look(self, number: str) -> Look:
        with self.system.database.read() as tx:
            return quoting.look_at(tx, self.system.shelf, self.holder_of(number), number)

    def holder_of(self, number: str) -> str:
        with self.system.database.read() as tx:
            return registry.find_policies(tx, [number])[0].policyholder_id

    def quote(self, number: str, item: str, person_id: str = ME, on: date | None = None, **fields: str) -> ServicingRecord:
        with self.system.database.write() as tx:
            return quoting.quote(tx, self.system.shelf, person_id, number, item, fields, on)

    def code(self, quote: ServicingRecord) -> str:
        """Have a code sent, and read it where the phone would."""
        with self.system.database.write() as tx:
            proving.send_code(tx, quote.person_id, quote.transaction_id, "示例")
        with self.system.database.read() as tx:
            bodies = tx.connection.execute(select(customer_message.c.body).where(customer_message.c.subject == "验证码")).scalars()
            found = [match[0] for body in bodies if (match := search(r"\d{6}", body))]
        return found[-1]

    def sign(self, quote: ServicingRecord, **changes: Any) -> ServicingRecord:
        """Prove and sign, as the endpoint does."""
        proof = proving.prove(self.system.database, quote.transaction_id, changes.pop("code", None) or self.code(quote))
        told: Mapping[str, Any] = {"person_id": quote.person_id, "text_sha256": quote.text_sha256} | changes
        with self.system.database.write() as tx:
            return doing.sign(
                tx, self.system.shelf, told["person_id"], quote.transaction_id, told["text_sha256"], Level.CODE, proof, CUSTOMER
            )

    def do(self, number: str, item: str, person_id: str = ME, **fields: str) -> ServicingRecord:
        """Quote, sign, and let the bank answer."""
        signed = self.sign(self.quote(number, item, person_id, **fields))
        do_chores(self.system)
        return self.find(signed.transaction_id)

    def find(self, transaction_id: str) -> ServicingRecord:
        with self.system.database.read() as tx:
            return servicing.find(tx, transaction_id)

    def entries(self, number: str) -> tuple[PolicyEntry, ...]:
        with self.system.database.read() as tx:
            return policy_ledger.entries_of(tx, [number])[number]

    def standing(self, number: str) -> Any:
        with self.system.database.read() as tx:
            day = quoting.china_day(tx.now_ms())
            return holdings_of(tx, [number], self.system.terms, day)[0].standing

    def contract(self, number: str) -> Contract:
        with self.system.database.read() as tx:
            return policy_ledger.contracts_of(tx, [number])[number]


def begin(world: World, day: date = TODAY) -> Servicing:
    """Take a world over."""
    bank = TwoWayBank()
    made = Servicing(replace(world.system, bank=bank, collector=bank), bank)
    made.go_to(day)
    return made


def policy(number: str, product: str, start: date, end: date, **changes: Any) -> Policy:
    made = Policy(number, ME, ME, product, "", start, end, start, sum_insured_fen=10_000_000, agent_id="A1")
    return replace(made, **changes)


def contract(number: str, **changes: Any) -> Contract:
    return replace(Contract(number, Frequency.YEARLY, 700_000, 10), **changes)


def paid(number: str, *dues: date, amount_fen: int = 700_000) -> list[PolicyEntry]:
    return [PolicyEntry(number, EntryKind.PREMIUM, amount_fen, premium_event(due), due) for due in dues]


def endowment(servicing_: Servicing, number: str = "S1", start: date = date(2020, 3, 1), years: int = 7, **changes: Any) -> str:
    """Add a 福禄两全 of fifteen years with yearly premiums paid for so many years."""
    end = start.replace(year=start.year + 15) - timedelta(days=1)
    dues = [start.replace(year=start.year + year) for year in range(years)]
    agreed = contract(number, **changes)
    return servicing_.add(policy(number, "fulu-endowment", start, end), agreed, *paid(number, *dues, amount_fen=agreed.premium_fen))


def universal(servicing_: Servicing, number: str = "U1", start: date = date(2018, 5, 1)) -> str:
    """Add a universal account with one premium in it."""
    made = policy(number, "jinhui-universal", start, date.max.replace(year=2099))
    put_in = [PolicyEntry(number, EntryKind.ACCOUNT_PREMIUM, 5_000_000, "deposit 1", start)]
    put_in.append(PolicyEntry(number, EntryKind.ACCOUNT_CHARGE, 150_000, "deposit 1", start))
    return servicing_.add(made, contract(number, frequency=Frequency.FLEXIBLE, premium_fen=0), *put_in)
