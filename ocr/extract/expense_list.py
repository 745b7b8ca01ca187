"""The hospital's list of single charges (费用清单)."""

from collections.abc import Sequence

from ocr.extract.anchors import Anchors
from ocr.extract.heading import with_hospital
from ocr.extract.item_table import read_item_lines
from ocr.extract.labels import HOSPITAL, NAME_FORM, NO_PATIENT, PATIENT
from ocr.extract.values import read_amount, read_hospital, read_person
from ocr.extract.wanted import Extraction, Wanted, find_fields, label_like, labels_of
from ocr.layout import Row

_TOTALS = (
    "费用合计", "费用总计", "金额合计", "总计", "总金额", "合计金额", "费用总额", "总费用", "费用总金额", "合计费用", "总额", "累计金额",
    "应收合计", "本次费用合计", "本期费用合计",
    "本日合计", "当日合计", "本单合计", "金额总计", "住院总费用", "总计金额", "合计",
)  # fmt: skip
_WANTED = (
    Wanted("patient_name", read_person, PATIENT),
    Wanted("hospital_name", read_hospital, HOSPITAL),
    Wanted("total_fen", read_amount, _TOTALS),
    Wanted(
        "patient_name",
        read_person,
        (),
        like=label_like(NAME_FORM, NO_PATIENT),
    ),
    Wanted(
        "total_fen",
        read_amount,
        (),
        like=label_like("X(?:总费用|总额|费用合计|总金额|费用总计|合计费用|合计金额|应收合计)X", "自费|自付|报销|支付|个人|基金"),
    ),
)
_LABELS = labels_of(_WANTED, "费用日期", "住院号", "科室", "床号", "性别", "年龄", "打印日期")


def extract(rows: Sequence[Row]) -> Extraction:
    """Find whose list it is, its total and its lines."""
    return Extraction(with_hospital(find_fields(Anchors(rows, _LABELS), _WANTED), rows), read_item_lines(rows))
