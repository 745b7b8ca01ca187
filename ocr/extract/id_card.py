"""Both sides of a resident identity card (居民身份证)."""

from collections.abc import Sequence

from ocr.extract.anchors import Anchors
from ocr.extract.values import read_date, read_id_number, read_person, read_term_end, read_words
from ocr.extract.wanted import Extraction, Wanted, find_fields, labels_of
from ocr.layout import Row

_WANTED = (
    Wanted("holder_name", read_person, ("姓名",)),
    Wanted("id_number", read_id_number, ("公民身份号码", "身份号码")),
    Wanted("birth_date", read_date, ("出生",)),
    Wanted("issuing_authority", read_words, ("签发机关",)),
    Wanted("valid_until_date", read_term_end, ("有效期限",)),
)
_LABELS = labels_of(_WANTED, "性别", "民族", "住址")


def extract(rows: Sequence[Row]) -> Extraction:
    """Find name, number and birth date, and on the back who issued it and until when it is valid."""
    return Extraction(find_fields(Anchors(rows, _LABELS), _WANTED))
