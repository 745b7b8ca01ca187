"""A policy's contract beyond its cover: how it is paid for, what moved on it, and where that leaves it.

Entries are pairs, as those of the claims' ledger are, and carry two days: the day from which they count (value date,
the effective day in China) and, once stored, the moment they were booked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.policy import Policy
from domain.terms import Frequency, ProductTerms


@dataclass(frozen=True)
class PremiumChange:
    """Another way of paying (交费方式变更), agreed for the premiums that come due from an anniversary on."""

    effective_from: date
    frequency: Frequency
    premium_fen: int  # of one instalment


@dataclass(frozen=True)
class Contract:
    """What a contract (保险合同) agrees about money; term, plan and sum insured stand in its `Policy`."""

    policy_number: str
    frequency: Frequency  # as first agreed, and so is the premium: what benefits and cash values rest on
    premium_fen: int  # of one instalment, at the frequency above; 0 where premiums are paid at will
    payment_years: int = 1  # 交费年限; of a policy renewed year by year: of one year
    automatic_premium_loan: bool = False  # 自动垫交 chosen
    auto_renew: bool = False  # 自动续保 chosen
    changes: tuple[PremiumChange, ...] = ()  # in the order in which they were agreed; of one day the last one holds

    def frequency_on(self, day: date) -> Frequency:
        """Tell how often premiums are paid on a day."""
        change = self.change_on(day)
        return change.frequency if change else self.frequency

    def premium_on(self, due: date) -> int:
        """Give the premium that comes due on a day, in fen."""
        change = self.change_on(due)
        return change.premium_fen if change else self.premium_fen

    def change_on(self, day: date) -> PremiumChange | None:
        """Give the change that holds on a day; None: as first agreed."""
        begun = [each for each in self.changes if each.effective_from <= day]
        return max(reversed(begun), key=lambda each: each.effective_from) if begun else None


class PolicyAccount(StrEnum):
    """The accounts that a policy moves money between."""

    __hash__ = str.__hash__  # an enum's own is written in Python: too slow for thousands of entries

    BANK = "bank"  # 银行存款
    PREMIUM_INCOME = "premium_income"  # 保费收入
    POLICY_LOAN = "policy_loan"  # 保单贷款, with the interest that was added to it
    LOAN_INTEREST = "loan_interest"  # 贷款利息收入
    REINSTATEMENT_INTEREST = "reinstatement_interest"  # 复效利息收入
    BENEFIT_EXPENSE = "benefit_expense"  # 给付支出: survival, annuity and maturity benefits
    BENEFIT_PAYABLE = "benefit_payable"  # 应付给付: due to the customer, not paid yet
    SURRENDER_EXPENSE = "surrender_expense"  # 退保金
    PREMIUM_REFUND = "premium_refund"  # 退还保费, of a contract that was rescinded
    UNIVERSAL_ACCOUNT = "universal_account"  # 万能账户 (保户储金): what was put in, less what was taken out
    INITIAL_CHARGE = "initial_charge"  # 初始费用
    WITHDRAWAL_CHARGE = "withdrawal_charge"  # 部分领取、退保费用
    ACCOUNT_INTEREST = "account_interest"  # 万能账户结息支出
    RISK_PREMIUM = "risk_premium"  # 风险保费收入


class EntryKind(StrEnum):
    """What a pair tells. Between which accounts each moves money stands in `PAIRS`, once."""

    __hash__ = str.__hash__  # an enum's own is written in Python: too slow for thousands of entries

    PREMIUM = "premium"  # 交费; its event names the day it was due
    PREMIUM_BY_LOAN = "premium_by_loan"  # 自动垫交
    REINSTATEMENT_PREMIUM = "reinstatement_premium"  # 复效补交保费
    REINSTATEMENT_INTEREST = "reinstatement_interest"  # 复效利息
    LOAN = "loan"  # 保单贷款
    LOAN_REPAID = "loan_repaid"  # 归还本金
    LOAN_INTEREST_PAID = "loan_interest_paid"  # 归还利息
    LOAN_INTEREST_ADDED = "loan_interest_added"  # 未付利息并入本金
    LOAN_SET_OFF = "loan_set_off"  # 从给付中扣还本金
    LOAN_INTEREST_SET_OFF = "loan_interest_set_off"  # 从给付中扣还利息
    BENEFIT_DUE = "benefit_due"  # 到期应付: survival, annuity, maturity
    BENEFIT_PAID = "benefit_paid"
    SURRENDER = "surrender"  # 退保
    SURRENDER_PAID = "surrender_paid"
    RESCISSION = "rescission"  # 解除合同, 犹豫期退保: the contract ends, the premium is to go back
    RESCISSION_PAID = "rescission_paid"
    ACCOUNT_PREMIUM = "account_premium"  # 万能账户交费, before its charge
    ACCOUNT_CHARGE = "account_charge"  # 初始费用
    ACCOUNT_WITHDRAWAL = "account_withdrawal"  # 部分领取, what the customer gets
    ACCOUNT_WITHDRAWAL_CHARGE = "account_withdrawal_charge"
    ACCOUNT_INTEREST = "account_interest"  # 结息 since the books were settled last, less risk premiums where it is more than they
    ACCOUNT_RISK = "account_risk"  # 风险保费, less interest where they are more than it
    ACCOUNT_CLOSED = "account_closed"  # 退保: what was in the account pays for it


_A = PolicyAccount
PAIRS: dict[EntryKind, tuple[PolicyAccount, PolicyAccount]] = {
    EntryKind.PREMIUM: (_A.BANK, _A.PREMIUM_INCOME),
    EntryKind.PREMIUM_BY_LOAN: (_A.POLICY_LOAN, _A.PREMIUM_INCOME),
    EntryKind.REINSTATEMENT_PREMIUM: (_A.BANK, _A.PREMIUM_INCOME),
    EntryKind.REINSTATEMENT_INTEREST: (_A.BANK, _A.REINSTATEMENT_INTEREST),
    EntryKind.LOAN: (_A.POLICY_LOAN, _A.BANK),
    EntryKind.LOAN_REPAID: (_A.BANK, _A.POLICY_LOAN),
    EntryKind.LOAN_INTEREST_PAID: (_A.BANK, _A.LOAN_INTEREST),
    EntryKind.LOAN_INTEREST_ADDED: (_A.POLICY_LOAN, _A.LOAN_INTEREST),
    EntryKind.BENEFIT_DUE: (_A.BENEFIT_EXPENSE, _A.BENEFIT_PAYABLE),
    EntryKind.BENEFIT_PAID: (_A.BENEFIT_PAYABLE, _A.BANK),
    EntryKind.SURRENDER: (_A.SURRENDER_EXPENSE, _A.BENEFIT_PAYABLE),
    EntryKind.SURRENDER_PAID: (_A.BENEFIT_PAYABLE, _A.BANK),
    EntryKind.LOAN_SET_OFF: (_A.BENEFIT_PAYABLE, _A.POLICY_LOAN),
    EntryKind.LOAN_INTEREST_SET_OFF: (_A.BENEFIT_PAYABLE, _A.LOAN_INTEREST),
    EntryKind.RESCISSION: (_A.PREMIUM_REFUND, _A.BENEFIT_PAYABLE),
    EntryKind.RESCISSION_PAID: (_A.BENEFIT_PAYABLE, _A.BANK),
    EntryKind.ACCOUNT_PREMIUM: (_A.BANK, _A.UNIVERSAL_ACCOUNT),
    EntryKind.ACCOUNT_CHARGE: (_A.UNIVERSAL_ACCOUNT, _A.INITIAL_CHARGE),
    EntryKind.ACCOUNT_WITHDRAWAL: (_A.UNIVERSAL_ACCOUNT, _A.BANK),
    EntryKind.ACCOUNT_WITHDRAWAL_CHARGE: (_A.UNIVERSAL_ACCOUNT, _A.WITHDRAWAL_CHARGE),
    EntryKind.ACCOUNT_INTEREST: (_A.ACCOUNT_INTEREST, _A.UNIVERSAL_ACCOUNT),
    EntryKind.ACCOUNT_RISK: (_A.UNIVERSAL_ACCOUNT, _A.RISK_PREMIUM),
    EntryKind.ACCOUNT_CLOSED: (_A.UNIVERSAL_ACCOUNT, _A.SURRENDER_EXPENSE),
}

_TOUCHING = {  # by account: the kinds that debit it, and those that credit it
    account: tuple(frozenset(kind for kind, pair in PAIRS.items() if pair[side] is account) for side in (0, 1)) for account in PolicyAccount
}
PREMIUM_KINDS = frozenset({EntryKind.PREMIUM, EntryKind.PREMIUM_BY_LOAN, EntryKind.REINSTATEMENT_PREMIUM})
ENDING_KINDS = frozenset({EntryKind.SURRENDER, EntryKind.RESCISSION})


@dataclass(frozen=True)
class PolicyEntry:
    """One pair of a policy's ledger. An event is booked once on each credit account of a policy, however often it is tried."""

    policy_number: str
    kind: EntryKind
    amount_fen: int
    event: str  # "premium 2024-03-01", "loan L01…": what makes a second booking the same one
    value_date: date  # the day in China from which it counts
    booked_ms: int = 0  # 0: not stored yet

    @classmethod
    def stored(cls, policy_number: str, kind: EntryKind, amount_fen: int, event: str, value_date: date, booked_ms: int) -> "PolicyEntry":
        """Make an entry as it was stored, in a third of the time: a customer has thousands, and a frozen class sets field by field."""
        entry = object.__new__(cls)
        fields = entry.__dict__
        fields["policy_number"], fields["kind"], fields["amount_fen"] = policy_number, kind, amount_fen
        fields["event"], fields["value_date"], fields["booked_ms"] = event, value_date, booked_ms
        return entry

    @property
    def debit(self) -> PolicyAccount:
        """The account that is debited."""
        return PAIRS[self.kind][0]

    @property
    def credit(self) -> PolicyAccount:
        """The account that is credited."""
        return PAIRS[self.kind][1]


