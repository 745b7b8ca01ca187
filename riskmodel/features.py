"""The feature registry (特征登记表): one list of what the model may know of a claim, for scoring and for training alike.

Left out on purpose: paid amounts, the final state and what a reviewer did (they come after the score),
names and numbers of people, sex and marital status.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from domain.money import format_fen
from domain.risk import FeatureRow
from riskmodel.facts import GRADES
from riskmodel.facts import RiskFacts as RiskFacts  # callers build the facts that this file reads
from riskmodel.facts import parse_facts as parse_facts

GROUPS = {
    "sharing": "关联",
    "payee": "收款",
    "timing": "时间",
    "amount": "金额",
    "documents": "资料",
    "history": "既往赔案",
    "treatment": "诊疗",
    "channel": "渠道与机构",
}

_SUBJECTIVE = ("M54", "M79", "S13", "S33", "R", "G43", "G44", "F4")  # told by the patient rather than shown by a test


@dataclass(frozen=True)
class Feature:
    """One column: what it means, how it is computed, which way it may push, and how its value is told.

    `direction` is +1 when more can only raise the score, -1 when more can only lower it, 0 when the model is free.
    """

    name: str
    group: str
    meaning: str
    direction: int
    compute: Callable[[RiskFacts], float | None]
    tell: Callable[[float], str]
    missing_allowed: bool = True


def feature_row(facts: RiskFacts) -> FeatureRow:
    """Compute every registered feature of a claim; what nobody knows is NaN."""
    return {feature.name: _or_nan(feature.compute(facts)) for feature in FEATURES}


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _days_between(start: date | None, end: date | None) -> float | None:
    return None if start is None or end is None else (end - start).days


def _ratio(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else part / whole


def _text_or_none(text: str, test: Callable[[str], bool]) -> float | None:
    return float(test(text)) if text else None


def _is_subjective(code: str) -> bool:
    return code.upper().startswith(_SUBJECTIVE)


def _yuan(value: float) -> str:
    return format_fen(round(value)) + " 元"


def _count(pattern: str) -> Callable[[float], str]:
    return lambda value: pattern.format(f"{value:,.0f}")


def _either(yes: str, no: str) -> Callable[[float], str]:
    return lambda value: yes if value else no


FEATURES: tuple[Feature, ...] = (
    Feature(
        "phone_other_insureds",
        "sharing",
        "同一手机号的其他被保险人数",
        +1,
        lambda facts: facts.phone_other_insureds,
        _count("手机号另有 {} 名被保险人使用"),
    ),
    Feature(
        "account_other_insureds",
        "sharing",
        "同一收款账号的其他被保险人数",
        +1,
        lambda facts: facts.account_other_insureds,
        _count("收款账号另有 {} 名被保险人使用"),
    ),
    Feature(
        "device_other_insureds",
        "sharing",
        "同一设备的其他被保险人数",
        +1,
        lambda facts: facts.device_other_insureds,
        _count("报案设备另有 {} 名被保险人使用"),
    ),
    Feature(
        "payee_is_other",
        "payee",
        "收款人不是被保险人",
        +1,
        lambda facts: None if facts.payee_is_insured is None else not facts.payee_is_insured,
        _either("收款人不是被保险人", "收款人就是被保险人"),
    ),
    Feature(
        "policy_age_days",
        "timing",
        "保单生效至出险的天数",
        -1,
        lambda facts: _days_between(facts.policy_effective_from, facts.loss_date),
        _count("保单生效 {} 天后出险"),
    ),
    Feature(
        "report_lag_days",
        "timing",
        "出险至报案的天数",
        +1,
        lambda facts: _days_between(facts.loss_date, facts.report_date),
        _count("出险 {} 天后报案"),
    ),
    Feature(
        "claimed_fen",
        "amount",
        "申请金额",
        +1,
        lambda facts: facts.claimed_fen,
        lambda value: "申请金额 " + _yuan(value),
        missing_allowed=False,
    ),
    Feature("payable_fen", "amount", "理算给付金额", +1, lambda facts: facts.payable_fen, lambda value: "理算给付金额 " + _yuan(value)),
    Feature(
        "claimed_to_sum_insured",
        "amount",
        "申请金额占保险金额的比例",
        +1,
        lambda facts: _ratio(facts.claimed_fen, facts.sum_insured_fen),
        lambda value: f"申请金额为保险金额的 {value:.0%}",
    ),
    Feature(
        "fen_per_inpatient_day",
        "amount",
        "每住院日的申请金额",
        +1,
        lambda facts: _ratio(facts.claimed_fen, facts.inpatient_days),
        lambda value: f"每住院日 {_yuan(value)}",
    ),
    Feature(
        "document_doubts",
        "documents",
        "资料存疑的条数",
        +1,
        lambda facts: facts.document_doubts,
        _count("资料有 {} 处存疑"),
        missing_allowed=False,
    ),
    Feature(
        "invoice_duplicate",
        "documents",
        "发票疑似重复使用",
        +1,
        lambda facts: facts.invoice_duplicate,
        _either("发票疑似重复使用", "发票未见重复使用"),
        missing_allowed=False,
    ),
    Feature(
        "earlier_claims_365d",
        "history",
        "此前一年内的赔案数",
        +1,
        lambda facts: facts.earlier_claims_365d,
        _count("此前一年内有 {} 次赔案"),
    ),
    Feature(
        "earlier_claims_same_hospital",
        "history",
        "此前在同一医院的赔案数",
        +1,
        lambda facts: facts.earlier_claims_same_hospital,
        _count("此前在同一医院有 {} 次赔案"),
    ),
    Feature("inpatient_days", "treatment", "住院天数", 0, lambda facts: facts.inpatient_days, _count("住院 {} 天")),
    Feature(
        "is_accident",
        "treatment",
        "出险原因为意外",
        0,
        lambda facts: _text_or_none(facts.loss_cause, lambda cause: cause == "意外"),
        _either("出险原因为意外", "出险原因为疾病"),
    ),
    Feature(
        "diagnosis_is_subjective",
        "treatment",
        "诊断主要依据自述症状",
        +1,
        lambda facts: _text_or_none(facts.diagnosis_icd10, _is_subjective),
        _either("诊断主要依据自述症状", "诊断有客观检查依据"),
    ),
    Feature(
        "hospital_grade",
        "treatment",
        "医院等级（未定级 0 至三级 3）",
        -1,
        lambda facts: GRADES.index(facts.hospital_grade) if facts.hospital_grade else None,
        lambda value: f"就诊医院为{GRADES[int(value)]}" if value in range(len(GRADES)) else f"医院等级 {value:g}",
    ),
    Feature(
        "hospital_is_private",
        "treatment",
        "医院为民营",
        +1,
        lambda facts: _text_or_none(facts.hospital_ownership, lambda ownership: ownership == "民营"),
        _either("就诊医院为民营", "就诊医院为公立"),
    ),
    Feature(
        "channel_is_hospital",
        "channel",
        "由医院直接结算",
        -1,
        lambda facts: _text_or_none(facts.channel, lambda channel: channel == "hospital"),
        _either("由医院直接结算", "由客户申请"),
    ),
    Feature(
        "agent_claims_90d",
        "channel",
        "代理人名下 90 天内的赔案数",
        +1,
        lambda facts: facts.agent_claims_90d,
        _count("代理人名下 90 天内有 {} 件赔案"),
    ),
    Feature(
        "hospital_claims_90d",
        "channel",
        "该医院 90 天内的赔案数",
        0,
        lambda facts: facts.hospital_claims_90d,
        _count("该医院 90 天内有 {} 件赔案"),
    ),
)

FEATURE_OF = {feature.name: feature for feature in FEATURES}
