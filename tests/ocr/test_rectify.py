"""A sheet is laid flat by its own corners, never by those of a shadow or of one half of a folded sheet."""

import cv2
import numpy as np
import pytest

from bench.ocr_fields import pages_of
from bench.quality_cases import case_of
from domain.document import Box
from ocr.picture import decode_picture
from ocr.rectify import find_paper, overview_of
from ocr.view import turn, view_of
from sandbox.photograph import Level, photograph
from sandbox.render import render

PAGES = list(pages_of(55))


def corners(page):
    return find_paper(overview_of(view_of(decode_picture(photograph(render(page), Level.GOOD, 8), 50_000_000), 2000)))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.document_class)
def test_the_corners_of_a_sheet_on_a_table_are_found(page):
    found = corners(page)
    assert found is not None
    assert np.ptp(found[:, 0]) * np.ptp(found[:, 1]) > 1_500_000


@pytest.mark.parametrize("seed", [10504, 11037, 10992], ids=["shadow", "gradient", "fold"])
def test_the_lit_part_of_a_sheet_is_not_taken_for_the_sheet(seed):
    case = case_of(seed)  # each of them was cropped once, and nothing on it was found
    assert find_paper(overview_of(view_of(decode_picture(case.take(), 50_000_000), 2000))) is None


def test_the_dust_on_a_black_table_is_no_print():
    rendered = np.asarray(render(PAGES[0]).convert("RGB"), dtype=np.uint8)
    table = np.random.default_rng(3).integers(0, 40, (240, 180, 1), dtype=np.uint8).repeat(3, axis=2)
    picture = cv2.resize(table, (1440, 1920), interpolation=cv2.INTER_NEAREST)
    picture[320:1600, 260:1180] = cv2.resize(rendered, (920, 1280), interpolation=cv2.INTER_AREA)
    found = find_paper(overview_of(view_of(picture, 2000)))
    assert found is not None
    assert np.allclose(found, [[260, 320], [1179, 320], [1179, 1599], [260, 1599]], atol=12)


def test_a_box_that_ends_at_the_edge_of_a_turned_page_stays_within_the_picture():
    upload = np.full((997, 701, 3), 255, dtype=np.uint8)
    seen = turn(view_of(upload, 500), 1)
    height, width = seen.pixels.shape[:2]
    assert seen.box_in_upload(Box(-3, -3, width + 3, height + 3)) == Box(0, 0, 701, 997)
