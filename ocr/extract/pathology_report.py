"""A pathology report (病理报告), on which a critical-illness benefit stands."""

from collections.abc import Sequence

from ocr.extract.anchors import Anchors
from ocr.extract.values import read_code, read_date, read_name, read_words
from ocr.extract.wanted import Extraction, Wanted, find_fields, labels_of
from ocr.layout import Row

_WANTED = (
    Wanted("patient_name", read_name, ("姓名", "患者姓名", "病人姓名")),
    Wanted("hospital_name", read_words, ("医院名称", "医疗机构")),
    Wanted("pathology_number", read_code, ("病理号", "病理编号")),
    Wanted("diagnosis", read_words, ("病理诊断", "诊断意见")),
    Wanted("diagnosis_icd10", read_code, ("疾病编码", "ICD-10", "诊断编码")),
    Wanted("report_date", read_date, ("报告日期", "报告时间")),
)
_LABELS = labels_of(_WANTED, "性别", "年龄", "送检材料", "送检科室", "肉眼所见", "镜下所见", "报告医师", "临床诊断", "病理诊断报告")


def extract(rows: Sequence[Row]) -> Extraction:
    """Find the patient, the diagnosis under the microscope and its date."""
    return Extraction(find_fields(Anchors(rows, _LABELS), _WANTED))
