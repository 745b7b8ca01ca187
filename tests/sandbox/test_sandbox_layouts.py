"""Layouts of other provinces: the same facts, printed differently, each with the places where they stand."""

from typing import Any

import numpy as np
import pytest

from domain.document import Box, DocumentClass
from domain.errors import SetupError
from sandbox.layouts.form import Layout
from sandbox.layouts.haitang.print import HELD_OUT as HAITANG
from sandbox.layouts.qiushan.print import HELD_OUT
from sandbox.layouts.registry import LAYOUTS, NATIONAL, find_layout
from sandbox.render import facts_of, render
from sandbox.sheet import Sheet, line_facts
from sandbox.specimens import make_specimens

PAGES = {page.document_class: page for page in make_specimens()}
PRINTED = [pytest.param(page, layout, id=f"{page}-{layout.name}") for page, layouts in LAYOUTS.items() for layout in layouts]
FIVE = ("medical_invoice", "expense_list", "discharge_summary", "diagnosis_certificate")
FOUR = ("settlement_sheet", "claim_form", "accident_certificate", "pathology_report")


def ink_in(sheet: Sheet, box: Box) -> Box:
    """The rectangle around the dark pixels in a box: printed ink is dark in green, watermark and seal are not."""
    dark = np.asarray(sheet.image)[box.top : box.bottom, box.left : box.right, 1] < 120
    rows, columns = np.nonzero(dark)
    return Box(box.left + columns.min(), box.top + rows.min(), box.left + columns.max() + 1, box.top + rows.max() + 1)


@pytest.mark.parametrize(("document_class", "layout"), PRINTED)
def test_every_fact_stands_where_the_sheet_says(document_class: DocumentClass, layout: Layout[Any]) -> None:
    page = PAGES[document_class]
    sheet = layout.draw(page)
    assert set(sheet.places) == {*facts_of(page), *line_facts(getattr(page, "lines", ()))}
    for name, box in sheet.places.items():
        ink = ink_in(sheet, box)
        assert max(ink.top - box.top, box.bottom - ink.bottom) <= 2, name
        assert max(ink.left - box.left, box.right - ink.right) < box.bottom - box.top, (
            name
        )  # less than a character: a last 。 is mostly white


@pytest.mark.parametrize(("document_class", "layout"), PRINTED)
def test_a_layout_prints_the_same_pixels_every_time(document_class: DocumentClass, layout: Layout[Any]) -> None:
    page = PAGES[document_class]
    assert layout.draw(page).image.tobytes() == layout.draw(page).image.tobytes()


def test_the_first_layout_is_the_one_a_page_prints_by_itself() -> None:
    for document_class, (first, *_) in LAYOUTS.items():
        assert first.name == NATIONAL
        assert render(PAGES[document_class]).tobytes() == first.draw(PAGES[document_class]).image.tobytes()


def test_the_weighty_classes_have_provinces_and_hold_one_back_for_measuring() -> None:
    for document_class, layouts in LAYOUTS.items():
        several = 5 if document_class in FIVE else 4 if document_class in FOUR else 1
        assert len([each for each in layouts if each.name != HAITANG]) == several
        assert (layouts[-1].name == HELD_OUT) is layouts[-1].is_held_out is (several > 1)


def test_an_unknown_layout_is_named_with_those_there_are() -> None:
    with pytest.raises(SetupError, match=r"medical_invoice has no layout 'x'.*national, shidong, yangnan, lixi, qiushan"):
        find_layout(DocumentClass.MEDICAL_INVOICE, "x")
