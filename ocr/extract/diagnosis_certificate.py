"""A diagnosis certificate (诊断证明书)."""

from collections.abc import Sequence

from ocr.extract.anchors import Anchors
from ocr.extract.values import read_code, read_date, read_name, read_words
from ocr.extract.wanted import Extraction, Wanted, find_fields, labels_of
from ocr.layout import Row

_WANTED = (
    Wanted("patient_name", read_name, ("姓名", "患者姓名", "病人姓名")),
    Wanted("hospital_name", read_words, ("医院名称", "医疗机构")),
    Wanted("diagnosis", read_words, ("临床诊断", "诊断意见", "诊断")),
    Wanted("diagnosis_icd10", read_code, ("疾病编码", "ICD-10", "诊断编码")),
    Wanted("diagnosis_date", read_date, ("确诊日期", "诊断日期")),
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
    "开具日期",
    "注",
)


def extract(rows: Sequence[Row]) -> Extraction:
    """Find the patient, the diagnosis and the day it was made."""
    return Extraction(find_fields(Anchors(rows, _LABELS), _WANTED))
