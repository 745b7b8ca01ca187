"""A certificate of an accident (意外事故证明)."""

from collections.abc import Sequence

from ocr.extract.anchors import Anchors
from ocr.extract.values import read_date, read_name, read_story
from ocr.extract.wanted import Extraction, Wanted, field_of, find_fields, labels_of
from ocr.layout import Row

_WANTED = (
    Wanted("patient_name", read_name, ("姓名", "当事人", "受伤人")),
    Wanted("accident_date", read_date, ("事故日期", "事故时间", "出险日期")),
)
_NARRATIVE = Wanted("narrative", read_story, ("事故经过", "事发经过", "事故情况"))
_LABELS = labels_of((*_WANTED, _NARRATIVE), "以上情况属实", "特此证明", "证明单位", "证明人")


def extract(rows: Sequence[Row]) -> Extraction:
    """Find who was hurt, when, and the story, which may run over several lines."""
    anchors = Anchors(rows, _LABELS)
    fields = find_fields(anchors, _WANTED)
    story = anchors.paragraph(*_NARRATIVE.labels)
    narrative = field_of(_NARRATIVE, story) if story else None
    return Extraction((*fields, narrative) if narrative else fields)
