"""Lays a photographed page flat: perspective where the paper's edge shows on a darker table, else small slants.

A page that fills the picture is never cut: rectifying a scan would crop it to its inner table.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.bent import find_bend, outline_of
from ocr.picture import Pixels, shrink
from ocr.slant import slant_of_ink
from ocr.view import Bend, View, unbend, warp

Corners = NDArray[np.float64]  # (4, 2): top left, top right, bottom right, bottom left

_OVERVIEW_PX = 480
_PAPER_SHARE_MIN = 0.25  # of the picture; less is something lying on the page
_SHEET_SHARE_MIN = 0.05  # of the picture, of each of several sheets that lie apart
_BORDER_PAPER_MAX = 0.35  # share of the outermost band that may be paper
_BEYOND_MIN = 0.04  # share of the picture that must be colourless ground beyond the corners to be looked at
_PRINT_BEYOND = 0.25  # as dense as inside the corners
_SHADE_MIN = 0.2  # of the sheet's light; darker ground is a black table, whose noise is no print
_BRIGHTNESS = np.arange(256, dtype=np.uint8)
_COLOUR_OF_PAPER = 4 + _BRIGHTNESS // 6  # the most that its brightest and its darkest colour may differ by
_STEP_OF_PRINT = np.maximum(4, _BRIGHTNESS // 10)  # how much darker it is than what is around it
_SLANT_PX = 1000  # of the copy on which lines are measured
_SLANT_MIN_DEGREES = 0.4
_SLANT_MAX_DEGREES = 15.0
_BLOBS_MIN = 8
_SPECTRUM_SIDE_PX = 320
_SPECTRUM_SURE = 4.5  # times the usual energy; the grid of a screen has up to 3.5
_HALF_A_QUARTER = 44.0  # nobody can tell to which side a page leans by more


@dataclass(frozen=True)
class Overview:
    """A small copy of a view, where on it there is paper, and the factor it was scaled by."""

    pixels: Pixels
    paper: NDArray[np.uint8]
    factor: float


def overview_of(view: View) -> Overview:
    """Look a view over, once for all that is asked of it here."""
    pixels, factor = shrink(view.pixels, _OVERVIEW_PX)
    return Overview(pixels, _paper_mask(np.asarray(cv2.GaussianBlur(pixels, (0, 0), 2), dtype=np.uint8)), factor)


def rectify(view: View, overview: Overview) -> View:
    """Lay a bent sheet flat, else undo perspective when the paper's four corners show, else a slant.

    A slant of up to 15 degrees is told by line after line, a larger one by the spectrum, where that is sure.
    """
    bend = _find_bend(overview)
    if bend is not None:
        return unbend(view, bend)
    corners = find_paper(overview)
    if corners is not None:
        return _flatten(view, corners)
    slant = measure_slant(view)
    if abs(slant) >= _SLANT_MIN_DEGREES:
        return _rotate(view, slant)
    strong = 0.0 if slant else _strong_slant(overview)
    return _turn_level(view, overview, strong) if strong else view


def _find_bend(overview: Overview) -> Bend | None:
    """Find the bend of a sheet that lies on a darker ground; None of one that lies flat, or of what is no sheet."""
    if _border_share(overview.paper) > _BORDER_PAPER_MAX:
        return None
    bend = find_bend(overview.paper, overview.factor)
    if bend is None:
        return None
    outline = outline_of(bend, overview.factor)
    is_sheet = cv2.contourArea(outline.astype(np.float32)) >= _PAPER_SHARE_MIN * overview.paper.size
    return bend if is_sheet and not _leaves_print_outside(overview.pixels, outline) else None


def find_paper(overview: Overview) -> Corners | None:
    """Find the corners of a sheet that lies on a darker ground, in the view; None when the page goes to the picture's edges."""
    corners = _corners_of(overview.pixels, overview.paper)
    return None if corners is None else corners / overview.factor


