"""Ground truth: a photograph says where everything that was printed landed, and it is there."""

import json
import subprocess
import sys
from io import BytesIO

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from domain.document import Box, DocumentClass
from sandbox.damage import Damage
from sandbox.ground_truth import truth_as_json, truth_of
from sandbox.photograph import Level, photograph, photograph_sheet
from sandbox.render import facts_of
from sandbox.sheet import Sheet, line_facts
from sandbox.specimens import make_specimens

HUES = {"green": 60, "cyan": 90, "blue": 120, "magenta": 150}  # as OpenCV counts them; tables and warnings are red and brown
COLOURS = {"green": (0, 190, 0), "cyan": (0, 190, 190), "blue": (0, 0, 220), "magenta": (200, 0, 200)}
MOVING = (Damage.FOLD, Damage.PERSPECTIVE, Damage.SKEW, Damage.CUT_OFF, Damage.SMALL)
SLACK_PX = 5  # blur and the codec's blocks of colour


def patches(size, places):
    """A sheet whose facts are coloured patches."""
    sheet = Sheet(size)
    for name, (left, top) in places.items():
        box = Box(left, top, left + 150, top + 60)
        sheet.fill(box.left, box.top, box.right - 1, box.bottom - 1, COLOURS[name])
        sheet.places[name] = box
    return sheet


