"""The standard cases (标准情形): what is supposed to have happened when books are asked what cover they give in one of the five kinds.

A case tells elements by the names that books use, as `adjudicator/element_table.py` lists them; of these a book takes those that
it declares. What a book needs beyond it, its responsibility tells (保障), or the policy; what nobody tells stays unknown.
"""

from dataclasses import dataclass
from datetime import date

from domain.cover import CoverCause, CoverKind
from rules.values import ElementValue, PlainValue

SERIOUS_ILLNESS = "C34"  # the code of lung cancer: of the illnesses that every list of serious ones holds
DAYS_IN_HOSPITAL = 30
_CAUSES = {CoverCause.ILLNESS: "疾病", CoverCause.ACCIDENT: "意外"}
_INJURY = "S72"  # a broken thigh
# What did not happen, so that a responsibility of another kind is surely not involved.
_NOTHING: dict[str, ElementValue] = {
    "身故": False,
    "意外身故": False,
    "全残": False,
    "自杀": False,
    "故意犯罪": False,
    "酒后驾驶": False,
    "伤残等级": "未评残",
    "疾病程度": "未达",
    "确诊重疾": "无",
    "手术级别": "未手术",
    "骨折部位": "未骨折",
    "合理医疗费用": 0,
    "reasonable_cost": 0,
    "门急诊费用": 0,
    "医保已付": 0,
    "social_insurance_paid": 0,
    "他方已付": 0,
    "personal_plan_paid": 0,
    "目录外费用": 0,
    "目录内自付": 0,
    "目录外自费": 0,
    "特药费用": 0,
    "dental_cost": 0,
    "费用明细": (),
    "住院天数": 0,
    "重症监护天数": 0,
}


@dataclass(frozen=True)
class Bill:
    """What the treatment of the medical case costs, and what social insurance pays of it; whole fen."""

    charged_fen: int
    social_fen: int
    out_of_list_fen: int  # of what was charged, what no social insurance shares in

    @property
    def own_fen(self) -> int:
        """What is left to the patient before any policy pays."""
        return self.charged_fen - self.social_fen


NO_BILL = Bill(0, 0, 0)


def case_of(kind: CoverKind, cause: CoverCause, day: date, bill: Bill = NO_BILL) -> dict[str, ElementValue]:
    """Tell what happened in the case of a kind on a day; `bill` is that of the medical case."""
    happened: dict[str, ElementValue] = {"出险日": day, "loss_date": day, "出险原因": _CAUSES[cause]}
    if kind is CoverKind.DEATH:
        happened |= {"身故": True, "身故日": day, "意外身故": cause is CoverCause.ACCIDENT}
    elif kind is CoverKind.DISABILITY:
        happened |= {"全残": True, "伤残等级": "一级残"}
    elif kind is CoverKind.ILLNESS:
        happened |= {"疾病程度": "重症", "确诊重疾": SERIOUS_ILLNESS, "主诊断": SERIOUS_ILLNESS, "确诊日": day}
    elif kind is CoverKind.MEDICAL:
        happened |= _treated(cause, day, bill)
    else:
        happened |= {"生存": True}
    return _NOTHING | happened


def _treated(cause: CoverCause, day: date, bill: Bill) -> dict[str, ElementValue]:
    """A stay in a public hospital of the third grade, with an operation; the illness is the same serious one."""
    is_ill = cause is CoverCause.ILLNESS
    told: dict[str, ElementValue] = {
        "主诊断": SERIOUS_ILLNESS if is_ill else _INJURY,
        "医院等级": "三级",
        "hospital_grade": "third",
        "医院性质": "公立",
        "手术级别": "三级术",
        "住院天数": DAYS_IN_HOSPITAL,
        "经医保结算": bill.social_fen > 0,
        "合理医疗费用": bill.charged_fen,
        "reasonable_cost": bill.charged_fen,
        "医保已付": bill.social_fen,
        "social_insurance_paid": bill.social_fen,
        "目录外费用": bill.out_of_list_fen,
        "目录外自费": bill.out_of_list_fen,
        "目录内自付": max(bill.own_fen - bill.out_of_list_fen, 0),
        "费用明细": _lines(bill),
    }
    # A serious illness that was diagnosed is there as well; the responsibilities of its own kind are not asked here.
    return told | ({"确诊重疾": SERIOUS_ILLNESS, "疾病程度": "重症", "确诊日": day} if is_ill else {})


def _lines(bill: Bill) -> ElementValue:
    listed: dict[str, PlainValue] = {
        "项目": "治疗",
        "费用类别": "治疗费",
        "目录等级": "甲类",
        "金额": bill.charged_fen - bill.out_of_list_fen,
    }
    unlisted: dict[str, PlainValue] = {"项目": "目录外治疗", "费用类别": "治疗费", "目录等级": "丙类", "金额": bill.out_of_list_fen}
    return (listed, unlisted)
