"""A report of an X-ray, a CT or an MRI (影像检查报告)."""

from collections.abc import Sequence

from ocr.extract.anchors import Anchors
from ocr.extract.values import read_date, read_name, read_words
from ocr.extract.wanted import Extraction, Wanted, find_fields, labels_of
from ocr.layout import Row

_WANTED = (
    Wanted("patient_name", read_name, ("姓名", "患者姓名")),
    Wanted("hospital_name", read_words, ("医院名称", "医疗机构")),
    Wanted("body_part", read_words, ("检查部位",)),
    Wanted("conclusion", read_words, ("影像诊断", "诊断意见", "检查结论")),
    Wanted("report_date", read_date, ("报告日期", "报告时间")),
)
_LABELS = labels_of(_WANTED, "性别", "年龄", "科室", "检查方法", "影像所见", "报告医师", "审核医师")


def extract(rows: Sequence[Row]) -> Extraction:
    """Find whose picture was taken of what, and what it shows."""
    return Extraction(find_fields(Anchors(rows, _LABELS), _WANTED))
