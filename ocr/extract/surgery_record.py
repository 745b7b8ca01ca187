"""A record of an operation (手术记录)."""

from collections.abc import Sequence

from ocr.extract.anchors import Anchors
from ocr.extract.values import read_date, read_name, read_words
from ocr.extract.wanted import Extraction, Wanted, find_fields, labels_of
from ocr.layout import Row

_WANTED = (
    Wanted("patient_name", read_name, ("姓名", "患者姓名")),
    Wanted("hospital_name", read_words, ("医院名称", "医疗机构")),
    Wanted("surgery_date", read_date, ("手术日期", "手术时间")),
    Wanted("operation", read_words, ("手术名称", "实施手术")),
    Wanted("operation_grade", read_name, ("手术级别", "手术等级")),
)
_LABELS = labels_of(_WANTED, "性别", "年龄", "科室", "术前诊断", "术后诊断", "麻醉方式", "手术经过", "手术者", "记录日期")


def extract(rows: Sequence[Row]) -> Extraction:
    """Find who was operated on, when, and how."""
    return Extraction(find_fields(Anchors(rows, _LABELS), _WANTED))
