"""An expert opinion on a disability (伤残鉴定书)."""

from collections.abc import Sequence

from ocr.extract.anchors import Anchors
from ocr.extract.labels import ID_NUMBER, OTHERS_ID_NUMBER
from ocr.extract.values import read_date, read_id_number, read_name, read_person
from ocr.extract.wanted import Extraction, Wanted, find_fields, labels_of, without_loose
from ocr.layout import Row

_WANTED = (
    Wanted("patient_name", read_person, ("被鉴定人", "被鉴定人姓名", "被评定人", "被评定人姓名", "受检人", "被检验人", "伤者姓名", "姓名")),
    Wanted("id_number", read_id_number, ("被鉴定人身份证号", "被鉴定人身份证号码", "被评定人身份证号", "被评定人身份证号码", *ID_NUMBER)),
    Wanted("disability_grade", read_name, ("伤残等级", "伤残级别", "致残等级", "残疾等级", "评定等级", "鉴定等级", "伤残程度等级")),
    Wanted("assessed_date", read_date, ("鉴定日期", "评定日期", "鉴定时间", "评定时间", "出具日期")),
)
_LABELS = labels_of(_WANTED, *OTHERS_ID_NUMBER, "鉴定标准", "鉴定意见", "鉴定机构", "鉴定人", "性别")


def extract(rows: Sequence[Row]) -> Extraction:
    """Find who was examined, when, and the grade."""
    return Extraction(without_loose(find_fields(Anchors(rows, _LABELS), _WANTED), "id_number"))