def colour_in(content, name):
    """The rectangle around a colour in the picture as it is shown, and how many pixels have it."""
    shown = np.asarray(ImageOps.exif_transpose(Image.open(BytesIO(content))).convert("RGB"))
    hue, saturation, _ = cv2.split(cv2.cvtColor(shown, cv2.COLOR_RGB2HSV))
    has_it = (np.abs(hue.astype(int) - HUES[name]) < 12) & (saturation > 110)
    has_it = cv2.morphologyEx(has_it.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    rows, columns = np.nonzero(has_it)
    return None if len(rows) == 0 else Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


def differ_px(one, other):
    return max(abs(getattr(one, side) - getattr(other, side)) for side in ("left", "top", "right", "bottom"))


@st.composite
def pages(draw):
    size = draw(st.sampled_from([(900, 640), (640, 900), (700, 700)]))
    cells = draw(st.permutations([(0, 0), (0, 1), (1, 0), (1, 1)]))  # a quarter of the page each, so that no patch lies on another
    quarter = size[0] // 2, size[1] // 2
    return patches(
        size,
        {
            name: (
                across * quarter[0] + draw(st.integers(10, quarter[0] - 170)),
                down * quarter[1] + draw(st.integers(40, quarter[1] - 70)),
            )
            for name, (across, down) in zip(COLOURS, cells, strict=True)
        },
    )


damages = st.dictionaries(st.sampled_from(MOVING), st.floats(0.05, 0.6), max_size=3)


@settings(deadline=None, max_examples=25)
@given(pages(), st.sampled_from([Level.SCAN, Level.GOOD, Level.MIDDLING]), st.integers(0, 10_000), damages)
def test_a_place_is_the_rectangle_around_its_print(sheet, level, seed, damages) -> None:
    photo = photograph_sheet(sheet, level, seed, damages)
    for name, place in photo.places.items():
        found = colour_in(photo.content, name)
        if place.seen == 1:
            assert found is not None
            assert differ_px(found, place.box) <= SLACK_PX
        elif place.box is not None and found is not None:  # part of it; of a sliver no colour may be left
            assert found.left >= place.box.left - SLACK_PX
            assert found.top >= place.box.top - SLACK_PX
            assert found.right <= place.box.right + SLACK_PX
            assert found.bottom <= place.box.bottom + SLACK_PX
        if place.box is None:
            assert found is None or min(found.right - found.left, found.bottom - found.top) <= SLACK_PX


@settings(deadline=None, max_examples=12)
@given(pages(), st.integers(0, 10_000), st.sampled_from([Damage.PERSPECTIVE, Damage.SKEW, Damage.SMALL]), st.floats(0.1, 0.9))
def test_corners_follow_the_print_and_lie_on_the_rim_of_its_rectangle(sheet, seed, damage, strength) -> None:
    for place in photograph_sheet(sheet, Level.GOOD, seed, {damage: strength}).places.values():
        x, y = zip(*place.corners, strict=True)
        rim = Box(int(np.floor(min(x))), int(np.floor(min(y))), int(np.ceil(max(x))), int(np.ceil(max(y))))
        assert differ_px(rim, place.box) <= 1
        turned = sum(a * d - b * c for (a, b), (c, d) in zip(place.corners, (*place.corners[1:], place.corners[0]), strict=True))
        assert turned > 0  # clockwise on a picture, whose y grows downwards


SHEET = patches((900, 640), {"green": (20, 60), "cyan": (700, 60), "blue": (20, 500), "magenta": (700, 500)})


@pytest.mark.parametrize("seed", range(8))
def test_a_fact_outside_the_photograph_is_told_so(seed) -> None:
    places = photograph_sheet(SHEET, Level.SCAN, seed, {Damage.CUT_OFF: 0.6}).places  # 36 percent of one side
    lost = {name for name, place in places.items() if place.seen == 0}
    assert lost in ({"green", "cyan"}, {"blue", "magenta"}, {"green", "blue"}, {"cyan", "magenta"})
    assert all((place.box is None) == (name in lost) for name, place in places.items())
    assert all(places[name].seen == 1 for name in set(places) - lost)


def test_a_fact_that_is_cut_through_is_told_by_what_is_left_of_it() -> None:
    sheet = patches((1000, 600), {"blue": (60, 270)})  # 60 to 210 of 1,000
    seeds = (photograph_sheet(sheet, Level.SCAN, seed, {Damage.CUT_OFF: 0.225}).places["blue"] for seed in range(20))  # 135 pixels
    half = next(place for place in seeds if place.seen < 1)
    assert half.seen == pytest.approx(0.5, abs=0.03)
    assert half.box == Box(0, 270, 75, 330)
    assert half.corners[0] == (-75, 270)


def test_what_a_fold_swallows_is_not_seen() -> None:
    columns = {}
    tall = Sheet((300, 1600))
    for top in range(0, 1600, 20):
        columns[f"row/{top}"] = Box(50, top, 250, top + 12)
    tall.places.update(columns)
    places = photograph_sheet(tall, Level.SCAN, 4, {Damage.FOLD: 0.5}).places  # 20 pixels on either side of one crease
    swallowed = [name for name, place in places.items() if place.seen == 0]
    assert 1 <= len(swallowed) <= 2


def test_every_fact_of_a_photographed_page_comes_with_its_value_and_its_place() -> None:
    page = next(each for each in make_specimens() if each.document_class is DocumentClass.EXPENSE_LIST)
    photo = photograph_sheet(page.draw(), Level.GOOD, 2, {Damage.CUT_OFF: 0.5})
    truth = truth_of(page, photo)
    assert {name: fact.value for name, fact in truth.items()} == facts_of(page) | dict(zip(line_facts(page.lines), page.lines, strict=True))
    told = json.loads(truth_as_json(truth))
    assert told["patient_name"]["value"] == page.patient_name
    assert {name for name, each in told.items() if each["box"] is None} == {name for name, fact in truth.items() if fact.place.seen == 0}


@pytest.mark.parametrize("level", list(Level))
def test_following_places_does_not_change_the_picture(level) -> None:
    assert photograph_sheet(SHEET, level, 5, {Damage.FOLD: 0.4}).content == photograph(SHEET.image, level, 5, {Damage.FOLD: 0.4})


_SCRIPT = """
import hashlib
from bench.ocr.pages import pages_of
from sandbox.damage import Damage
from sandbox.layouts.registry import LAYOUTS
from sandbox.photograph import Level, photograph_sheet

pages, digest = {page.document_class: page for page in pages_of(3)}, hashlib.sha256()
for document_class, (*_, layout) in LAYOUTS.items():
    digest.update(layout.draw(pages[document_class]).image.tobytes())
photo = photograph_sheet(layout.draw(pages[document_class]), Level.MIDDLING, 7, {each: 0.2 for each in Damage})
digest.update(photo.content + repr(sorted(photo.places.items())).encode())
print(digest.hexdigest())
"""


def test_two_processes_draw_and_photograph_alike() -> None:
    """Nothing depends on the hashes of strings, on time or on the order of a set."""
    printed = {
        subprocess.run(
            [sys.executable, "-c", _SCRIPT],
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1
