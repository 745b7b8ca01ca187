"""Contract terms (合同约定) of a product as far as money goes: premiums, grace, loans, benefits, cash value. Ratios are exact.

Written by actuaries in policy/terms/<product>.yaml, one file a product; policy/terms_file.py reads them. What pays a
claim stands in the rule book of the same name.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Literal


class Line(StrEnum):
    """Which business a product belongs to."""

    LIFE = "life"  # 人身险
    PROPERTY = "property"  # 财产险


class Kind(StrEnum):
    """What a product is."""

    TERM = "term"  # 定期寿险
    ENDOWMENT = "endowment"  # 两全
    WHOLE_LIFE = "whole_life"  # 终身寿险
    ANNUITY = "annuity"  # 年金
    UNIVERSAL = "universal"  # 万能
    HEALTH = "health"  # 健康险
    ACCIDENT = "accident"  # 意外险
    PROPERTY = "property"  # 财产险


class Frequency(StrEnum):
    """How often a premium is paid."""

    SINGLE = "single"  # 趸交
    YEARLY = "yearly"  # 年交
    HALF_YEARLY = "half_yearly"  # 半年交
    QUARTERLY = "quarterly"  # 季交
    MONTHLY = "monthly"  # 月交
    FLEXIBLE = "flexible"  # 不定期交: a universal account's

    @property
    def months(self) -> int:
        """Months between two premiums; 0 where none follows by itself."""
        return {"yearly": 12, "half_yearly": 6, "quarterly": 3, "monthly": 1}.get(self.value, 0)


class Base(StrEnum):
    """What a benefit is a share of."""

    SUM_INSURED = "sum_insured"  # 基本保额
    PREMIUMS_PAID = "premiums_paid"  # 累计已交保费
    YEARLY_PREMIUM = "yearly_premium"  # 年交保费


@dataclass(frozen=True)
class DatedRate:
    """A yearly rate from a day on."""

    effective: date
    rate: Fraction


@dataclass(frozen=True)
class LoanTerms:
    """Policy loan (保单贷款)."""

    ratio: Fraction  # of the cash value, at most
    term_days: int
    days_a_year: int  # by which a yearly rate becomes a daily one
    rates: tuple[DatedRate, ...]  # oldest first; a term bears the rate of its first day to its end


@dataclass(frozen=True)
class DeathBenefit:
    """What a death pays, as far as the cash value counts it: the rule book alone decides a claim."""

    base: Base
    ratio: Fraction
    less_survival_benefits: bool = False  # 减已领生存金


@dataclass(frozen=True)
class SurvivalBenefit:
    """Paid to a living insured on policy anniversaries (生存金)."""

    anniversaries: tuple[int, ...]  # 1 is the end of the first policy year
    base: Base
    ratio: Fraction


@dataclass(frozen=True)
class AnnuityBenefit:
    """Paid to a living insured from an age on (年金): first on the policy anniversary on or after that birthday."""

    from_age: int
    base: Base
    ratio: Fraction  # of a year's annuity
    instalments_a_year: Literal[1, 12]
    until_age: int | None = None  # the last birthday before which one is paid; None: for life


class CashValueMethod(StrEnum):
    """Where a cash value comes from."""

    RESERVE = "reserve"  # 责任准备金 × 系数
    UNEARNED = "unearned"  # 未满期净保费
    ACCOUNT = "account"  # 万能账户价值减退保费用
    NONE = "none"  # 没有现金价值


@dataclass(frozen=True)
class CashValueTerms:
    """Cash value (现金价值)."""

    method: CashValueMethod
    mortality: str = ""  # the basis: SULT, or the name of a table in policy/mortality/
    interest: Fraction = Fraction(0)
    k: Fraction = Fraction(1)  # 系数 k of the minimum cash value
    charge: Fraction = Fraction(0)  # 手续费 of an unearned premium


@dataclass(frozen=True)
class MonthlyRate:
    """The credited rate (结算利率) of one month, yearly."""

    year: int
    month: int
    rate: Fraction


@dataclass(frozen=True)
class RiskBand:
    """Up to and with an age, a death pays this share of the account."""

    to_age: int
    ratio: Fraction


@dataclass(frozen=True)
class UniversalTerms:
    """A universal life account (万能账户)."""

    guaranteed: Fraction  # 最低保证利率
    credited: tuple[MonthlyRate, ...]
    initial_charges: tuple[Fraction, ...]  # 初始费用 of a premium, policy year by policy year; the last goes on
    withdrawal_charges: tuple[Fraction, ...]  # 领取、退保费用, likewise
    risk_bands: tuple[RiskBand, ...]  # 身故给付倍数
    mortality: str
    risk_loading: Fraction  # 风险保费 as a share of the mortality basis

    def __hash__(self) -> int:
        """Hash what is soon hashed: terms are looked up for every account, and those that are not the same are compared."""
        return hash((self.mortality, len(self.credited)))

    @property
    def last_band_age(self) -> int:
        """The age after which a death pays the account alone; 0 where no band is."""
        return max((each.to_age for each in self.risk_bands), default=0)


@dataclass(frozen=True)
class ProductTerms:
    """Everything that a product's contract says about money."""

    product: str
    name: str
    line: Line
    kind: Kind
    frequencies: tuple[Frequency, ...]
    grace_days: int
    reinstatement_years: int  # 0: a missed premium ends the contract
    is_renewable: bool
    may_lend_premiums: bool  # 自动垫交 may be chosen
    loan: LoanTerms | None
    death: DeathBenefit | None
    survival: tuple[SurvivalBenefit, ...]
    annuity: AnnuityBenefit | None
    maturity_base: Base | None
    maturity_ratio: Fraction
    cash_value: CashValueTerms
    universal: UniversalTerms | None = None

    def __hash__(self) -> int:
        """Hash the product alone: terms are looked up for every policy, and those that are not the same are compared."""
        return hash(self.product)
