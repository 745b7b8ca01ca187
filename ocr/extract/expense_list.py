"""The hospital's list of single charges (费用清单)."""

from collections.abc import Sequence

from ocr.extract.anchors import Anchors
from ocr.extract.item_table import read_item_lines
from ocr.extract.values import read_amount, read_name, read_words
from ocr.extract.wanted import Extraction, Wanted, find_fields, labels_of
from ocr.layout import Row

_WANTED = (
    Wanted("patient_name", read_name, ("患者姓名", "病人姓名", "姓名")),
    Wanted("hospital_name", read_words, ("医院名称", "医疗机构")),
    Wanted("total_fen", read_amount, ("费用合计", "费用总计", "金额合计", "总计", "合计")),
)
_LABELS = labels_of(_WANTED, "费用日期", "住院号", "科室", "床号", "性别", "年龄", "打印日期")


def extract(rows: Sequence[Row]) -> Extraction:
    """Find whose list it is, its total and its lines."""
    return Extraction(find_fields(Anchors(rows, _LABELS), _WANTED), read_item_lines(rows))
