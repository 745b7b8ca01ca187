"""Elements of illness, injury, disability and death; hospitals. What a code or a name means is read in the medical base."""

from datetime import date

from adjudicator.known import UNTOLD, Known, Told
from domain.claim import LossCause
from rules.medical_base import OPERATION_GRADES
from rules.model import Element as Declared
from rules.types import EnumType

_FRACTURE, _SEVERE, _MILD = "骨折", "重症疾病", "轻症疾病"
_NO_FRACTURE, _NO_OPERATION, _NOT_SEVERE = "未骨折", "未手术", "未达"
_DRUNK = ("酒后", "醉酒", "饮酒", "酒驾")
_ILLNESS_CODES = "ABCDEFGHIJKLMN"


def diagnosis(known: Known, _: Declared) -> Told:
    """主诊断: the ICD-10 code of the main diagnosis."""
    return _told(known, known.evidence.diagnosis_icd10, "diagnosis_icd10")


def confirmed_on(known: Known, _: Declared) -> Told:
    """确诊日: of a critical illness."""
    return _told(known, known.evidence.confirmed_on, "confirmed_on")


def critical_illness(known: Known, _: Declared) -> Told:
    """确诊重疾: only what pathology and certificate agree on."""
    return _told(known, known.evidence.critical_illness_icd10, "critical_illness_icd10")


def severity(known: Known, _: Declared) -> Told:
    """疾病程度: where the code alone decides it; a cancer whose stage decides is for a person."""
    code = known.evidence.critical_illness_icd10
    if code is None:
        return UNTOLD
    source = f"{code}，程度据医疗基础数据"
    if known.base.sets[_SEVERE].holds(code):
        return Told("重症", source)
    if known.base.sets[_MILD].holds(code):
        return Told("轻症", source)
    return Told(doubt=f"{code} 的疾病程度不能单凭编码确定，须由医学核赔认定")


def hospital_grade(known: Known, _: Declared) -> Told:
    """医院等级."""
    hospital = known.evidence.hospital
    return _told(known, hospital.grade if hospital else None, "hospital")


def hospital_nature(known: Known, _: Declared) -> Told:
    """医院性质: 公立 or 民营."""
    hospital = known.evidence.hospital
    return _told(known, hospital.ownership if hospital else None, "hospital")


def hospital_region(known: Known, _: Declared) -> Told:
    """医院地区: the code of its region (行政区划代码)."""
    hospital = known.evidence.hospital
    listed = known.base.hospitals.get(hospital.name) if hospital else None
    return Told(listed.region, "医疗基础数据") if listed else UNTOLD


def inpatient_days(known: Known, _: Declared) -> Told:
    """住院天数: none where no stay was claimed – a lump sum, or visits alone."""
    days, bills = known.evidence.inpatient_days, known.evidence.bills
    if days is not None:
        return _told(known, days, "inpatient_days")
    if known.evidence.is_critical_illness_only:
        return Told(0, "未申请医疗费用")
    return Told(0, "只有门诊收费票据") if bills.outpatient and not bills.inpatient else UNTOLD


def visited_on(known: Known, _: Declared) -> Told:
    """就诊日: of outpatient invoices that are all of one day."""
    day = known.evidence.visited_on
    return UNTOLD if day is None else Told(day, "门诊收费票据")


def operation_grade(known: Known, _: Declared) -> Told:
    """手术级别: the highest of the operations on record; what a record does not print stands in the medical base."""
    operations = known.evidence.injuries.operations
    if not operations:
        paid_for = any(known.base.kind_of(line.name) == "手术" for line in known.evidence.lines)
        return Told(doubt="费用中有手术，但没有手术记录，手术级别不明") if paid_for else UNTOLD
    grades = []
    for each in operations:
        listed = known.base.operations.get(each.name, "")
        if each.grade and listed and each.grade != listed:
            return Told(doubt=f"手术记录写「{each.name}」为{each.grade}，医疗基础数据为{listed}")
        grade = each.grade or listed
        if grade not in OPERATION_GRADES:
            return Told(doubt=f"手术记录没有写「{each.name}」的级别，医疗基础数据中也没有")
        grades.append(grade)
    return Told(max(grades, key=OPERATION_GRADES.index) + "术", "手术记录")


def fracture_site(known: Known, declared: Declared) -> Told:
    """骨折部位: the word of the book whose codes hold the main diagnosis; not broken when the diagnosis is no fracture."""
    code = known.evidence.diagnosis_icd10
    if code is None:
        return UNTOLD
    source = f"主诊断 {code}，部位据医疗基础数据"
    for site in declared.type.values if isinstance(declared.type, EnumType) else ():
        codes = known.base.sets.get(site + _FRACTURE)
        if codes is not None and codes.holds(code):
            return Told(site, source)
    if known.base.sets[_FRACTURE].holds(code):
        return Told(doubt=f"主诊断 {code} 是骨折，但编码不能确定部位")
    return Told(_NO_FRACTURE, source)


def fracture_degree(known: Known, _: Declared) -> Told:
    """骨折程度: as the radiologist says it; reports that differ tell nothing."""
    degrees = {"不完全性" if "不完全" in said else "完全性" for said in known.evidence.injuries.images if "完全" in said}
    return Told(degrees.pop(), "影像检查报告") if len(degrees) == 1 else UNTOLD


def disability_grade(known: Known, _: Declared) -> Told:
    """伤残等级."""
    grade = known.evidence.injuries.disability_grade
    return UNTOLD if grade is None else Told(grade + "残", "伤残鉴定书")


def total_disability(known: Known, _: Declared) -> Told:
    """全残: never concluded from a grade; a disability of the first grade asks for a person."""
    is_first = known.evidence.injuries.disability_grade == "一级"
    return Told(doubt="伤残等级为一级，是否构成条款所称全残须由人认定") if is_first else UNTOLD


def is_dead(known: Known, _: Declared) -> Told:
    """身故."""
    return Told(True, "死亡证明") if known.evidence.injuries.is_dead else UNTOLD


def is_killed(known: Known, _: Declared) -> Told:
    """意外身故: a death that was reported as an accident's."""
    if not known.evidence.injuries.is_dead:
        return UNTOLD
    if known.cause is None:
        return Told(doubt="有死亡证明，但没有报出险原因")
    return Told(known.cause is LossCause.ACCIDENT, "死亡证明与报案的出险原因")


def died_on(known: Known, _: Declared) -> Told:
    """身故日."""
    day = known.evidence.injuries.died_on
    return UNTOLD if day is None else Told(day, "死亡证明")


def suicide(known: Known, _: Declared) -> Told:
    """自杀: no, where the certified cause of death is an illness; anything else is for the police to say."""
    cause = known.evidence.injuries.died_of
    code = known.base.code_of(cause) if cause else ""
    return Told(False, f"死亡证明：死因「{cause}」是疾病") if code[:1] and code[0] in _ILLNESS_CODES else UNTOLD


def drunk_driving(known: Known, _: Declared) -> Told:
    """酒后驾驶: a certificate that speaks of drink asks for a person."""
    said = next((word for word in _DRUNK if word in known.evidence.injuries.accident), "")
    return Told(doubt=f"事故证明提到「{said}」，是否酒后驾驶须由人认定") if said else UNTOLD


def _told(known: Known, value: int | str | date | None, fact: str) -> Told:
    return UNTOLD if value is None else Told(value, known.evidence.sources.get(fact, ""))
