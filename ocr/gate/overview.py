"""A small copy of a picture on which the gate looks at light, frame and text as a whole.

Halved as often as it goes and then scaled to 720 pixels: averaging straight to an odd size takes OpenCV fifteen times as long.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.picture import Pixels
from ocr.rectify import Corners, find_corners

Gray = NDArray[np.uint8]
Mask = NDArray[np.bool_]

OVERVIEW_PX = 720
_AROUND_PX = 31  # wider than a line of text is high
_INK_STEP = 22  # how much darker than its surroundings ink is, of 255
_PAGE_MIN = 0.15  # share of the picture; a coloured card is a page all the same
_INSET = 0.98  # of the way from the middle to the corners: the edge of the sheet is no print
_EDGE_PX = 9
_STROKES_PX = 13  # closing by it leaves the paper between and under the print


@dataclass(frozen=True)
class Overview:
    """The picture at 720 pixels on its longer side, or smaller if it was smaller."""

    pixels: Pixels
    gray: Gray
    darkest: Gray  # of the three colours
    colour: Gray  # difference between the brightest and the darkest of them
    paper: Gray  # the brightness of the ground under the print
    ink: Mask  # print: on the page and darker than its surroundings, in proportion to their light
    page: Mask  # where the sheet lies; the whole picture where that cannot be told
    corners: Corners | None  # of the sheet, when all four show
    factor: float  # pixels of the picture to one of the overview


def look_over(pixels: Pixels) -> Overview:
    """Make the overview of a picture of any size."""
    small = _shrink(pixels)
    gray = as_gray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY))
    calm = np.asarray(cv2.GaussianBlur(small, (0, 0), 1.0), dtype=np.uint8)  # closing takes the brightest grain: noise would whiten it
    ground = np.asarray(cv2.morphologyEx(calm, cv2.MORPH_CLOSE, np.ones((_STROKES_PX, _STROKES_PX), np.uint8)), dtype=np.uint8)
    corners = _corners(calm)
    page = _page(ground, corners)
    around = as_gray(cv2.blur(gray, (_AROUND_PX, _AROUND_PX)))
    step = np.maximum(as_gray(cv2.convertScaleAbs(around, alpha=_INK_STEP / 255)), 4)
    ink = (cv2.subtract(around, gray) > step) & page
    darkest, brightest = darkest_and_brightest(small)
    paper = as_gray(cv2.cvtColor(ground, cv2.COLOR_BGR2GRAY))
    factor = max(pixels.shape[:2]) / max(small.shape[:2])
    return Overview(small, gray, darkest, as_gray(cv2.subtract(brightest, darkest)), paper, ink, page, corners, factor)


def _corners(calm: Pixels) -> Corners | None:
    """Find the sheet's corners on a half-size copy, which is enough and four times as fast."""
    height, width = calm.shape[:2]
    found = find_corners(np.asarray(cv2.resize(calm, (max(1, width // 2), max(1, height // 2)), interpolation=cv2.INTER_AREA), np.uint8))
    return None if found is None else found * 2


def _page(ground: Pixels, corners: Corners | None) -> Mask:
    """Mark the sheet: between its corners, else what has little colour, unless that is hardly anything."""
    if corners is not None:
        inside = np.zeros(ground.shape[:2], np.uint8)
        middle = corners.mean(axis=0)
        cv2.fillConvexPoly(inside, (middle + (corners - middle) * _INSET).astype(np.int32), 1)
        return inside > 0
    darkest, brightest = darkest_and_brightest(ground)
    pale = (cv2.subtract(brightest, darkest) < 4 + brightest // 4).astype(np.uint8)
    pale = as_gray(cv2.erode(pale, np.ones((_EDGE_PX, _EDGE_PX), np.uint8), borderType=cv2.BORDER_REPLICATE))
    return pale > 0 if pale.mean() > _PAGE_MIN else np.ones(pale.shape, dtype=bool)


def quantile(values: Gray, share: float, mask: Mask | None = None) -> float:
    """Find the value under which a share of 8-bit values lies, of those in the mask; by counting, which is faster than sorting."""
    chosen = None if mask is None else mask.view(np.uint8)
    counts = np.cumsum(cv2.calcHist([np.ascontiguousarray(values)], [0], chosen, [256], [0, 256]).ravel())
    return float(np.searchsorted(counts, share * counts[-1])) if counts[-1] else 0.0


def darkest_and_brightest(pixels: Pixels) -> tuple[Gray, Gray]:
    """Give the darkest and the brightest colour of each pixel; NumPy takes a hundred times as long over the last axis."""
    blue, green, red = cv2.split(pixels)
    return as_gray(cv2.min(cv2.min(blue, green), red)), as_gray(cv2.max(cv2.max(blue, green), red))


def as_gray(plane: object) -> Gray:
    """Call what OpenCV returned an 8-bit plane; copies nothing."""
    return np.asarray(plane, dtype=np.uint8)


def _shrink(pixels: Pixels) -> Pixels:
    while max(pixels.shape[:2]) >= 2 * OVERVIEW_PX and min(pixels.shape[:2]) >= 2:
        height, width = (side // 2 for side in pixels.shape[:2])
        pixels = np.asarray(cv2.resize(pixels[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    factor = min(1.0, OVERVIEW_PX / max(pixels.shape[:2]))
    size = (max(1, round(pixels.shape[1] * factor)), max(1, round(pixels.shape[0] * factor)))
    return pixels if factor == 1.0 else np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
