"""Every layout that extractors are tuned on reads completely, and where the value stands."""

import pytest

from bench.ocr.judging import misses_of
from bench.ocr.pages import pages_of
from domain.document import Box, DocumentClass, Field
from sandbox.layouts.registry import LAYOUTS, NATIONAL
from sandbox.photograph import Level, photograph

PAGES = {page.document_class: page for page in pages_of(4712)}
# The national layout is read in test_reading.py.
TUNED = [(page, each) for page, layouts in LAYOUTS.items() for each in layouts if each.name != NATIONAL and not each.is_held_out]


def covers(field: Field, place: Box) -> bool:
    """Tell whether the middle of the printed value lies in the box that was read."""
    assert field.box is not None
    across, down = (place.left + place.right) / 2, (place.top + place.bottom) / 2
    return field.box.left <= across <= field.box.right and field.box.top <= down <= field.box.bottom


@pytest.mark.parametrize(("document_class", "layout"), [pytest.param(*each, id=f"{each[0]}-{each[1].name}") for each in TUNED])
def test_a_scan_of_a_tuned_layout_reads_completely(reader, document_class: DocumentClass, layout) -> None:
    sheet = layout.draw(PAGES[document_class])
    document = reader.read(photograph(sheet.image, Level.SCAN, 1))
    assert document.document_class is document_class
    assert misses_of(PAGES[document_class], document) == {}
    assert [each.name for each in document.fields if each.name in sheet.places and not covers(each, sheet.places[each.name])] == []
    assert {each.code for each in document.findings} <= {"field.low_confidence"}  # a person may be asked; nothing contradicts
