"""Finds the hospital in the heading of its paper, where no label announces it: 示例市第一人民医院 above or before the title."""

import re
from collections.abc import Sequence

from domain.document import Field
from ocr.extract.values import to_simplified
from ocr.extract.wanted import LOOSE
from ocr.layout import Row

_HEAD_ROWS = 6
_HOSPITAL = re.compile(
    r"^([\u4e00-\u9fff·]{2,30}(?:医院|卫生院|保健院|卫生服务中心|卫生服务站|医学中心|医疗中心|防治院|诊所|"
    r"门诊部))(?:[（(][^（()）]{1,14}[）)])?"
)
_NOT_A_NAME = re.compile("我院|本院|该院|住院病人在|患者|入院|医疗机构|名称|姓名|证明|单位")


def find_hospital(rows: Sequence[Row]) -> Field | None:
    """Find a hospital's name at the top of the first page; with the title in the same piece of text it is less sure."""
    for row in rows[:_HEAD_ROWS]:
        for cell in row:
            text = re.sub(r"\s", "", to_simplified(cell.text))
            match = _HOSPITAL.match(text)
            if match and row[0].page == rows[0][0].page and _NOT_A_NAME.search(match[1]) is None:
                trust = 1.0 if match[0] == text else LOOSE
                confidence = round(cell.confidence * trust, 4)
                return Field("hospital_name", match[1], confidence, cell.page, cell.source, cell.text, is_loose=trust < 1)
    return None


def with_hospital(fields: tuple[Field, ...], rows: Sequence[Row]) -> tuple[Field, ...]:
    """Add the hospital of the heading to fields that have none."""
    if any(field.name == "hospital_name" for field in fields):
        return fields
    found = find_hospital(rows)
    return (*fields, found) if found else fields