def find_corners(overview: Pixels) -> Corners | None:
    """Find them in a picture that is small already, in its own pixels.

    It is smoothed by boxes, which come near to a Gaussian in a sixth of its time: nothing is cut out by what is found here.
    """
    calm = overview
    for _ in range(2):
        calm = np.asarray(cv2.blur(calm, (5, 5)), dtype=np.uint8)
    return _corners_of(overview, _paper_mask(calm))


def _corners_of(overview: Pixels, mask: NDArray[np.uint8]) -> Corners | None:
    if _border_share(mask) > _BORDER_PAPER_MAX:
        return None
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    hull = np.asarray(cv2.convexHull(max(contours, key=cv2.contourArea)), dtype=np.int32)
    if cv2.contourArea(hull) < _PAPER_SHARE_MIN * mask.size:
        return None
    quad = _four_corners(hull)
    return None if quad is None or _leaves_print_outside(overview, quad) else _in_order(quad)


def lay_out_sheets(view: View, overview: Overview) -> tuple[View, ...]:
    """Lay every sheet flat whose corners show on a darker ground, from top to bottom and left to right; () unless there are several."""
    mask = overview.paper
    if _border_share(mask) > _BORDER_PAPER_MAX:
        return ()
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    hulls = [np.asarray(cv2.convexHull(each), dtype=np.int32) for each in contours]
    quads = [_four_corners(hull) for hull in hulls if cv2.contourArea(hull) >= _SHEET_SHARE_MIN * mask.size]
    sheets = [_in_order(quad) / overview.factor for quad in quads if quad is not None]
    if len(sheets) < 2:
        return ()
    half = min(float(sheet[:, 1].max() - sheet[:, 1].min()) for sheet in sheets) / 2  # sheets that begin within it lie beside each other
    sheets.sort(key=lambda sheet: (round(float(sheet[:, 1].min()) / half), float(sheet[:, 0].min())))
    return tuple(_flatten(view, sheet) for sheet in sheets)


def measure_slant(view: View) -> float:
    """Measure by how many degrees lines of text fall to the right; 0.0 when there is too little text to tell."""
    gray, _ = shrink(np.asarray(cv2.cvtColor(view.pixels, cv2.COLOR_BGR2GRAY), dtype=np.uint8), _SLANT_PX)
    ink = cv2.adaptiveThreshold(gray, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, 17), np.uint8))
    contours, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    slants = []
    for contour in contours:
        (_, (first, second), angle) = cv2.minAreaRect(contour)
        long_side, short_side = max(first, second), min(first, second)
        if not 6 <= short_side <= 60 or long_side < 5 * short_side:
            continue
        degrees = angle if first >= second else angle - 90
        degrees = (degrees + 90) % 180 - 90
        if abs(degrees) <= _SLANT_MAX_DEGREES:
            slants.append(degrees)
    return float(np.median(slants)) if len(slants) >= _BLOBS_MIN else 0.0


def _strong_slant(overview: Overview) -> float:
    """Tell a slant of more than 15 degrees by the spectrum of the ink; 0.0 where that is not sure, as of a screen's grid."""
    small, _ = shrink(overview.pixels, _SPECTRUM_SIDE_PX)
    gray = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    ink = cv2.adaptiveThreshold(gray, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 15, 12)
    slant, certainty = slant_of_ink(np.asarray(ink, dtype=np.uint8))
    return slant if certainty > _SPECTRUM_SURE and _SLANT_MAX_DEGREES < abs(slant) < _HALF_A_QUARTER else 0.0


def _paper_mask(calm: Pixels) -> NDArray[np.uint8]:
    """Mark what is bright and without colour in a smoothed picture, text and seals closed over."""
    blue, green, red = cv2.split(calm)
    darkest, brightest = cv2.min(cv2.min(blue, green), red), cv2.max(cv2.max(blue, green), red)
    whiteness = cv2.addWeighted(darkest, 1.5, brightest, -0.5, 0)
    _, mask = cv2.threshold(whiteness, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8)), dtype=np.uint8)


