"""Lays a photographed page flat: perspective where the paper's edge shows on a darker table, else small slants.

A page that fills the picture is never cut: rectifying a scan would crop it to its inner table.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.picture import Pixels, shrink
from ocr.view import View, warp

Corners = NDArray[np.float64]  # (4, 2): top left, top right, bottom right, bottom left

_OVERVIEW_PX = 480
_PAPER_SHARE_MIN = 0.25  # of the picture; less is something lying on the page
_SHEET_SHARE_MIN = 0.05  # of the picture, of each of several sheets that lie apart
_BORDER_PAPER_MAX = 0.35  # share of the outermost band that may be paper
_BEYOND_MIN = 0.04  # share of the picture that must be colourless ground beyond the corners to be looked at
_PRINT_BEYOND = 0.25  # as dense as inside the corners
_SHADE_MIN = 0.2  # of the sheet's light; darker ground is a black table, whose noise is no print
_SLANT_PX = 1000  # of the copy on which lines are measured
_SLANT_MIN_DEGREES = 0.4
_SLANT_MAX_DEGREES = 15.0
_BLOBS_MIN = 8


@dataclass(frozen=True)
class Overview:
    """A small copy of a view, where on it there is paper, and the factor it was scaled by."""

    pixels: Pixels
    paper: NDArray[np.uint8]
    factor: float


def overview_of(view: View) -> Overview:
    """Look a view over, once for all that is asked of it here."""
    pixels, factor = shrink(view.pixels, _OVERVIEW_PX)
    return Overview(pixels, _paper_mask(pixels), factor)


def rectify(view: View, overview: Overview) -> View:
    """Undo perspective when the paper's four corners show, otherwise a slant of up to 15 degrees."""
    corners = find_paper(overview)
    if corners is not None:
        return _flatten(view, corners)
    slant = measure_slant(view)
    return view if abs(slant) < _SLANT_MIN_DEGREES else _rotate(view, slant)


def find_paper(overview: Overview) -> Corners | None:
    """Find the corners of a sheet that lies on a darker ground, in the view; None when the page goes to the picture's edges."""
    corners = _corners_of(overview.pixels, overview.paper)
    return None if corners is None else corners / overview.factor


def find_corners(overview: Pixels) -> Corners | None:
    """Find them in a picture that is small already, in its own pixels."""
    return _corners_of(overview, _paper_mask(overview))


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


def _paper_mask(overview: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Mark what is bright and without colour, text and seals closed over."""
    blue, green, red = cv2.split(cv2.GaussianBlur(overview, (0, 0), 2))
    darkest, brightest = cv2.min(cv2.min(blue, green), red), cv2.max(cv2.max(blue, green), red)
    whiteness = cv2.addWeighted(darkest, 1.5, brightest, -0.5, 0)
    _, mask = cv2.threshold(whiteness, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8)), dtype=np.uint8)


def _leaves_print_outside(overview: Pixels, quad: Corners) -> bool:
    """Tell whether there is print beyond the corners: then they are those of the lit part, or of one half of a folded sheet.

    Only ground as colourless as paper counts, and no darker than paper in the shade: the grain of a wooden table is no print.
    """
    gray = cv2.cvtColor(overview, cv2.COLOR_BGR2GRAY)
    inside = np.zeros(gray.shape, np.uint8)
    cv2.fillConvexPoly(inside, quad.astype(np.int32), 1)
    around = cv2.blur(gray, (15, 15)).astype(np.int16)
    print_ = around - gray > np.maximum(4, around // 10)
    ground = cv2.blur(overview, (15, 15))
    blue, green, red = cv2.split(ground)
    darkest, brightest = cv2.min(cv2.min(blue, green), red), cv2.max(cv2.max(blue, green), red)
    colourless = cv2.subtract(brightest, darkest) < 4 + brightest // 6
    not_black = around >= _SHADE_MIN * np.median(gray[inside > 0])
    beyond = (cv2.dilate(inside, np.ones((13, 13), np.uint8)) == 0) & colourless & not_black
    if beyond.mean() < _BEYOND_MIN:
        return False
    return bool(print_[beyond].mean() > _PRINT_BEYOND * print_[inside > 0].mean())


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
