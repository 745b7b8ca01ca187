"""A diagnosis certificate (诊断证明书)."""

from collections.abc import Sequence

from ocr.extract.anchors import Anchors
from ocr.extract.heading import with_hospital
from ocr.extract.labels import DAY, HOSPITAL, ICD10, ICD10_FORM, NAME_FORM, NO_PATIENT, PATIENT
from ocr.extract.values import read_code, read_date, read_diagnosis, read_hospital, read_icd10, read_person
from ocr.extract.wanted import LOOSE, Extraction, Wanted, find_fields, label_like, labels_of
from ocr.layout import Row

_DIAGNOSES = ("临床诊断", "诊断意见", "诊断结果", "诊断结论", "诊断名称", "疾病诊断", "疾病名称", "初步诊断", "确定诊断", "诊断为", "诊断")
_WANTED = (
    Wanted("patient_name", read_person, PATIENT),
    Wanted("hospital_name", read_hospital, HOSPITAL),
    Wanted("diagnosis", read_diagnosis, _DIAGNOSES),
    Wanted("diagnosis_icd10", read_code, ICD10),
    Wanted("diagnosis_icd10", read_icd10, _DIAGNOSES),
    Wanted("diagnosis_date", read_date, ("确诊日期", "诊断日期", "确诊时间", "诊断时间", "开具日期", "开具时间", "出具日期", "签发日期")),
    Wanted("diagnosis_date", read_date, ("就诊日期", "就诊时间", "日期"), LOOSE),
    Wanted(
        "patient_name",
        read_person,
        (),
        like=label_like(NAME_FORM, NO_PATIENT),
    ),
    Wanted("diagnosis_icd10", read_icd10, (), like=label_like(ICD10_FORM)),
    Wanted(
        "diagnosis_date",
        read_date,
        (),
        like=label_like(f"X(?:确诊|诊断|签发|开具|出具|开立)(?:X(?:{DAY}))?", "出生|复诊|随访|打印|入院|出院"),
    ),
    Wanted("diagnosis", read_diagnosis, (), like=label_like("X诊断X", "日期|时间|医师|医生|编码|代码|证明|专用|依据|书")),
)
_LABELS = labels_of(
    _WANTED,
    "诊断证明书",
    "疾病诊断证明书",
    "诊断证明",
    "诊断专用章",
    "性别",
    "年龄",
    "科室",
    "科别",
    "门诊号",
    "处理意见",
    "医师签名",
    "注",
)


def extract(rows: Sequence[Row]) -> Extraction:
    """Find the patient, the diagnosis and the day it was made."""
    return Extraction(with_hospital(find_fields(Anchors(rows, _LABELS), _WANTED), rows))
