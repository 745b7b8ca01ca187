"""A pathology report (病理报告), on which a critical-illness benefit stands."""

from collections.abc import Sequence

from ocr.extract.anchors import Anchors
from ocr.extract.heading import with_hospital
from ocr.extract.labels import HOSPITAL, ICD10, NAME_FORM, NO_PATIENT, PATIENT
from ocr.extract.values import read_code, read_date, read_diagnosis, read_hospital, read_icd10, read_person
from ocr.extract.wanted import LOOSE, Extraction, Wanted, find_fields, label_like, labels_of
from ocr.layout import Row

_DIAGNOSES = ("病理诊断", "诊断意见", "病理学诊断", "病理组织学诊断", "组织学诊断", "病理结果", "病理诊断意见", "病理结论", "诊断结论")
_WANTED = (
    Wanted("patient_name", read_person, PATIENT),
    Wanted("hospital_name", read_hospital, HOSPITAL),
    Wanted(
        "pathology_number",
        read_code,
        ("病理号", "病理编号", "病理检查号", "病理标本号", "病理科编号", "切片号", "病检号", "病理序号", "检查号"),
    ),
    Wanted("diagnosis", read_diagnosis, _DIAGNOSES),
    Wanted("diagnosis", read_diagnosis, ("诊断结果", "诊断"), LOOSE),
    Wanted("diagnosis_icd10", read_code, ICD10),
    Wanted("diagnosis_icd10", read_icd10, _DIAGNOSES),
    Wanted(
        "report_date",
        read_date,
        ("报告日期", "报告时间", "签发日期", "发报告日期", "诊断日期", "审核日期", "签发时间", "审核时间", "出报告日期"),
    ),
    Wanted("report_date", read_date, ("日期",), LOOSE),
    Wanted(
        "patient_name",
        read_person,
        (),
        like=label_like(NAME_FORM, NO_PATIENT),
    ),
    Wanted("pathology_number", read_code, (), like=label_like("X(?:病理|切片|标本|检查)X(?:号码?|编号)", "住院|门诊|床")),
    Wanted(
        "diagnosis",
        read_diagnosis,
        (),
        like=label_like("X(?:病理|组织学?|细胞学?|检查)X(?:诊断|结论|结果|意见)X", "日期|时间|医师|医生|编码|报告|临床"),
    ),
    Wanted("report_date", read_date, (), like=label_like("X(?:报告|签发|审核|发布)X(?:日期|时间)")),
)
_LABELS = labels_of(_WANTED, "性别", "年龄", "送检材料", "送检科室", "肉眼所见", "镜下所见", "报告医师", "临床诊断", "病理诊断报告")


def extract(rows: Sequence[Row]) -> Extraction:
    """Find the patient, the diagnosis under the microscope and its date."""
    return Extraction(with_hospital(find_fields(Anchors(rows, _LABELS), _WANTED), rows))
