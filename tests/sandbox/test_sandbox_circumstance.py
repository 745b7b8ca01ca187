"""Sheets that curl and yellow, wooden tables, messengers: by strength, by seed, with the places of the print."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from sandbox.circumstance import Circumstance
from sandbox.damage import Damage
from sandbox.photograph import Level, photograph, photograph_sheet
from tests.sandbox.test_sandbox_places import SHEET, SLACK_PX, colour_in, differ_px, pages

PAGE = SHEET.image


def shown(content):
    return np.asarray(Image.open(BytesIO(content)).convert("RGB").resize((450, 320)), dtype=float)


@pytest.mark.parametrize("circumstance", list(Circumstance))
def test_the_stronger_the_farther_from_the_plain_photograph(circumstance):
    plain, weak, strong = (shown(photograph(PAGE, Level.GOOD, 3, None, {circumstance: strength})) for strength in (0.0, 0.3, 0.9))
    assert 0 < np.abs(weak - plain).mean() < np.abs(strong - plain).mean()


@pytest.mark.parametrize("circumstance", list(Circumstance))
def test_the_same_seed_gives_the_same_bytes(circumstance):
    one, other = (photograph(PAGE, Level.GOOD, 5, {Damage.GLARE: 0.2}, {circumstance: 0.6}) for _ in range(2))
    assert one == other


def test_without_any_of_them_a_photograph_is_what_it_was():
    assert photograph(PAGE, Level.GOOD, 1, {Damage.NOISE: 0.1}, dict.fromkeys(Circumstance, 0.0)) == photograph(
        PAGE, Level.GOOD, 1, {Damage.NOISE: 0.1}
    )


def test_a_messenger_leaves_a_smaller_picture_without_exif():
    sent = Image.open(BytesIO(photograph(PAGE, Level.GOOD, 1, None, {Circumstance.MESSENGER: 0.5})))
    taken = Image.open(BytesIO(photograph(PAGE, Level.GOOD, 1)))
    assert not sent.getexif()
    assert max(sent.size) == pytest.approx(0.7 * max(taken.size), abs=2)


def test_yellowed_paper_has_lost_more_blue_than_red():
    red, _, blue = (shown(photograph(PAGE, Level.SCAN, 1, None, {Circumstance.YELLOWED: 0.8}))[..., each].mean() for each in range(3))
    assert blue < 0.9 * red


@settings(deadline=None, max_examples=12)
@given(
    pages(),
    st.sampled_from([Level.SCAN, Level.GOOD]),
    st.integers(0, 10_000),
    st.dictionaries(st.sampled_from([Circumstance.CURL, Circumstance.MESSENGER]), st.floats(0.1, 0.6), min_size=1),
)
def test_the_places_go_with_the_print(sheet, level, seed, circumstances):
    photo = photograph_sheet(sheet, level, seed, None, circumstances)
    for name, place in photo.places.items():
        found = colour_in(photo.content, name)
        assert found is not None
        assert place.seen == 1
        assert differ_px(found, place.box) <= SLACK_PX
