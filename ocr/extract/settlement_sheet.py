"""A settlement sheet of the social insurance (医保结算单)."""

from collections.abc import Sequence

from ocr.extract.anchors import Anchors
from ocr.extract.values import read_amount, read_name, read_words
from ocr.extract.wanted import Extraction, Wanted, find_fields, labels_of
from ocr.layout import Row

_WANTED = (
    Wanted("patient_name", read_name, ("姓名", "患者姓名", "参保人")),
    Wanted("hospital_name", read_words, ("医院名称", "医疗机构")),
    Wanted("total_fen", read_amount, ("医疗费用总额", "费用总额")),
    Wanted("social_insurance_paid_fen", read_amount, ("统筹基金支付", "基本医保支付")),
    Wanted("major_illness_paid_fen", read_amount, ("大病保险支付",)),
    Wanted("personal_paid_fen", read_amount, ("个人负担", "个人支付")),
)
_LABELS = labels_of(_WANTED, "人员类别", "结算日期", "住院号", "经办人")


def extract(rows: Sequence[Row]) -> Extraction:
    """Find whose bill it was, and who paid how much of it."""
    return Extraction(find_fields(Anchors(rows, _LABELS), _WANTED))
