"""What stands behind a claim: people, policies (保单), hospitals of the medical base, agents, entitlements (权益)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

Particular = int | bool | str  # amounts in fen, days as ISO text, words as the book writes them


@dataclass(frozen=True)
class Person:
    """A natural person: insured (被保险人), policyholder (投保人) or beneficiary (受益人)."""

    person_id: str
    name: str
    id_number: str
    birth_date: date
    phone: str = ""
    has_social_insurance: bool | None = None  # None: unknown
    region_code: str = ""  # where they live (行政区划代码), as far as the customer data tell; "": unknown
    address: str = ""  # only a keyed hash of it is kept, to know it again: what is read back has none
    address_index: str = ""  # that hash

    def age_on(self, day: date) -> int:
        """Count the full years lived on a day; who was born on 29 February is a year older on 1 March where there is no 29th."""
        return day.year - self.birth_date.year - ((day.month, day.day) < (self.birth_date.month, self.birth_date.day))


@dataclass(frozen=True)
class Policy:
    """One contract of one insured: which plan (方案) of which rule book, from when to when (both days included)."""

    policy_number: str
    insured_id: str
    policyholder_id: str
    product: str  # the book file's name, such as "anxin-inpatient"
    plan: str  # the plan inside that book, such as "标准版"
    effective_from: date
    effective_to: date
    first_effective_from: date  # of the first year, when it was renewed without a gap
    sum_insured_fen: int = 0
    agent_id: str = ""
    direct_settlement: bool = False
    family_id: str = ""  # policies of one product that bear the same one share what counts for the whole family (每: 家庭)
    particulars: Mapping[str, Particular] = field(default_factory=dict)  # 保单要素: 职业类别, 家庭成员, 期交保费 …, as the books name them
    changed_on: date | None = None  # of the last endorsement (批单); None: none, or nobody told

    def is_in_force(self, on: date) -> bool:
        """Tell whether a day falls within the policy's term, both ends included."""
        return self.effective_from <= on <= self.effective_to

    def anniversary_on(self, day: date) -> int:
        """Tell which anniversary of the first year's start a day is; 0 on any other day."""
        start = self.first_effective_from
        return day.year - start.year if (start.month, start.day) == (day.month, day.day) else 0

    @property
    def is_renewal(self) -> bool:
        """Tell whether it continues an earlier year without a gap (连续续保)."""
        return self.first_effective_from < self.effective_from


@dataclass(frozen=True)
class Hospital:
    """One entry of the medical base: `grade` and `ownership` are the rule language's enum values."""

    hospital_id: str
    name: str
    grade: str  # 未定级 | 一级 | 二级 | 三级
    ownership: str  # 公立 | 民营
    direct_settlement: bool = False
    account_number: str = ""


@dataclass(frozen=True)
class Agent:
    """The agent (代理人) who looks after a policy."""

    agent_id: str
    name: str
    phone: str
    branch: str


@dataclass(frozen=True)
class Entitlement:
    """A service a policy brings besides money (权益), such as direct settlement or a second opinion."""

    code: str
    name: str
    policy_number: str
    valid_from: date
    valid_to: date
    used: int = 0
    allowed: int | None = None  # None: without a limit