def _leaves_print_outside(overview: Pixels, outline: Corners) -> bool:
    """Tell whether there is print beyond the corners, or beyond the edges of a bent sheet.

    Then they are those of the lit part, or of one half of a folded sheet. Only ground as colourless as paper counts, and no darker than
    paper in the shade: the grain of a wooden table is no print.
    """
    gray = np.asarray(cv2.cvtColor(overview, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    inside = np.zeros(gray.shape, np.uint8)
    cv2.fillPoly(inside, [outline.astype(np.int32)], 1)
    around = np.asarray(cv2.blur(gray, (15, 15)), dtype=np.uint8)
    blue, green, red = cv2.split(cv2.blur(overview, (15, 15)))
    darkest, brightest = cv2.min(cv2.min(blue, green), red), cv2.max(cv2.max(blue, green), red)
    colourless = cv2.subtract(brightest, darkest) < cv2.LUT(brightest, _COLOUR_OF_PAPER)
    beyond = (cv2.dilate(inside, np.ones((13, 13), np.uint8)) == 0) & colourless & (around >= _SHADE_MIN * _median(gray, inside))
    if np.count_nonzero(beyond) < _BEYOND_MIN * beyond.size:
        return False
    print_ = cv2.subtract(around, gray) > cv2.LUT(around, _STEP_OF_PRINT)
    return bool(print_[beyond].mean() > _PRINT_BEYOND * print_[inside > 0].mean())


def _median(gray: NDArray[np.uint8], inside: NDArray[np.uint8]) -> int:
    """Find the middle brightness inside a mask by counting, a fifth of the time of sorting."""
    counts = np.cumsum(cv2.calcHist([gray], [0], inside, [256], [0, 256]).ravel())
    return int(np.searchsorted(counts, counts[-1] / 2))


def _border_share(mask: NDArray[np.uint8]) -> float:
    band = max(2, min(mask.shape) // 50)
    edge = np.ones(mask.shape, dtype=bool)
    edge[band:-band, band:-band] = False
    return float((mask[edge] > 0).mean())


def _four_corners(hull: NDArray[np.int32]) -> Corners | None:
    length, area = cv2.arcLength(hull, True), cv2.contourArea(hull)
    for tolerance in (0.01, 0.02, 0.03, 0.05):
        quad = cv2.approxPolyDP(hull, tolerance * length, True).reshape(-1, 2)
        if len(quad) == 4 and 0.94 < cv2.contourArea(quad) / area < 1.06:
            return quad.astype(np.float64)
    return None


def _in_order(quad: Corners) -> Corners:
    sums, differences = quad.sum(axis=1), quad[:, 0] - quad[:, 1]
    return quad[[sums.argmin(), differences.argmax(), sums.argmax(), differences.argmin()]]


def _flatten(view: View, corners: Corners) -> View:
    top_left, top_right, bottom_right, bottom_left = corners
    width = round(max(np.linalg.norm(top_right - top_left), np.linalg.norm(bottom_right - bottom_left)))
    height = round(max(np.linalg.norm(bottom_left - top_left), np.linalg.norm(bottom_right - top_right)))
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = np.asarray(cv2.getPerspectiveTransform(corners.astype(np.float32), flat), dtype=np.float64)
    return warp(view, matrix, width, height)


def _rotate(view: View, degrees: float) -> View:
    height, width = view.pixels.shape[:2]
    matrix = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0), [0.0, 0.0, 1.0]])
    return warp(view, matrix, width, height)


def _turn_level(view: View, overview: Overview, degrees: float) -> View:
    """Turn a page that slants by much, on a canvas that holds all that is paper and has the colour of the picture around it."""
    matrix = np.vstack([cv2.getRotationMatrix2D((0.0, 0.0), degrees, 1.0), [0.0, 0.0, 1.0]])
    paper = cv2.findNonZero(overview.paper)
    if paper is None:
        return view
    turned = paper.reshape(-1, 2) / overview.factor @ matrix[:2, :2].T
    (left, top), (right, bottom) = turned.min(axis=0), turned.max(axis=0)
    matrix[:2, 2] = -left, -top
    ground = tuple(float(each) for each in np.median(overview.pixels.reshape(-1, 3), axis=0))
    return warp(view, matrix, max(1, round(right - left)), max(1, round(bottom - top)), (ground[0], ground[1], ground[2]))
