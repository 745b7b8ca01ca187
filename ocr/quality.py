"""The first quality gate (图像质量检测): milliseconds on a picture, to predict whether reading it will fail.

Looks at a small overview (light, emptiness) and at the three densest native tiles (sharpness,
height of the text). It is calibrated to the readers: they stand darkness, noise and slant; they fail
on blur that is wide against the strokes.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from domain.document import QualityScore
from domain.finding import Finding
from ocr.findings import KINDS, make_finding
from ocr.picture import Pixels
from ocr.settings import QualityThresholds

Gray = NDArray[np.uint8]

_OVERVIEW_PX = 720
_TILE_PX = 256
_TILES = 3
_PALE_INK = 228  # brightness beyond which ink is burnt out; at 226 PP-OCR still read 37 of 46 lines
_FLAT = 0.3  # standard deviation of brightness of a sheet with nothing on it
_INK_STEP = 22  # how much darker than its surroundings ink is, of 255
_TEXT_HEIGHT_CEILING_PX = 40.0  # blurred characters melt together; a melted blob is no large character

# score name -> finding code; the order is the order of complaint
_FINDING_OF = {
    "small": "document.too_small",
    "dark": "document.too_dark",
    "blown": "document.overexposed",
    "blank": "document.blank",
    "blur": "document.blurred",
    "text_height": "document.too_small",
}


@dataclass(frozen=True)
class _Tile:
    """What one native tile shows: slope of its edges as a share of contrast per pixel, height of its text in pixels."""

    edge_slope: float
    text_height_px: float


def measure_quality(pixels: Pixels, thresholds: QualityThresholds) -> tuple[QualityScore, ...]:
    """Measure a picture as uploaded; every score that failed carries advice in the customer's words.

    A picture too dark, blown out or blank is not measured for sharpness: there is no edge to measure.
    """
    gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    scores = _light_scores(gray, thresholds)
    if all(score.passed for score in scores):
        scores += _detail_scores(gray, thresholds)
    return scores


def findings_of(scores: tuple[QualityScore, ...]) -> tuple[Finding, ...]:
    """Turn the failed scores into findings that ask for a better picture, the gravest first, each code once."""
    failed = {score.name for score in scores if not score.passed}
    codes = dict.fromkeys(code for name, code in _FINDING_OF.items() if name in failed)
    return tuple(make_finding(code) for code in codes)


def _light_scores(gray: Gray, thresholds: QualityThresholds) -> tuple[QualityScore, ...]:
    overview = _overview(gray)
    ink = _ink(overview)
    ink_share = float(ink.mean())
    is_pale = overview[ink].mean() > _PALE_INK if ink.any() else overview.std() > _FLAT  # white paper is no fault while the ink is dark
    blown = float((overview >= 250).mean()) if is_pale else 0.0
    return (
        _at_least("small", float(min(gray.shape)), float(thresholds.short_side_min_px)),
        _at_least("dark", float(np.percentile(overview, 95)), thresholds.dark_level_max),
        _at_most("blown", blown, thresholds.blown_share_max),
        _at_least("blank", ink_share, thresholds.ink_share_min),
    )


def _detail_scores(gray: Gray, thresholds: QualityThresholds) -> tuple[QualityScore, ...]:
    tiles = [_measure_tile(tile) for tile in _densest_tiles(gray)]
    tiles = [tile for tile in tiles if tile.text_height_px > 0]
    if not tiles:
        return (_at_least("blur", 0.0, thresholds.sharpness_min),)
    height = max(tile.text_height_px for tile in tiles)  # the best tile speaks: another may show the table's grain
    sharpness = max(tile.edge_slope * min(tile.text_height_px, _TEXT_HEIGHT_CEILING_PX) for tile in tiles)
    return (_at_least("blur", sharpness, thresholds.sharpness_min), _at_least("text_height", height, thresholds.text_height_min_px))


def _overview(gray: Gray) -> Gray:
    factor = min(1.0, _OVERVIEW_PX / max(gray.shape))
    size = (max(1, round(gray.shape[1] * factor)), max(1, round(gray.shape[0] * factor)))
    return np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _ink(gray: Gray) -> NDArray[np.bool_]:
    """Mark what is darker than its surroundings, in proportion to their light."""
    around = cv2.blur(gray, (31, 31)).astype(np.int16)
    return np.asarray(around - gray > np.maximum(4, around * _INK_STEP // 255))


def _densest_tiles(gray: Gray) -> list[Gray]:
    """Cut the native tiles where the most fine ink lies; they never overlap."""
    overview = _overview(gray)
    factor = gray.shape[1] / overview.shape[1]
    side = max(8, round(_TILE_PX / factor))
    edges = np.abs(cv2.Laplacian(cv2.GaussianBlur(overview, (0, 0), 1.0), cv2.CV_32F))
    density = cv2.boxFilter(np.minimum(edges, 24.0), cv2.CV_32F, (side, side))
    tiles = []
    for _ in range(_TILES):
        _, most, _, (x, y) = cv2.minMaxLoc(density)
        if most <= 0:
            break
        density[max(0, y - side) : y + side, max(0, x - side) : x + side] = 0
        left = int(np.clip(x * factor - _TILE_PX / 2, 0, max(0, gray.shape[1] - _TILE_PX)))
        top = int(np.clip(y * factor - _TILE_PX / 2, 0, max(0, gray.shape[0] - _TILE_PX)))
        tiles.append(gray[top : top + _TILE_PX, left : left + _TILE_PX])
    return tiles


def _measure_tile(tile: Gray) -> _Tile:
    """Measure slope and text height; the weaker of the two directions counts, for motion blurs only one."""
    smooth = cv2.GaussianBlur(tile, (0, 0), 0.8)
    contrast = float(np.percentile(smooth, 98) - np.percentile(smooth, 2))
    if contrast < 12:
        return _Tile(0.0, 0.0)
    slopes = [float(np.percentile(np.abs(cv2.Sobel(smooth, cv2.CV_32F, dx, 1 - dx)), 98)) / 8 for dx in (1, 0)]
    return _Tile(min(slopes) / contrast, _text_height(tile))


def _text_height(tile: Gray) -> float:
    """Estimate the height of characters from connected strokes, upper quartile; 0.0 without any."""
    ink = _ink(tile).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    heights = [int(height) for _, _, width, height, area in stats[1:] if 4 <= height <= 90 and width <= 120 and area >= 8]
    return float(np.percentile(heights, 75)) if len(heights) >= 5 else 0.0


def _at_least(name: str, score: float, threshold: float) -> QualityScore:
    return _score(name, score, threshold, score >= threshold)


def _at_most(name: str, score: float, threshold: float) -> QualityScore:
    return _score(name, score, threshold, score <= threshold)


def _score(name: str, score: float, threshold: float, passed: bool) -> QualityScore:
    return QualityScore(name, round(score, 4), threshold, passed, "" if passed else KINDS[_FINDING_OF[name]].advice)
