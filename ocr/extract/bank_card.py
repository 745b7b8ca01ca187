"""The front of a bank card (银行卡)."""

from collections.abc import Sequence

from ocr.extract.anchors import Anchors
from ocr.extract.values import read_card_number, read_person, read_words
from ocr.extract.wanted import Extraction, Wanted, find_fields, labels_of
from ocr.layout import Row

_WANTED = (
    Wanted("card_number", read_card_number, ("卡号",)),
    Wanted("bank_name", read_words, ("发卡银行", "发卡行", "开户行")),
    Wanted("holder_name", read_person, ("持卡人", "户名")),
)
_LABELS = labels_of(_WANTED, "有效期", "银行卡", "借记卡", "信用卡")


def extract(rows: Sequence[Row]) -> Extraction:
    """Find number, bank and holder."""
    return Extraction(find_fields(Anchors(rows, _LABELS), _WANTED))
