"""Facts of a policy on a day (办理条件中的事实): what conditions and bounds of servicing items may look at, each by its name.

A fact is an amount in fen, a count, or a word. None: it is not known, or the policy has no such thing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from math import floor

from actuarial.benefits import Instalment, instalments
from actuarial.cash_value import Bases, cash_value_fen, value_of_account
from actuarial.loans import LoanBalance, loan_available_fen, roll_loan
from actuarial.mortality import MortalityBasis
from actuarial.premiums import missing_fen, missing_interest_fen
from actuarial.universal import withdrawal_charge_fen
from domain.contract import COVERING, EntryKind, Holding, PolicyState
from domain.terms import Frequency
from policy.bases import load_bases
from policy.holdings import standing_of

STATES_ZH = {
    PolicyState.NOT_STARTED: "未生效",
    PolicyState.IN_FORCE: "有效",
    PolicyState.IN_GRACE: "宽限期",
    PolicyState.LAPSED: "中止",
    PolicyState.TERMINATED: "终止",
    PolicyState.MATURED: "满期",
    PolicyState.SURRENDERED: "退保",
}
FREQUENCIES_ZH = {
    "年交": Frequency.YEARLY,
    "半年交": Frequency.HALF_YEARLY,
    "季交": Frequency.QUARTERLY,
    "月交": Frequency.MONTHLY,
}  # fmt: skip
_FREQUENCY_NAMES = {frequency: name for name, frequency in FREQUENCIES_ZH.items()} | {
    Frequency.SINGLE: "趸交",
    Frequency.FLEXIBLE: "不定期交",
}
EARLY_DAYS = 30  # how long before its due day a premium may be paid


@cache
def shipped_bases() -> Bases:
    """Give the mortality bases that come with this version, read once."""
    return load_bases()


@dataclass(frozen=True)
class Look:
    """A policy as of a day, with figures that are worked out when they are first asked for."""

    holding: Holding
    bases: Mapping[str, MortalityBasis]

    @property
    def day(self) -> date:
        """The day it is looked at."""
        return self.holding.day

    @cached_property
    def loan(self) -> LoanBalance:
        """What is owed; nothing where the terms lend nothing."""
        terms = self.holding.terms
        return roll_loan(self.holding.entries, terms.loan, self.day) if terms and terms.loan else LoanBalance()

    @cached_property
    def cash_fen(self) -> int | None:
        """The cash value before loans."""
        return cash_value_fen(self.holding, self.bases)

    @property
    def due_fen(self) -> int | None:
        """The premiums that have come due and are not paid."""
        return missing_fen(self.holding)

    @cached_property
    def next_due(self) -> tuple[date, ...]:
        """The due days that a payment pays: all that are missing, else the next one if it is near."""
        standing = self.holding.standing
        near = standing.paid_to and (standing.paid_to - self.day).days <= EARLY_DAYS
        return standing.due or ((standing.paid_to,) if near and standing.paid_to and standing.state in COVERING else ())

    @property
    def payable_fen(self) -> int | None:
        """What a payment of premiums comes to now."""
        return sum(map(self.holding.contract.premium_on, self.next_due)) if self.holding.contract else None

    @cached_property
    def late_interest_fen(self) -> int | None:
        """The interest of missing premiums, as reinstatement asks for it."""
        return missing_interest_fen(self.holding)

    @property
    def lendable_fen(self) -> int | None:
        """The most that may be borrowed now."""
        terms, cash_fen, due_fen = self.holding.terms, self.cash_fen, self.due_fen
        if terms is None or terms.loan is None or cash_fen is None or due_fen is None:
            return None
        return loan_available_fen(cash_fen, self.loan.total_fen, due_fen, terms.loan)

    @property
    def surrender_fen(self) -> int | None:
        """The cash value less what is owed: negative where more is owed."""
        return None if self.cash_fen is None else self.cash_fen - self.loan.total_fen

    @cached_property
    def account_fen(self) -> int | None:
        """The value of a universal account; None of any other policy."""
        terms = self.holding.terms
        if terms is None or terms.universal is None:
            return None
        return value_of_account(self.holding, terms.universal, self.bases).value_fen

    @property
    def withdrawable_fen(self) -> int | None:
        """The most that may be taken out of a universal account: with its charge it leaves nothing, and never less than is owed."""
        terms, value_fen = self.holding.terms, self.account_fen
        if terms is None or terms.universal is None or value_fen is None:
            return None
        free_fen = value_fen - self.loan.total_fen
        one_fen = withdrawal_charge_fen(terms.universal, self.holding.policy, self.day, 10**9)
        most = max(floor(free_fen * 10**9 / (10**9 + one_fen)) + 1, 0) if free_fen > 0 else 0
        while most and most + withdrawal_charge_fen(terms.universal, self.holding.policy, self.day, most) > free_fen:
            most -= 1
        return most

    @cached_property
    def waiting(self) -> tuple[Instalment, ...]:
        """The benefits that came due while the policy covered and were not paid out yet, oldest first."""
        holding = self.holding
        if holding.contract is None or holding.terms is None:
            return ()
        settled = (EntryKind.BENEFIT_PAID, EntryKind.LOAN_SET_OFF, EntryKind.LOAN_INTEREST_SET_OFF)
        paid = {each.event.removeprefix("paid ") for each in holding.entries if each.kind in settled}
        dues = instalments(holding.policy, holding.contract, holding.terms, holding.insured_birth_date, self.day)
        return tuple(each for each in dues if each.event not in paid and self._was_covered(each))

    def _was_covered(self, instalment: Instalment) -> bool:
        """Tell whether a benefit came due for a policy that had not lapsed or ended."""
        holding = self.holding
        state = standing_of(holding.policy, holding.contract, holding.terms, holding.entries, instalment.due).state
        return state in COVERING or (instalment.kind == "maturity" and state is PolicyState.MATURED)

    def waiting_fen(self, kind: str) -> int:
        """Sum the benefits of a kind that wait to be fetched."""
        return sum(each.amount_fen for each in self.waiting if each.kind == kind)

    @property
    def premiums_fen(self) -> int:
        """Sum the premiums that were paid: what goes back when a contract is rescinded."""
        own = (EntryKind.PREMIUM, EntryKind.REINSTATEMENT_PREMIUM, EntryKind.PREMIUM_BY_LOAN, EntryKind.ACCOUNT_PREMIUM)
        return sum(each.amount_fen for each in self.holding.entries if each.kind in own)


def _yes(value: bool) -> str:
    return "是" if value else "否"


def _chosen(look: Look, name: str) -> str | None:
    return _yes(bool(getattr(look.holding.contract, name))) if look.holding.contract else None


def _of_terms(look: Look, name: str) -> str | None:
    return _yes(bool(getattr(look.holding.terms, name))) if look.holding.terms else None


FACTS: Mapping[str, Callable[[Look], int | str | None]] = {
    "状态": lambda look: STATES_ZH[look.holding.standing.state],
    "合同已知": lambda look: _yes(look.holding.contract is not None and look.holding.terms is not None),
    "险种": lambda look: look.holding.terms.kind.value if look.holding.terms else None,
    "交费方式": lambda look: _FREQUENCY_NAMES[look.holding.contract.frequency_on(look.day)] if look.holding.contract else None,
    "可贷款": lambda look: _of_terms(look, "loan"),
    "可垫交": lambda look: _of_terms(look, "may_lend_premiums"),
    "可续保": lambda look: _of_terms(look, "is_renewable"),
    "自动垫交": lambda look: _chosen(look, "automatic_premium_loan"),
    "自动续保": lambda look: _chosen(look, "auto_renew"),
    "生效天数": lambda look: (look.day - look.holding.policy.first_effective_from).days + 1,
    "欠交期数": lambda look: len(look.holding.standing.due),
    "应交保费": lambda look: look.payable_fen,
    "可借金额": lambda look: look.lendable_fen,
    "贷款本息": lambda look: look.loan.total_fen,
    "贷款利息": lambda look: look.loan.interest_fen,
    "现金价值": lambda look: look.cash_fen,
    "退保净额": lambda look: look.surrender_fen,
    "已交保费": lambda look: look.premiums_fen,
    "犹豫期净额": lambda look: look.premiums_fen - look.loan.total_fen,
    "账户可领": lambda look: look.withdrawable_fen,
    "待领生存金": lambda look: look.waiting_fen("survival"),
    "待领年金": lambda look: look.waiting_fen("annuity"),
    "待领满期金": lambda look: look.waiting_fen("maturity"),
}
AMOUNTS = frozenset(
    {"应交保费", "可借金额", "贷款本息", "贷款利息", "现金价值", "退保净额", "已交保费", "犹豫期净额", "账户可领"}
    | {"待领生存金", "待领年金", "待领满期金"}
)  # fmt: skip
WORDS: Mapping[str, tuple[str, ...]] = {
    "状态": tuple(STATES_ZH.values()),
    "合同已知": ("是", "否"),
    "险种": ("term", "endowment", "whole_life", "annuity", "universal", "health", "accident", "property"),
    "交费方式": tuple(_FREQUENCY_NAMES.values()),
    **dict.fromkeys(("可贷款", "可垫交", "可续保", "自动垫交", "自动续保"), ("是", "否")),
}  # fmt: skip
