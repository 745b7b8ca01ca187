"""A picture made smaller is the average of what it was, however much smaller; one that is small enough stays itself."""

import cv2
import numpy as np
import pytest

from ocr.perceptual_hash import perceptual_hash
from ocr.picture import shrink
from sandbox.render import render
from tests.ocr.conftest import invoice

PAGE = np.ascontiguousarray(np.asarray(render(invoice()).convert("RGB"), dtype=np.uint8)[:, :, ::-1])


@pytest.mark.parametrize("max_side", [1000, 801, 800, 799, 401, 200])
def test_halving_first_shows_what_averaging_at_once_does(max_side):
    page = np.ascontiguousarray(PAGE[:1061, :1601])  # odd sides: the last row and column may be lost, no more
    smaller, factor = shrink(page, max_side)
    height, width = smaller.shape[:2]
    assert (width, height) == (round(page.shape[1] * factor), round(page.shape[0] * factor))
    assert max(width, height) == max_side
    at_once = cv2.resize(page, (width, height), interpolation=cv2.INTER_AREA)
    assert np.abs(cv2.blur(smaller, (3, 3)).astype(int) - cv2.blur(at_once, (3, 3))).mean() < 1.5


def test_a_picture_that_is_small_enough_stays_itself():
    smaller, factor = shrink(PAGE, max(PAGE.shape))
    assert smaller is PAGE and factor == 1.0


def test_a_reencoded_copy_has_nearly_the_same_fingerprint():
    copy = cv2.imdecode(cv2.imencode(".jpg", PAGE, [cv2.IMWRITE_JPEG_QUALITY, 60])[1], cv2.IMREAD_COLOR)
    halved = cv2.resize(copy, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    prints = [int(perceptual_hash(each), 16) for each in (PAGE, copy, halved)]
    assert max((prints[0] ^ each).bit_count() for each in prints) <= 12  # of 256
