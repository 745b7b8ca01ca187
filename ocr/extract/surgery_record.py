"""A record of an operation (手术记录)."""

from collections.abc import Sequence

from ocr.extract.anchors import Anchors
from ocr.extract.heading import with_hospital
from ocr.extract.labels import HOSPITAL, NAME_FORM, NO_PATIENT, PATIENT
from ocr.extract.values import read_date, read_hospital, read_name, read_person, read_words
from ocr.extract.wanted import Extraction, Wanted, find_fields, label_like, labels_of
from ocr.layout import Row

_WANTED = (
    Wanted("patient_name", read_person, PATIENT),
    Wanted("hospital_name", read_hospital, HOSPITAL),
    Wanted("surgery_date", read_date, ("手术日期", "手术时间", "手术开始时间", "手术起止时间", "施行日期")),
    Wanted(
        "operation",
        read_words,
        ("手术名称", "实施手术", "手术方式", "施行手术", "已施手术", "实施手术名称", "施行手术名称", "手术操作名称", "术式"),
    ),
    Wanted("operation_grade", read_name, ("手术级别", "手术等级", "手术分级")),
    Wanted(
        "patient_name",
        read_person,
        (),
        like=label_like(NAME_FORM, NO_PATIENT),
    ),
)
_LABELS = labels_of(_WANTED, "性别", "年龄", "科室", "术前诊断", "术后诊断", "麻醉方式", "手术经过", "手术者", "记录日期")


def extract(rows: Sequence[Row]) -> Extraction:
    """Find who was operated on, when, and how."""
    return Extraction(with_hospital(find_fields(Anchors(rows, _LABELS), _WANTED), rows))
