"""Finds the days of a stay where no label announces them: 共住院9天, 共9天."""

from domain.document import Field
from ocr.extract.anchors import Anchors
from ocr.extract.labels import STAY_DAYS_WORDS
from ocr.extract.values import read_days
from ocr.extract.wanted import Wanted, field_of

_DAYS = Wanted("inpatient_days", read_days, ())


def with_days(fields: tuple[Field, ...], anchors: Anchors) -> tuple[Field, ...]:
    """Add the days that are written into the text to fields that have none."""
    if any(field.name == _DAYS.name for field in fields):
        return fields
    found = next((field_of(_DAYS, each) for each in anchors.search(STAY_DAYS_WORDS)), None)
    return (*fields, found) if found else fields
