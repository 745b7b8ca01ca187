"""A medical certificate of death (居民死亡医学证明书)."""

from collections.abc import Sequence

from ocr.extract.anchors import Anchors
from ocr.extract.labels import ID_NUMBER, OTHERS_ID_NUMBER
from ocr.extract.values import read_date, read_id_number, read_person, read_words
from ocr.extract.wanted import Extraction, Wanted, find_fields, labels_of, without_loose
from ocr.layout import Row

_WANTED = (
    Wanted("deceased_name", read_person, ("死者姓名", "死亡者姓名", "死者", "姓名")),
    Wanted("id_number", read_id_number, ("死者身份证号", "死者身份证号码", "死者证件号码", *ID_NUMBER)),
    Wanted("death_date", read_date, ("死亡日期", "死亡时间", "死亡年月日", "身故日期", "去世日期", "去世时间")),
    Wanted(
        "cause",
        read_words,
        ("死亡原因", "直接死因", "直接死亡原因", "死因", "直接导致死亡的疾病", "直接导致死亡的疾病或情况", "根本死因", "死亡诊断"),
    ),
)
_LABELS = labels_of(_WANTED, *OTHERS_ID_NUMBER, "医疗机构", "性别", "年龄", "注")


def extract(rows: Sequence[Row]) -> Extraction:
    """Find who died, when, and of what."""
    return Extraction(without_loose(find_fields(Anchors(rows, _LABELS), _WANTED), "id_number"))
