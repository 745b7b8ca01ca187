"""The camera's damages: each with a strength, the same for the same seed, several on one picture."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageOps

from domain.document import DocumentClass
from sandbox.damage import Damage
from sandbox.photograph import Level, photograph
from sandbox.render import render
from sandbox.specimens import make_specimens

PAGE = next(render(page) for page in make_specimens() if page.document_class is DocumentClass.MEDICAL_INVOICE)


def seen(damages, seed=3):
    """The photograph as a grey picture, upright, at the size of the undamaged one."""
    picture = ImageOps.exif_transpose(Image.open(BytesIO(photograph(PAGE, Level.GOOD, seed, damages)))).convert("L")
    return np.asarray(picture.resize((500, 331)), dtype=float)


@pytest.mark.parametrize("damage", list(Damage))
def test_a_stronger_damage_is_farther_from_the_truth(damage):
    clean, weak, strong = seen({}), seen({damage: 0.3}), seen({damage: 0.9})
    assert 0 < np.abs(weak - clean).mean() < np.abs(strong - clean).mean()


@pytest.mark.parametrize("damage", list(Damage))
def test_the_same_seed_does_the_same_damage(damage):
    assert photograph(PAGE, Level.SCAN, 5, {damage: 0.6}) == photograph(PAGE, Level.SCAN, 5, {damage: 0.6})


def test_another_seed_does_it_elsewhere():
    assert np.abs(seen({Damage.GLARE: 0.5}, 3) - seen({Damage.GLARE: 0.5}, 4)).mean() > 5


def test_strength_zero_is_no_damage():
    assert photograph(PAGE, Level.GOOD, 1, {Damage.GLARE: 0.0, Damage.JPEG: 0.0}) == photograph(PAGE, Level.GOOD, 1)


def test_one_picture_may_carry_several():
    dark_and_small = ImageOps.exif_transpose(Image.open(BytesIO(photograph(PAGE, Level.GOOD, 3, {Damage.DARK: 0.5, Damage.SMALL: 0.5}))))
    whole = ImageOps.exif_transpose(Image.open(BytesIO(photograph(PAGE, Level.GOOD, 3))))
    assert dark_and_small.width < 0.6 * whole.width
    assert np.asarray(dark_and_small).mean() < 0.4 * np.asarray(whole).mean()
