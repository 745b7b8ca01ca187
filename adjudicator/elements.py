"""Elements (要素): the facts of one policy's claim, in the names that the rule books use, each with its source.

To teach the system a new element, add one line to `_facts` and declare it in the books that name it.
"""

from collections.abc import Collection
from datetime import date

from adjudicator.evidence import Evidence
from domain.claim import LossCause
from domain.element import Element, ElementKind
from domain.policy import Person, Policy

Value = int | bool | str | date | None

_MONEY, _DAYS, _DAY, _YES_NO, _TEXT = ElementKind


def build_elements(
    policy: Policy, insured: Person, loss_date: date | None, cause: LossCause | None, evidence: Evidence, declared: Collection[str]
) -> tuple[Element, ...]:
    """Build the elements that a book declares; what is not known stays None and is asked for by the rules."""
    facts = _facts(policy, insured, loss_date, cause, evidence)
    return tuple(Element(name, kind, _stored(value), source) for name, kind, value, source in facts if name in declared)


def element_values(elements: Collection[Element]) -> dict[str, Value]:
    """Give the values as the rule engine takes them, unknown ones left out."""
    return {each.name: each.opened() for each in elements if each.value is not None}


def _facts(
    policy: Policy, insured: Person, loss_date: date | None, cause: LossCause | None, evidence: Evidence
) -> list[tuple[str, ElementKind, Value, str]]:
    contract, source = f"保单 {policy.policy_number}", evidence.sources
    hospital, costs = evidence.hospital, source.get("costs", "")
    only_lump_sum = "未申请医疗费用"
    nothing_claimed = 0 if evidence.is_critical_illness_only else None
    covered = insured.has_social_insurance
    out_of_list = sum(line.amount_fen for line in evidence.lines if line.list_class == "丙")
    return [
        ("保单生效日", _DAY, policy.effective_from, contract),
        ("连续续保", _YES_NO, policy.is_renewal, contract),
        ("出险日", _DAY, loss_date or evidence.admission_date, "报案" if loss_date else source.get("admission_date", "")),
        ("出险原因", _TEXT, cause.value if cause else None, "报案"),
        ("确诊日", _DAY, evidence.confirmed_on, source.get("confirmed_on", "")),
        ("主诊断", _TEXT, evidence.diagnosis_icd10, source.get("diagnosis_icd10", "")),
        ("确诊重疾", _TEXT, evidence.critical_illness_icd10, source.get("critical_illness_icd10", "")),
        ("医院等级", _TEXT, hospital.grade if hospital else None, source.get("hospital", "")),
        ("医院性质", _TEXT, hospital.ownership if hospital else None, source.get("hospital", "")),
        ("参保身份", _TEXT, None if covered is None else "有医保" if covered else "无医保", "客户资料"),
        ("经医保结算", _YES_NO, evidence.via_social_insurance, costs),
        ("合理医疗费用", _MONEY, nothing_claimed if evidence.charged_fen is None else evidence.charged_fen, costs or only_lump_sum),
        ("医保已付", _MONEY, evidence.social_insurance_paid_fen, costs),
        (
            "住院天数",
            _DAYS,
            nothing_claimed if evidence.inpatient_days is None else evidence.inpatient_days,
            source.get("inpatient_days", only_lump_sum),
        ),
        ("目录外费用", _MONEY, out_of_list if evidence.lines else None, costs),
    ]


def _stored(value: Value) -> int | bool | str | None:
    return value.isoformat() if isinstance(value, date) else value
