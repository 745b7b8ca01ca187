"""The feature registry (特征登记表): one list of what the model may know of a claim, for scoring and for training alike.

Left out on purpose: paid amounts, the final state and what a reviewer did (they come after the score),
names and numbers of people, sex and marital status. Age and region only where configuration asks for them.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from domain.money import format_fen
from domain.risk import EntityKind, FeatureRow
from riskmodel.facts import GRADES
from riskmodel.facts import RiskFacts as RiskFacts  # callers build the facts that this file reads
from riskmodel.facts import parse_facts as parse_facts

GROUPS = {
    "sharing": ("关联", "shared"),
    "payee": ("收款", "payee"),
    "timing": ("时间", "timing"),
    "amount": ("金额", "amount"),
    "documents": ("资料", "papers"),
    "rules": ("条款", "rules"),
    "history": ("既往赔案", "history"),
    "treatment": ("诊疗", "treatment"),
    "channel": ("渠道与机构", "channel"),
    "person": ("个人", "person"),
}

# Where a feature comes from, and up to when that counts (时点规则). Whoever adds a source adds its rule.
SOURCES = {
    "report": "as it was reported when the claim was scored",
    "papers": "as the papers that were in had been read when the claim was first scored; what people corrected later does not count",
    "policy": "as the customer data had the contract when the claim was scored",
    "rules": "what the rules answered within the transaction of the score, before anything was decided or paid",
    "claimant": "claims of the insured that came in before this one",
    "counters": "insureds who reported, claims that were scored and findings that were recorded before this one was scored",
}

_SUBJECTIVE = ("M54", "M79", "S13", "S33", "R", "G43", "G44", "F4")  # told by the patient rather than shown by a test


@dataclass(frozen=True)
class Unit:
    """How a value of a kind is written in a sentence; where English writes it as Chinese does, once."""

    name: str
    numeral: Callable[[float], str]
    english: Callable[[float], str] | None = None


COUNT = Unit("count", lambda value: f"{value:,.0f}")
DAYS = Unit("days", lambda value: f"{value:,.0f}")
FEN = Unit("fen", lambda value: format_fen(round(value)) + " 元", lambda value: format_fen(round(value)) + " yuan")
SHARE = Unit("share", lambda value: f"{value:.0%}")
TIMES = Unit("times", lambda value: f"{value:,.1f}")
FLAG = Unit("yes or no", str)
GRADE = Unit("grade", lambda value: GRADES[int(value)] if value in range(len(GRADES)) else f"{value:g}", lambda value: f"{value:g}")


@dataclass(frozen=True)
class Feature:
    """One column: what it means, where it comes from, how it is computed, which way it may push, and how its value is told.

    `direction` is +1 when more can only raise the score, -1 when more can only lower it, 0 when the model is free. `told`
    and `told_en` are sentences with {} for the value; of a yes or no they part the two by a bar, yes first.
    """

    name: str
    group: str
    source: str
    meaning: str
    meaning_en: str
    direction: int
    told: str
    told_en: str
    unit: Unit = COUNT
    compute: Callable[[RiskFacts], float | None] | None = None  # None: the fact of the same name
    missing_allowed: bool = True
    personal: str = ""  # the word in configuration without which it is neither computed nor learnt from

    @property
    def as_of(self) -> str:
        """Tell up to when what it says counts."""
        return SOURCES[self.source]

    def tell(self, value: float, *, english: bool = False) -> str:
        """Give the sentence of a value."""
        if math.isnan(value):
            return f"{self.meaning_en}: unknown" if english else f"{self.meaning}未知"
        sentence = self.told_en if english else self.told
        if self.unit is FLAG:
            yes, _, no = sentence.partition("|")
            return yes if value else no
        numeral = self.unit.english if english and self.unit.english else self.unit.numeral
        return sentence.format(numeral(value))


def feature_row(facts: RiskFacts) -> FeatureRow:
    """Compute every registered feature of a claim; what nobody knows is NaN."""
    return {name: math.nan if (value := compute(facts)) is None else float(value) for name, compute in _COMPUTE}


def _days_between(start: date | None, end: date | None) -> float | None:
    return None if start is None or end is None else (end - start).days


def _changed_days(facts: RiskFacts) -> float | None:
    days = _days_between(facts.policy_changed_on, facts.loss_date)
    return None if days is None or days < 0 else days  # a change after the loss changes nothing for it


def _ratio(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else part / whole


def _text_or_none(text: str, test: Callable[[str], bool]) -> float | None:
    return float(test(text)) if text else None


def _entity(kind: EntityKind, zh: str, en: str, group: str, direction: int = +1) -> tuple[Feature, ...]:
    """Give the features of something that claims have in common: how often lately, how many others, how much fraud was found."""
    return (
        Feature(
            f"{kind}_other_insureds", group, "counters", f"同一{zh}的其他被保险人数", f"other insureds with the same {en}", direction,
            f"{zh}另有 {{}} 名被保险人使用", f"{{}} other insureds have the same {en}",
        ),
        Feature(
            f"{kind}_recent_claims", group, "counters", f"同一{zh}近期的赔案数", f"recent claims with the same {en}", direction,
            f"同一{zh}近期约有 {{}} 件赔案", f"about {{}} recent claims with the same {en}",
        ),
        Feature(
            f"{kind}_fraud_rate", group, "counters", f"同一{zh}已确认欺诈的比例", f"confirmed fraud among claims with the same {en}", +1,
            f"同一{zh}已确认欺诈的比例约 {{}}", f"about {{}} of claims with the same {en} were confirmed as fraud", SHARE,
        ),
    )  # fmt: skip


FEATURES: tuple[Feature, ...] = (
    *_entity(EntityKind.PHONE, "手机号", "phone", "sharing"),
    *_entity(EntityKind.ACCOUNT, "收款账号", "bank account", "sharing"),
    *_entity(EntityKind.ADDRESS, "地址", "address", "sharing"),
    *_entity(EntityKind.DEVICE, "报案设备", "device", "sharing"),
    Feature("linked_insureds", "sharing", "counters", "由手机号、账号、地址、设备连成一片的被保险人数",
            "insureds that hang together by phones, accounts, addresses and devices", +1,
            "经手机号、账号、地址或设备相连的共 {} 名被保险人", "{} insureds hang together by phones, accounts, addresses or devices"),
    Feature("payee_is_other", "payee", "report", "收款人不是被保险人", "the payee is not the insured", +1,
            "收款人不是被保险人|收款人就是被保险人", "the payee is not the insured|the payee is the insured", FLAG,
            lambda facts: None if facts.payee_is_insured is None else not facts.payee_is_insured),
    Feature("account_changed_days", "payee", "counters", "收款账号变更至今的天数", "days since the bank account changed", -1,
            "收款账号 {} 天前变更过", "the bank account changed {} days ago", DAYS),
    Feature("policy_age_days", "timing", "policy", "保单生效至出险的天数", "days from the policy's beginning to the loss", -1,
            "保单生效 {} 天后出险", "the loss came {} days after the policy began", DAYS,
            lambda facts: _days_between(facts.policy_effective_from, facts.loss_date)),
    Feature("policy_change_days", "timing", "policy", "批改至出险的天数", "days from the last endorsement to the loss", -1,
            "批改 {} 天后出险", "the loss came {} days after an endorsement", DAYS, _changed_days),
    Feature("report_lag_days", "timing", "report", "出险至报案的天数", "days from the loss to the report", +1,
            "出险 {} 天后报案", "reported {} days after the loss", DAYS,
            lambda facts: _days_between(facts.loss_date, facts.report_date)),
    Feature("report_hour", "timing", "report", "报案的钟点", "hour of the report", 0, "{} 时报案", "reported at {} o'clock"),
    Feature("claimed_fen", "amount", "papers", "申请金额", "amount claimed", +1, "申请金额 {}", "{} claimed", FEN, missing_allowed=False),
    Feature("payable_fen", "amount", "rules", "理算给付金额", "amount the rules propose", +1,
            "理算给付金额 {}", "the rules propose {}", FEN),
    Feature("claimed_to_sum_insured", "amount", "papers", "申请金额占保险金额的比例", "amount claimed against the sum insured", +1,
            "申请金额为保险金额的 {}", "{} of the sum insured is claimed", SHARE,
            lambda facts: _ratio(facts.claimed_fen, facts.sum_insured_fen)),
    Feature("claimed_to_usual", "amount", "counters", "申请金额与该院同类诊断常见金额之比",
            "amount claimed against what is usual for the diagnosis at this hospital", +1,
            "申请金额为该院同类诊断常见金额的 {} 倍", "{} times what is usual for the diagnosis at this hospital", TIMES,
            lambda facts: _ratio(facts.claimed_fen, facts.usual_fen)),
    Feature("fen_per_inpatient_day", "amount", "papers", "每住院日的申请金额", "amount claimed for a day in hospital", +1,
            "每住院日 {}", "{} a day in hospital", FEN, lambda facts: _ratio(facts.claimed_fen, facts.inpatient_days)),
    Feature("document_doubts", "documents", "papers", "资料存疑的条数", "doubts about the papers", +1,
            "资料有 {} 处存疑", "{} doubts about the papers", missing_allowed=False),
    Feature("invoice_duplicate", "documents", "papers", "发票疑似重复使用", "an invoice seems to be used twice", +1,
            "发票疑似重复使用|发票未见重复使用", "an invoice seems to be used twice|no invoice is used twice", FLAG, missing_allowed=False),
    Feature("duplicate_marks", "documents", "papers", "与其他案件相同的资料份数", "papers that stand in other claims, too", +1,
            "有 {} 份资料与其他案件相同", "{} papers stand in other claims, too"),
    Feature("rules_declined", "rules", "rules", "规则拒付的责任项数", "responsibilities that the rules refuse", 0,
            "规则拒付 {} 项责任", "the rules refuse {} responsibilities"),
    Feature("rules_unknown", "rules", "rules", "规则无法定论的责任项数", "responsibilities that the rules cannot tell", 0,
            "规则有 {} 项责任无法定论", "the rules cannot tell {} responsibilities"),
    Feature("earlier_claims_7d", "history", "claimant", "此前七天内的赔案数", "claims of the insured in the last 7 days", +1,
            "此前七天内有 {} 次赔案", "{} claims in the last 7 days"),
    Feature("earlier_claims_30d", "history", "claimant", "此前三十天内的赔案数", "claims of the insured in the last 30 days", +1,
            "此前三十天内有 {} 次赔案", "{} claims in the last 30 days"),
    Feature("earlier_claims_90d", "history", "claimant", "此前九十天内的赔案数", "claims of the insured in the last 90 days", +1,
            "此前九十天内有 {} 次赔案", "{} claims in the last 90 days"),
    Feature("earlier_claims_365d", "history", "claimant", "此前一年内的赔案数", "claims of the insured in the last year", +1,
            "此前一年内有 {} 次赔案", "{} claims in the last year"),
    Feature("earlier_claims_same_hospital", "history", "claimant", "此前一年内在同一医院的赔案数",
            "claims of the insured at the same hospital in the last year", +1,
            "此前在同一医院有 {} 次赔案", "{} earlier claims at the same hospital"),
    Feature("insured_fraud_rate", "history", "counters", "被保险人此前已确认欺诈的比例",
            "confirmed fraud among earlier claims of the insured", +1,
            "被保险人此前已确认欺诈的比例约 {}", "about {} of the insured's earlier claims were confirmed as fraud", SHARE),
    Feature("inpatient_days", "treatment", "papers", "住院天数", "days in hospital", 0, "住院 {} 天", "{} days in hospital", DAYS),
    Feature("is_accident", "treatment", "report", "出险原因为意外", "the cause is an accident", 0,
            "出险原因为意外|出险原因为疾病", "the cause is an accident|the cause is an illness", FLAG,
            lambda facts: _text_or_none(facts.loss_cause, lambda cause: cause == "意外")),
    Feature("diagnosis_is_subjective", "treatment", "papers", "诊断主要依据自述症状", "the diagnosis rests on what the patient tells", +1,
            "诊断主要依据自述症状|诊断有客观检查依据", "the diagnosis rests on what the patient tells|the diagnosis rests on tests", FLAG,
            lambda facts: _text_or_none(facts.diagnosis_icd10, lambda code: code.upper().startswith(_SUBJECTIVE))),
    Feature("hospital_grade", "treatment", "papers", "医院等级（未定级 0 至三级 3）", "grade of the hospital, 0 to 3", -1,
            "就诊医院为{}", "hospital of grade {}", GRADE,
            lambda facts: GRADES.index(facts.hospital_grade) if facts.hospital_grade else None),
    Feature("hospital_is_private", "treatment", "papers", "医院为民营", "the hospital is private", +1,
            "就诊医院为民营|就诊医院为公立", "the hospital is private|the hospital is public", FLAG,
            lambda facts: _text_or_none(facts.hospital_ownership, lambda ownership: ownership == "民营")),
    Feature("channel_is_hospital", "channel", "report", "由医院直接结算", "settled by the hospital", -1,
            "由医院直接结算|由客户申请", "settled by the hospital|claimed by the customer", FLAG,
            lambda facts: _text_or_none(facts.channel, lambda channel: channel == "hospital")),
    *_entity(EntityKind.AGENT, "代理人", "agent", "channel"),
    *_entity(EntityKind.HOSPITAL, "医院", "hospital", "channel", direction=0),
    *_entity(EntityKind.HOSPITAL_AGENT, "医院与代理人组合", "pair of hospital and agent", "channel"),
    Feature("insured_age_years", "person", "policy", "被保险人年龄", "age of the insured", 0,
            "被保险人 {} 岁", "the insured is {} years old", personal="age"),
    Feature("region_fraud_rate", "person", "counters", "所在地区已确认欺诈的比例", "confirmed fraud among claims of the region", 0,
            "所在地区已确认欺诈的比例约 {}", "about {} of claims of the region were confirmed as fraud", SHARE, personal="region"),
)  # fmt: skip

PERSONAL = frozenset(each.personal for each in FEATURES if each.personal)
FEATURE_OF = {feature.name: feature for feature in FEATURES}
_COMPUTE = tuple((feature.name, feature.compute or attrgetter(feature.name)) for feature in FEATURES)
