"""The table of elements (要素表): for every element that a book may name, where it comes from and which paper would tell it.

To teach the system a new element, add a line to `ENTRIES`. An element that no paper tells stays unknown until the policy
carries it among its particulars (保单要素) or a person establishes it (人工认定), and is asked for by name.
"""

from dataclasses import dataclass

from adjudicator import element_bodies as bodies
from adjudicator import element_contract as contract
from adjudicator import element_costs as costs
from adjudicator import element_lines as lines
from adjudicator.known import UNTOLD, Find

PARTICULARS, PERSON = "the particulars of the policy", "a person"


@dataclass(frozen=True)
class Entry:
    """One element: its names in books, where it comes from (`find` None: only from particulars or a person), what to ask for."""

    names: tuple[str, ...]
    origin: str
    ask: str
    find: Find | None = None


def _particular(*names: str) -> Entry:
    return Entry(names, PARTICULARS, f"保单要素「{names[0]}」（由保单系统提供）")


def _person(*names: str, ask: str) -> Entry:
    return Entry(names, PERSON, ask)


ENTRIES: tuple[Entry, ...] = (
    Entry(("保单生效日", "policy_start"), "the policy: the first day of its present term", "保单", contract.effective_from),
    Entry(("连续续保",), "the policy: an earlier year without a gap", "保单", contract.is_renewal),
    Entry(("生存周年",), "the policy: which anniversary the day of the loss is, 0 on any other day", "保单", contract.anniversary),
    Entry(("被保险人生日",), "the customer data", "客户资料", contract.birth_date),
    Entry(("被保险人年龄",), "the customer data: full years on the day of the loss", "客户资料", contract.age),
    Entry(("参保身份",), "the customer data", "参保凭证", contract.insurance_status),
    Entry(
        ("出险日", "loss_date"),
        "the report; else the certified accident, the admission, the visit, the diagnosis, the death",
        "报案",
        contract.loss_day,
    ),
    Entry(("出险原因",), "the report", "报案", contract.cause),
    _particular("职业类别"),
    _particular("家庭成员"),
    _particular("insured_role"),
    _particular("在校学生"),
    _particular("期交保费"),
    _particular("剩余期数"),
    _particular("已交保费"),
    _particular("累计已交保费"),
    _particular("现金价值"),
    _particular("已领生存金"),
    _particular("employed_from"),
    _particular("employed_until"),
    _particular("is_still_employed"),
    _particular("各保单房屋保额"),
    Entry(
        ("主诊断",),
        "discharge summary, else pathology report, else diagnosis certificate: the code, or the code of exactly that name",
        "出院小结或诊断证明书",
        bodies.diagnosis,
    ),
    Entry(("确诊日",), "diagnosis certificate, else pathology report; only with a pathology report", "诊断证明书", bodies.confirmed_on),
    Entry(("确诊重疾",), "pathology report and diagnosis certificate, when they agree", "病理报告与诊断证明书", bodies.critical_illness),
    Entry(
        ("疾病程度",), "the same, where the sets 重症疾病 and 轻症疾病 decide by the code alone", "病理报告与诊断证明书", bodies.severity
    ),
    Entry(("医院等级", "hospital_grade"), "the hospitals, by the printed name", "医疗收费票据或出院小结", bodies.hospital_grade),
    Entry(("医院性质",), "the hospitals, by the printed name", "医疗收费票据或出院小结", bodies.hospital_nature),
    Entry(("医院地区",), "the hospitals of the medical base", "医疗收费票据或出院小结", bodies.hospital_region),
    Entry(
        ("住院天数",), "as printed, else discharge less admission; 0 for a lump sum or for visits alone", "出院小结", bodies.inpatient_days
    ),
    Entry(("就诊日",), "the outpatient invoices, when all are of one day", "门诊收费票据", bodies.visited_on),
    Entry(("手术级别",), "the surgery record: the highest grade printed, or listed for the operation", "手术记录", bodies.operation_grade),
    Entry(("骨折部位",), "the diagnosis, by the sets of fractures (股骨骨折 …)", "出院小结或诊断证明书", bodies.fracture_site),
    Entry(("骨折程度",), "the conclusion of the imaging report", "影像检查报告", bodies.fracture_degree),
    Entry(("伤残等级",), "the disability report", "伤残鉴定书", bodies.disability_grade),
    Entry(("全残",), "a person; a disability of the first grade is a doubt", "伤残鉴定书，由人对照全残定义", bodies.total_disability),
    Entry(("身故",), "the death certificate", "死亡证明", bodies.is_dead),
    Entry(("意外身故",), "the death certificate, and the cause that was reported", "死亡证明", bodies.is_killed),
    Entry(("身故日",), "the death certificate", "死亡证明", bodies.died_on),
    Entry(("自杀",), "no, where the certified cause of death is an illness; else a person", "公安机关证明", bodies.suicide),
    Entry(("酒后驾驶",), "a person; an accident certificate that speaks of drink is a doubt", "事故认定书", bodies.drunk_driving),
    _person("故意犯罪", ask="公安机关或法院文书"),
    _person("既往症", ask="既往病历"),
    _person("特药适应症", ask="处方与基因检测报告"),
    _person("生存", ask="生存证明"),
    _person("出险原因分类", ask="查勘报告"),
    _person("房屋损失", ask="查勘定损单"),
    _person("室内损失", ask="查勘定损单"),
    _person("盗抢损失", ask="查勘定损单"),
    _person("残值", ask="查勘定损单"),
    _person("房屋保险价值", ask="房屋估价报告"),
    _person("公安已立案", ask="报案回执"),
    Entry(("经医保结算",), "invoices: a fund payment above 0 is yes, a printed 自费 is no", "医保结算单", costs.via_social_insurance),
    Entry(
        ("合理医疗费用", "reasonable_cost"),
        "the sum of the invoices, each counted once; of stays alone where visits are counted apart",
        "医疗收费票据",
        costs.charged,
    ),
    Entry(("门急诊费用",), "the sum of the outpatient invoices", "门诊收费票据", costs.visits_charged),
    Entry(
        ("医保已付", "social_insurance_paid"),
        "the settlement sheet (with the insurance for major illness), else the invoices",
        "医保结算单",
        costs.social_insurance_paid,
    ),
    Entry(("他方已付", "personal_plan_paid"), "statements of other payers", "理赔分割单", costs.others_paid),
    Entry(
        ("费用明细",),
        "the expense list where it sums to the invoices, else their lines; category, class and share also from the medical base",
        "费用清单",
        lines.invoice_lines,
    ),
    Entry(("目录外费用",), "the lines of class 丙", "费用清单", lines.out_of_list),
    Entry(("目录内自付",), "what social insurance left, less the lines of class 丙", "医保结算单与费用清单", lines.own_share_in_list),
    Entry(("目录外自费",), "the lines of class 丙 but for special drugs", "费用清单", lines.own_share_out_of_list),
    Entry(("特药费用",), "the special drugs of the medical base among the lines of class 丙", "费用清单", lines.special_drugs),
    Entry(("dental_cost",), "the lines for teeth", "费用清单", lines.dental),
    Entry(("重症监护天数",), "the quantities of the lines of intensive care", "费用清单", lines.intensive_care_days),
)

_BY_NAME = {name: entry for entry in ENTRIES for name in entry.names}


def entry_of(name: str) -> Entry:
    """Give the entry of an element; one that the table does not hold can come from particulars or a person only."""
    return _BY_NAME.get(name) or Entry((name,), PARTICULARS, name)


def is_listed(name: str) -> bool:
    """Tell whether the table says where an element comes from."""
    return name in _BY_NAME


def find_of(name: str) -> Find:
    """Give the way in which an element is found in contract, evidence and medical base."""
    return entry_of(name).find or (lambda _known, _declared: UNTOLD)
