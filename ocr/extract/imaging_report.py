"""A report of an X-ray, a CT or an MRI (影像检查报告)."""

from collections.abc import Sequence

from ocr.extract.anchors import Anchors
from ocr.extract.heading import with_hospital
from ocr.extract.labels import HOSPITAL, NAME_FORM, NO_PATIENT, PATIENT
from ocr.extract.values import read_date, read_diagnosis, read_hospital, read_person, read_words
from ocr.extract.wanted import Extraction, Wanted, find_fields, label_like, labels_of
from ocr.layout import Row

_WANTED = (
    Wanted("patient_name", read_person, PATIENT),
    Wanted("hospital_name", read_hospital, HOSPITAL),
    Wanted("body_part", read_words, ("检查部位", "检查部位/方法", "部位", "扫描部位", "拍片部位")),
    Wanted(
        "conclusion",
        read_diagnosis,
        ("影像诊断", "诊断意见", "检查结论", "影像学诊断", "诊断结论", "诊断印象", "超声提示", "影像结论", "放射诊断", "印象", "诊断"),
    ),
    Wanted("report_date", read_date, ("报告日期", "报告时间", "诊断日期", "审核日期", "签发日期")),
    Wanted(
        "patient_name",
        read_person,
        (),
        like=label_like(NAME_FORM, NO_PATIENT),
    ),
)
_LABELS = labels_of(_WANTED, "性别", "年龄", "科室", "检查方法", "影像所见", "报告医师", "审核医师")


def extract(rows: Sequence[Row]) -> Extraction:
    """Find whose picture was taken of what, and what it shows."""
    return Extraction(with_hospital(find_fields(Anchors(rows, _LABELS), _WANTED), rows))
