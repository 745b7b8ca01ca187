"""Small copies of a picture on which the gate looks at light, frame and text as a whole.

The overview has 640 pixels on its longer side, which shows lines of text; the half of it has all that is larger than a word, at a
quarter of the cost. Large pictures are first thinned to every other pair of rows and columns: reading all of twelve megapixels
takes longer than everything the gate then does with them.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.picture import Pixels
from ocr.rectify import Corners, find_corners

Gray = NDArray[np.uint8]
Mask = NDArray[np.bool_]

OVERVIEW_PX = 640
_THIN_FROM = 5  # times the overview's side
_AROUND_PX = 27  # wider than a line of text is high
_INK_STEP = 22  # how much darker than its surroundings ink is, of 255
_PAGE_MIN = 0.15  # share of the picture; a coloured card is a page all the same
_ACROSS = (1.3, 0.7)  # how much is said at the left and the right edge …
_DOWN = (1.6, 0.4)  # … and at the top and the bottom of a paper
_INSET = 0.98  # of the way from the middle to the corners: the edge of the sheet is no print
_EDGE_PX = 5  # of the half
_STROKES_PX = 7  # of the half: closing by it leaves the paper between and under the print


@dataclass(frozen=True)
class Overview:
    """The picture at 640 pixels on its longer side, or smaller if it was smaller; `half` planes have half as many."""

    gray: Gray
    red: Gray  # in which seals and stamps vanish
    ink: Mask  # print: on the page and darker than its surroundings, in proportion to their light
    half: Pixels
    gray_in_half: Gray
    ink_in_half: Gray  # half: how much of each pixel is print, 0..255
    darkest: Gray  # half: of the three colours
    colour: Gray  # half: difference between the brightest and the darkest of them
    paper: Gray  # half: the brightness of the ground under the print
    page: Mask  # half: where the sheet lies; the whole picture where that cannot be told
    corners: Corners | None  # of the sheet in the half, when all four show
    factor: float  # pixels of the picture to one of the overview


def look_over(pixels: Pixels) -> Overview:
    """Make the overview of a picture of any size."""
    small = _shrink(pixels)
    gray = as_gray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY))
    half = halve(small)
    corners = find_corners(half)
    darkest, brightest = darkest_and_brightest(half)
    kernel = np.ones((_STROKES_PX, _STROKES_PX), np.uint8)
    calm = cv2.GaussianBlur(half, (3, 3), 0)  # closing takes the brightest grain: noise would whiten it
    ground = np.asarray(cv2.morphologyEx(calm, cv2.MORPH_CLOSE, kernel), dtype=np.uint8)
    page = _page(ground, corners)
    around = as_gray(cv2.blur(gray, (_AROUND_PX, _AROUND_PX)))
    step = np.maximum(as_gray(cv2.convertScaleAbs(around, alpha=_INK_STEP / 255)), np.uint8(4))
    ink = (cv2.subtract(around, gray) > step) & cv2.resize(page.view(np.uint8), gray.shape[::-1], interpolation=cv2.INTER_NEAREST).view(
        bool
    )
    paper = as_gray(cv2.cvtColor(ground, cv2.COLOR_BGR2GRAY))
    factor = max(pixels.shape[:2]) / max(small.shape[:2])
    red = as_gray(cv2.extractChannel(small, 2))
    ink_in_half = halve(as_gray(ink.view(np.uint8) * np.uint8(255)))
    gray_in_half = as_gray(cv2.cvtColor(half, cv2.COLOR_BGR2GRAY))
    return Overview(
        gray, red, ink, half, gray_in_half, ink_in_half, darkest, as_gray(cv2.subtract(brightest, darkest)), paper, page, corners, factor
    )


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


def share_of_message(hidden: Mask, overview: Overview) -> float:
    """Weigh the share of a page (in its half) that is hidden by where papers say things: the top and the left more than the rest."""
    left, top, width, height = cv2.boundingRect(overview.page.view(np.uint8))
    if not width:
        return 0.0
    across = np.linspace(*_ACROSS, width, dtype=np.float32)
    down = np.linspace(*_DOWN, height, dtype=np.float32)
    inside = hidden[top : top + height, left : left + width].astype(np.float32)
    return float(down @ inside @ across / (down.sum() * across.sum()))


def quantile(values: Gray, share: float, mask: Mask | None = None) -> float:
    """Find the value under which a share of 8-bit values lies, of those in the mask; by counting, which is faster than sorting."""
    return quantiles(values, (share,), mask)[0]


def quantiles(values: Gray, shares: tuple[float, ...], mask: Mask | None = None) -> tuple[float, ...]:
    """Find several such values at once; 0.0 each of an empty mask."""
    chosen = None if mask is None else np.ascontiguousarray(mask).view(np.uint8)
    counts = np.cumsum(cv2.calcHist([np.ascontiguousarray(values)], [0], chosen, [256], [0, 256]).ravel())
    return tuple(float(np.searchsorted(counts, share * counts[-1])) if counts[-1] else 0.0 for share in shares)


def darkest_and_brightest(pixels: Pixels) -> tuple[Gray, Gray]:
    """Give the darkest and the brightest colour of each pixel; NumPy takes a hundred times as long over the last axis."""
    blue, green, red = cv2.split(pixels)
    return as_gray(cv2.min(cv2.min(blue, green), red)), as_gray(cv2.max(cv2.max(blue, green), red))


def as_gray(plane: object) -> Gray:
    """Call what OpenCV returned an 8-bit plane; copies nothing."""
    return np.asarray(plane, dtype=np.uint8)


def halve(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Average two by two pixels, at least one of either side."""
    size = (max(1, pixels.shape[1] // 2), max(1, pixels.shape[0] // 2))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _shrink(pixels: Pixels) -> Pixels:
    """Halve as often as it goes, then scale: averaging straight to an odd size takes OpenCV fifteen times as long.

    Large pictures are not averaged: each pixel of the copy is made from four, and most of the picture is never fetched from memory.
    """
    while 2 * OVERVIEW_PX <= max(pixels.shape[:2]) < _THIN_FROM * OVERVIEW_PX and min(pixels.shape[:2]) >= 2:
        height, width = (side // 2 for side in pixels.shape[:2])
        pixels = halve(pixels[: 2 * height, : 2 * width])
    factor = min(1.0, OVERVIEW_PX / max(pixels.shape[:2]))
    size = (max(1, round(pixels.shape[1] * factor)), max(1, round(pixels.shape[0] * factor)))
    return pixels if factor == 1.0 else np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
