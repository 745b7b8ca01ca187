"""A statement of what somebody else has paid of a cost already (理赔分割单): another insurer, a liable party, the employer."""

from collections.abc import Sequence

from ocr.extract.anchors import Anchors
from ocr.extract.values import read_amount, read_date, read_name, read_words
from ocr.extract.wanted import Extraction, Wanted, find_fields, labels_of
from ocr.layout import Row

_WANTED = (
    Wanted("patient_name", read_name, ("姓名", "被保险人")),
    Wanted("payer", read_words, ("赔付单位", "赔付方", "支付单位")),
    Wanted("paid_fen", read_amount, ("已赔付金额", "赔付金额")),
    Wanted("paid_date", read_date, ("赔付日期", "支付日期")),
)
_LABELS = labels_of(_WANTED, "费用总额", "特此证明", "经办人")


def extract(rows: Sequence[Row]) -> Extraction:
    """Find who paid how much, when, for whom."""
    return Extraction(find_fields(Anchors(rows, _LABELS), _WANTED))
