"""A statement of what somebody else has paid of a cost already (理赔分割单): another insurer, a liable party, the employer."""

from collections.abc import Sequence

from ocr.extract.anchors import Anchors
from ocr.extract.values import read_amount, read_date, read_person, read_words
from ocr.extract.wanted import Extraction, Wanted, find_fields, labels_of
from ocr.layout import Row

_WANTED = (
    Wanted("patient_name", read_person, ("姓名", "被保险人", "被保险人姓名", "患者姓名", "出险人", "出险人姓名", "病人姓名")),
    Wanted("payer", read_words, ("赔付单位", "赔付方", "支付单位", "赔付公司", "赔付机构", "理赔公司", "承保公司", "出具单位", "保险公司")),
    Wanted(
        "paid_fen",
        read_amount,
        (
            "已赔付金额",
            "赔付金额",
            "赔款金额",
            "理赔金额",
            "实际赔付金额",
            "给付金额",
            "已赔金额",
            "赔付总额",
            "已支付金额",
            "本公司赔付金额",
            "我司赔付金额",
        ),
    ),
    Wanted("paid_date", read_date, ("赔付日期", "支付日期", "赔款支付日期", "理赔日期", "结案日期", "给付日期", "赔付时间")),
)
_LABELS = labels_of(_WANTED, "费用总额", "特此证明", "经办人")


def extract(rows: Sequence[Row]) -> Extraction:
    """Find who paid how much, when, for whom."""
    return Extraction(find_fields(Anchors(rows, _LABELS), _WANTED))
