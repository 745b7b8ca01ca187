"""The gate lets through what can be read, and says what to do about the rest."""

import cv2
import numpy as np
import pytest

from bench.ocr_fields import pages_of
from ocr.picture import decode_picture
from ocr.quality import findings_of, measure_quality
from ocr.settings import QualityThresholds
from sandbox.photograph import Level, photograph
from sandbox.render import render

PAGES = list(pages_of(55))


def codes(pixels):
    return [each.code for each in findings_of(measure_quality(pixels, QualityThresholds()))]


def pixels_of(page, level, seed=8):
    return decode_picture(photograph(render(page), level, seed), 50_000_000)


@pytest.mark.parametrize("level", [Level.SCAN, Level.GOOD, Level.MIDDLING])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.document_class)
def test_a_readable_photograph_passes(page, level):
    assert codes(pixels_of(page, level)) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.document_class)
def test_a_blurred_one_is_bounced(page):
    assert "document.blurred" in codes(pixels_of(page, Level.BAD))


def test_darkness_is_called_darkness():
    assert codes((pixels_of(PAGES[0], Level.GOOD) // 12).astype(np.uint8)) == ["document.too_dark"]


def test_an_empty_sheet_is_blank():
    assert codes(np.full((1200, 900, 3), 250, np.uint8)) == ["document.blank"]


def test_a_picture_burnt_to_white_is_overexposed():
    page = pixels_of(PAGES[0], Level.SCAN).astype(np.int16) + 215
    assert "document.overexposed" in codes(np.clip(page, 0, 255).astype(np.uint8))


def test_a_thumbnail_is_too_small():
    assert "document.too_small" in codes(cv2.resize(pixels_of(PAGES[0], Level.GOOD), (300, 200), interpolation=cv2.INTER_AREA))


def test_every_failed_score_carries_advice():
    scores = measure_quality(pixels_of(PAGES[0], Level.BAD), QualityThresholds())
    assert all(score.passed or score.advice for score in scores)
