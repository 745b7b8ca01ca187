"""A discharge summary (出院小结)."""

from collections.abc import Sequence

from ocr.extract.anchors import Anchors
from ocr.extract.values import read_code, read_date, read_days, read_name, read_words
from ocr.extract.wanted import Extraction, Wanted, find_fields, labels_of
from ocr.layout import Row

_WANTED = (
    Wanted("patient_name", read_name, ("姓名", "患者姓名", "病人姓名")),
    Wanted("hospital_name", read_words, ("医院名称", "医疗机构")),
    Wanted("admission_date", read_date, ("入院日期", "入院时间")),
    Wanted("discharge_date", read_date, ("出院日期", "出院时间")),
    Wanted("inpatient_days", read_days, ("住院天数", "住院日数")),
    Wanted("diagnosis", read_words, ("出院诊断", "最后诊断", "主要诊断")),
    Wanted("diagnosis_icd10", read_code, ("疾病编码", "ICD-10", "诊断编码")),
    Wanted("attending_doctor", read_name, ("主治医师", "主治医生", "经治医师")),
)
_LABELS = labels_of(
    _WANTED, "性别", "年龄", "科室", "科别", "床号", "住院号", "入院诊断", "入院情况", "诊疗经过", "出院情况", "出院医嘱", "记录日期"
)


def extract(rows: Sequence[Row]) -> Extraction:
    """Find the patient, the stay and the diagnosis."""
    return Extraction(find_fields(Anchors(rows, _LABELS), _WANTED))
