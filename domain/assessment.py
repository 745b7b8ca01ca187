"""What the rule engine answers (理算结果): for each responsibility an outcome, an amount, and how it came about."""

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

FAMILY = "家庭"  # how the period begins that an account of a whole family counts over


class Outcome(StrEnum):
    """What became of one responsibility."""

    PAYABLE = "赔付"
    NOT_INVOLVED = "不涉及"  # its trigger does not hold
    DECLINED = "拒赔"  # a requirement fails or an exclusion holds
    UNKNOWN = "待补"  # a missing element could change the answer


class Benefit(StrEnum):
    """How a responsibility combines with other payers."""

    INDEMNITY = "补偿"  # all payers together never pay more than the cost
    FIXED = "定额"  # adds up
    PROPORTIONAL = "按比例"  # property: insurers of one loss share it in proportion to what each would pay alone
    WAIVER = "豁免"  # premiums that are no longer owed; nothing is paid out


@dataclass(frozen=True)
class AccumulatorKey:
    """What an accumulator counts, and over which stretch of time.

    `name` is "responsibility/parameter"; `period` is "年度 2024-03-01" (the policy year that starts
    then), "家庭 2024-03-01" (the same year, of all policies of the family), "终身" or "次 <occurrence>";
    what an account is kept apart by follows: "终身 第一组". A name without "/" is shared by responsibilities.
    """

    name: str
    period: str


@dataclass(frozen=True)
class AccumulatorUse:
    """What one assessment uses up of an accumulator, in the unit of its step (fen for money, days for days)."""

    key: AccumulatorKey
    used_before: Fraction
    used_now: Fraction
    at_most: Fraction
    unit: str  # 元 | 天 | 次; amounts in 元 are counted in fen
    counts_payout: bool = False  # true when it counts what is paid out, so that a smaller payout uses less

    @property
    def left_before(self) -> Fraction:
        """What was still open before this assessment."""
        return self.at_most - self.used_before

    @property
    def left_after(self) -> Fraction:
        """What is still open after it."""
        return self.left_before - self.used_now


@dataclass(frozen=True)
class UnknownCause:
    """A missing element that could change the outcome, and the document that would tell it."""

    element: str
    document: str = ""


@dataclass(frozen=True)
class Check:
    """One condition of a responsibility: `holds` is None when it is unknown; `good` tells which answer lets it pay."""

    rule: str
    role: str  # 触发 | 须 | 不赔
    holds: bool | None
    good: bool | None
    detail: str  # "三级 ≥ 二级，公立"
    clause: str
    line: int
    said: str = ""  # what was found, as one says it: 医院合格, 等待期已过, 不属除外; "" while it is unknown


@dataclass(frozen=True)
class Step:
    """One line of the waterfall (理算步骤): `before` and `after` are exact, in the step's unit (fen for money).

    While an element is unknown, `is_exact` is false and the balance lies between `after` and `after_high`
    (None: no upper end).
    """

    kind: str  # 起 | 分项 | 减 | 乘 | 分级 | 依次 | 限 | 限次 | 间隔 | 取整
    label: str
    operand: str  # as printed: "10,000.00", "60%"
    before: Fraction | None
    after: Fraction
    unit: str
    clause: str
    line: int
    note: str = ""  # "本年余 10,000.00 → 0.00" or "表第2行：有医保 · 否"
    is_exact: bool = True
    after_high: Fraction | None = None


@dataclass(frozen=True)
class LineAdjustment:
    """What a line rule takes off one invoice line, and why."""

    code: str  # the book's reason code: out_of_list | self_share | bed_cap …
    reason: str  # 目录外 | 乙类先行自付 …
    amount_fen: int
    clause: str
    line: int  # of the rule file


@dataclass(frozen=True)
class LineJudgement:
    """One invoice line as a line rule (行规则) judged it: charged − adjustments = allowed, to the 分."""

    rule: str
    place: int  # in the list of lines, from 1
    name: str
    charged_fen: int
    adjustments: tuple[LineAdjustment, ...]
    allowed_fen: int


@dataclass(frozen=True)
class ResponsibilityResult:
    """The answer for one responsibility (责任)."""

    name: str
    outcome: Outcome
    benefit: Benefit
    amount_fen: int | None  # None only when unknown
    low_fen: int | None = None  # the interval of an unknown answer, where it can be told
    high_fen: int | None = None
    declined_by: str = ""  # the rule that said no
    clause: str = ""  # of that rule
    unknowns: tuple[UnknownCause, ...] = ()
    checks: tuple[Check, ...] = ()
    steps: tuple[Step, ...] = ()
    uses: tuple[AccumulatorUse, ...] = ()
    documents: tuple[str, ...] = ()  # 要件: the papers that prove it
    counterfactual: str = ""  # "若改为「经医保结算 = 是」（其余不变）：70,000.00（+28,000.00）"
    lines: tuple[LineJudgement, ...] = ()  # of the line rules that this responsibility asked, where all of them is known

    @property
    def is_waived(self) -> bool:
        """Tell whether its amount is premiums that are no longer owed, rather than money to pay."""
        return self.outcome is Outcome.PAYABLE and self.benefit is Benefit.WAIVER


@dataclass(frozen=True)
class Assessment:
    """The answer of one plan for one set of elements; replays bit for bit from its book hash and element snapshot."""

    product: str
    plan: str
    book_hash: str  # sha256 of the book's bytes
    basis: str  # "参数按 保单生效日 2024-03-01"
    results: tuple[ResponsibilityResult, ...] = field(default=())

    @property
    def total_fen(self) -> int:
        """The sum of what is payable; unknown responsibilities count nothing, and premiums waived are not paid out."""
        paid = (each for each in self.results if each.outcome is Outcome.PAYABLE and each.benefit is not Benefit.WAIVER)
        return sum(each.amount_fen or 0 for each in paid)

    @property
    def waived_fen(self) -> int:
        """The premiums that are no longer owed (豁免)."""
        return sum(each.amount_fen or 0 for each in self.results if each.is_waived)

    def result(self, name: str) -> ResponsibilityResult | None:
        """Find a responsibility's answer by name."""
        return next((each for each in self.results if each.name == name), None)