def premium_event(due: date) -> str:
    """Name the event of paying the premium due on a day: every way of paying it books this one, so that none is paid twice."""
    return f"premium {due.isoformat()}"


def benefit_event(kind: str, due: date) -> str:
    """Name the event of a benefit (survival, annuity, maturity) due on a day."""
    return f"{kind} {due.isoformat()}"


class PolicyState(StrEnum):
    """Where a contract stands on a day (保单状态)."""

    NOT_STARTED = "not_started"  # 未生效
    IN_FORCE = "in_force"  # 有效
    IN_GRACE = "in_grace"  # 宽限期内: still covered
    LAPSED = "lapsed"  # 效力中止: not covered, may be reinstated
    TERMINATED = "terminated"  # 终止
    MATURED = "matured"  # 满期: its term ran to its end
    SURRENDERED = "surrendered"  # 退保


COVERING = frozenset({PolicyState.IN_FORCE, PolicyState.IN_GRACE})
ENDED = frozenset({PolicyState.TERMINATED, PolicyState.MATURED, PolicyState.SURRENDERED})


@dataclass(frozen=True)
class Standing:
    """A contract's state on a day, derived from its entries and terms, and what of it is asked most."""

    state: PolicyState
    since: date | None  # the first day of this state; None of one that has not begun
    paid_to: date | None  # the first due day whose premium is not paid; None: every premium is
    due: tuple[date, ...]  # the days whose premiums have come due and are not paid, oldest first
    grace_until: date | None = None  # the last day of grace, when a premium is missing and the policy still covers
    reinstate_until: date | None = None  # the last day on which a lapsed policy can be reinstated

    @property
    def is_covering(self) -> bool:
        """Tell whether a loss on this day is covered as far as the state goes."""
        return self.state in COVERING


@dataclass(frozen=True)
class Holding:
    """One policy with all that its figures come from: the value that entitlements, reminders and transactions start from."""

    policy: Policy
    contract: Contract | None  # None: only its cover is known here
    terms: ProductTerms | None  # None: no terms of its product stand in policy/terms/
    insured_name: str
    insured_birth_date: date
    entries: tuple[PolicyEntry, ...]  # those that count by `day`, oldest first
    standing: Standing
    day: date


def sum_of(entries: Sequence[PolicyEntry], *kinds: EntryKind) -> int:
    """Sum the entries of some kinds, in fen."""
    return sum(each.amount_fen for each in entries if each.kind in kinds)


def balance_of(entries: Sequence[PolicyEntry], account: PolicyAccount) -> int:
    """Sum an account, debits positive, in fen."""
    debited, credited = _TOUCHING[account]
    debits = sum(each.amount_fen for each in entries if each.kind in debited)
    return debits - sum(each.amount_fen for each in entries if each.kind in credited)
