"""A sheet is laid flat by its own corners, never by those of a shadow or of one half of a folded sheet."""

import cv2
import numpy as np
import pytest

from bench.ocr_fields import pages_of
from bench.quality_cases import case_of
from domain.document import Box
from ocr.picture import decode_picture
from ocr.rectify import find_paper, overview_of, rectify
from ocr.slant import slant_of_ink
from ocr.view import turn, view_of
from sandbox.circumstance import Circumstance
from sandbox.photograph import Level, photograph, photograph_sheet
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


def seen(seed):
    view = view_of(decode_picture(case_of(seed).take(), 50_000_000), 2000)
    return view, overview_of(view)


def slant_of(pixels):
    small = cv2.resize(pixels, (320, round(320 * pixels.shape[0] / pixels.shape[1])), interpolation=cv2.INTER_AREA)
    gray = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    return slant_of_ink(cv2.adaptiveThreshold(gray, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 15, 12))[0]


@pytest.mark.parametrize(("seed", "slant"), [(10666, -30), (10438, 30), (10587, 25)], ids=["finger", "glare", "cut off"])
def test_a_sheet_that_lies_far_aslant_is_turned_level_though_a_corner_is_hidden(seed, slant):
    view, overview = seen(seed)
    assert find_paper(overview) is None
    assert slant_of(view.pixels) == pytest.approx(slant, abs=2)
    assert slant_of(rectify(view, overview).pixels) == pytest.approx(0, abs=2)


@pytest.mark.parametrize("seed", [10518, 10647, 10838])
def test_the_grid_of_a_screen_is_no_slant(seed):
    view, overview = seen(seed)
    assert rectify(view, overview) is view


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


def curled(page, strength, seed=48_000):
    photo = photograph_sheet(page.draw(), Level.GOOD, seed, None, {Circumstance.CURL: strength})
    view = view_of(decode_picture(photo.content, 50_000_000), 2000)
    return photo, rectify(view, overview_of(view))


@pytest.mark.parametrize("strength", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("page", [PAGES[2], PAGES[4], PAGES[7]], ids=lambda page: page.document_class)
def test_what_stands_on_a_curled_sheet_is_found_again_in_the_picture(page, strength):
    sheet, (photo, flat) = page.draw(), curled(page, strength)
    assert flat.bend is not None
    across, down = flat.pixels.shape[1] / sheet.image.width, flat.pixels.shape[0] / sheet.image.height
    for name, box in sheet.places.items():
        there = photo.places[name].box
        back = flat.box_in_upload(
            Box(*(round(each) for each in (box.left * across, box.top * down, box.right * across, box.bottom * down)))
        )
        assert (back.top + back.bottom) / 2 == pytest.approx(
            (there.top + there.bottom) / 2, abs=24
        )  # a sheet seen aslant is not spread evenly


def test_a_turned_view_of_a_curled_sheet_leads_back_to_the_same_place():
    _, flat = curled(PAGES[2], 0.9)
    height, width = flat.pixels.shape[:2]
    there, turned = flat.box_in_upload(Box(100, 300, 400, 340)), turn(flat, 2)
    assert turned.box_in_upload(Box(width - 401, height - 341, width - 101, height - 301)) == there


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.document_class)
@pytest.mark.parametrize("level", [Level.GOOD, Level.MIDDLING])
def test_a_flat_sheet_has_no_bend(page, level):
    view = view_of(decode_picture(photograph(render(page), level, 8), 50_000_000), 2000)
    assert rectify(view, overview_of(view)).bend is None
