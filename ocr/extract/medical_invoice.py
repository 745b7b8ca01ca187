"""A hospital's receipt for charges (医疗收费票据), on paper or electronic."""

from collections.abc import Sequence

from ocr.extract.anchors import Anchors
from ocr.extract.item_table import read_item_lines
from ocr.extract.values import read_amount, read_capitals, read_code, read_date, read_days, read_name, read_words
from ocr.extract.wanted import Extraction, Wanted, find_fields, labels_of
from ocr.layout import Row

_WANTED = (
    Wanted("invoice_code", read_code, ("票据代码", "发票代码")),
    Wanted("invoice_number", read_code, ("票据号码", "发票号码")),
    Wanted("check_code", read_code, ("校验码",)),
    Wanted("payer_name", read_name, ("交款人", "姓名", "患者姓名")),
    Wanted("issue_date", read_date, ("开票日期", "填开日期")),
    Wanted("hospital_name", read_words, ("收款单位（章）", "收款单位(章)", "收款单位", "医疗机构")),
    Wanted("admission_date", read_date, ("入院日期", "入院时间", "住院日期")),
    Wanted("discharge_date", read_date, ("出院日期", "出院时间")),
    Wanted("inpatient_days", read_days, ("住院天数",)),
    Wanted("insurance_type", read_words, ("医保类型", "医保类别")),
    Wanted("total_fen", read_amount, ("金额合计（小写）", "合计（小写）", "（小写）", "小写")),
    Wanted("total_capitals_fen", read_capitals, ("金额合计（大写）", "合计（大写）", "（大写）", "大写")),
    Wanted("social_insurance_paid_fen", read_amount, ("医保统筹基金支付", "统筹基金支付", "基金支付", "医保支付")),
    Wanted("personal_paid_fen", read_amount, ("个人支付", "个人自付", "个人现金支付")),
)
_LABELS = labels_of(_WANTED, "收款人", "复核人", "性别", "医疗机构类型", "住院号", "病历号", "个人账户支付", "其他支付", "备注")


def extract(rows: Sequence[Row]) -> Extraction:
    """Find the receipt's fields and its charged items."""
    return Extraction(find_fields(Anchors(rows, _LABELS), _WANTED), read_item_lines(rows))
