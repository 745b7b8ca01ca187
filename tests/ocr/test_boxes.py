"""The place that is reported for a value is the one where a person finds it, however the page lay before the camera."""

from io import BytesIO

import pytest
from PIL import Image

from bench.ocr.judging import judge
from bench.ocr.pages import pages_of
from bench.ocr.placing import hold_box, is_at, overlap
from domain.document import Box, DocumentClass
from sandbox.damage import Damage
from sandbox.exposure import Place
from sandbox.photograph import Level, Photo, photograph_sheet

PAGES = {page.document_class: page for page in pages_of(4714)}
TRUE = Box(100, 100, 200, 120)


def upside_down(photo: Photo) -> Photo:
    """The same picture on its head, as a scanner takes it from the wrong side."""
    picture = Image.open(BytesIO(photo.content))
    sink = BytesIO()
    picture.transpose(Image.Transpose.ROTATE_180).save(sink, "JPEG", quality=92)
    return Photo(
        sink.getvalue(),
        {
            name: Place(
                (), Box(picture.width - box.right, picture.height - box.bottom, picture.width - box.left, picture.height - box.top), 1
            )
            for name, place in photo.places.items()
            if (box := place.box)
        },
    )


def misplaced(reader, page, photo):
    """The names of right values whose box is elsewhere, and how many are right."""
    document = reader.read(photo.content)
    held = [hold_box(each, document, photo.places) for each in judge(page, document)]
    return [each.name for each in held if each.is_box_right is False], sum(each.is_box_right is True for each in held)


def test_boxes_are_found_after_the_page_was_laid_flat(reader) -> None:
    page = PAGES[DocumentClass.MEDICAL_INVOICE]
    photo = photograph_sheet(page.draw(), Level.GOOD, 3, {Damage.PERSPECTIVE: 0.2, Damage.SKEW: 0.1})
    elsewhere, count = misplaced(reader, page, photo)
    assert elsewhere == []
    assert count > 15


def test_boxes_of_a_phone_picture_are_those_after_its_exif_turn(reader) -> None:
    page = PAGES[DocumentClass.DISCHARGE_SUMMARY]
    elsewhere, count = misplaced(reader, page, photograph_sheet(page.draw(), Level.MIDDLING, 4, {Damage.FOLD: 0.3}))
    assert elsewhere == []
    assert count > 5


def test_boxes_of_a_page_on_its_head_lie_on_its_head(reader) -> None:
    page = PAGES[DocumentClass.SETTLEMENT_SHEET]
    elsewhere, count = misplaced(reader, page, upside_down(photograph_sheet(page.draw(), Level.SCAN, 5)))
    assert elsewhere == []
    assert count > 4


@pytest.mark.parametrize(
    ("box", "found"),
    [
        pytest.param(Box(150, 90, 400, 130), True, id="its left edge on the middle"),
        pytest.param(Box(151, 90, 400, 130), False, id="a pixel beyond the middle, too wide to share much"),
        pytest.param(Box(151, 100, 200, 120), True, id="beyond the middle, but half of it shared"),
        pytest.param(Box(100, 121, 200, 141), False, id="the line below"),
    ],
)
def test_a_box_is_right_when_it_shows_the_middle_or_much_of_the_print(box, found) -> None:
    assert is_at(box, TRUE) is found


def test_the_overlap_is_the_share_of_the_union() -> None:
    assert overlap(TRUE, TRUE) == 1
    assert overlap(TRUE, Box(100, 100, 150, 120)) == 0.5
    assert overlap(TRUE, Box(200, 100, 300, 120)) == 0
