"""Finds how a sheet bends that will not lie flat: its top and its bottom edge rise or sink together, smoothly, between its corners."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.view import Bend

_BEND_MIN, _BEND_MAX = 0.012, 0.15  # of the sheet's height: less does no harm, more is no sheet
_ALIKE = 0.4  # so much of the larger bend the smaller must have
_ROUGH = 0.2  # of the bend: how far an edge may lie off a parabola
_DEGREE = 4  # of the curve along which an edge is laid straight
_SHORTEST_PX = 40  # of the small copy

Curve = NDArray[np.float64]  # (n, 2): x and y from the left to the right


def find_bend(mask: NDArray[np.uint8], factor: float) -> Bend | None:
    """Find the bend of the largest sheet in a mask of paper; None of a flat one.

    The mask is a copy of a view, scaled by `factor`; the bend is told in pixels of the view.
    """
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return None
    outline = max(contours, key=cv2.contourArea).reshape(-1, 2)
    sheet = np.zeros(mask.shape, np.uint8)
    cv2.fillPoly(sheet, [outline], 1)
    corners = [
        outline[key.argmin()]
        for key in (outline.sum(axis=1), outline[:, 1] - outline[:, 0], outline[:, 0] - outline[:, 1], -outline.sum(axis=1))
    ]
    top_left, top_right, bottom_left, bottom_right = (corner.astype(np.float64) for corner in corners)
    height = float(np.linalg.norm(bottom_left - top_left) + np.linalg.norm(bottom_right - top_right)) / 2
    top = _edge(sheet, top_left, top_right)
    bottom = _edge(sheet[::-1], *(_upside_down(each, len(sheet)) for each in (bottom_left, bottom_right)))
    if top is None or bottom is None:
        return None
    (top_curve, top_bend), (bottom_curve, bottom_bend) = top, bottom
    less, more = sorted((abs(top_bend), abs(bottom_bend)))
    if top_bend * bottom_bend >= 0 or less < _ALIKE * more or not _BEND_MIN * height < more < _BEND_MAX * height:
        return None  # the lower edge was looked at upside down: bends that go along have other signs
    bottom_curve[:, 1] = len(sheet) - 1 - bottom_curve[:, 1]
    width = max(float(np.linalg.norm(top_right - top_left)), float(np.linalg.norm(bottom_right - bottom_left)))
    columns = max(2, round(width / factor))
    edges = (_resampled(each, columns) / factor for each in (top_curve, bottom_curve))
    return Bend(next(edges), next(edges), max(2, round(height / factor)))


def outline_of(bend: Bend, factor: float) -> NDArray[np.float64]:
    """Draw around a bent sheet, in the small copy."""
    return np.concatenate([bend.top[::16], bend.bottom[::-16]]) * factor


def _upside_down(point: NDArray[np.float64], rows: int) -> NDArray[np.float64]:
    return np.array([point[0], rows - 1 - point[1]])


def _edge(sheet: NDArray[np.uint8], left: NDArray[np.float64], right: NDArray[np.float64]) -> tuple[Curve, float] | None:
    """Follow the upper edge of a sheet between two corners: a smooth curve, and by how much its middle lies below the straight line."""
    x = np.arange(round(left[0]), round(right[0]) + 1)
    if len(x) < _SHORTEST_PX:
        return None
    straight = np.interp(x, [left[0], right[0]], [left[1], right[1]])
    off = sheet[:, x].argmax(axis=0) - straight
    along = np.linspace(-1, 1, len(x))
    parabola = np.polyval(np.polyfit(along, off, 2), along)
    bend = float(parabola[len(x) // 2] - (parabola[0] + parabola[-1]) / 2)
    if float(np.sqrt(np.mean((off - parabola) ** 2))) > max(1.0, _ROUGH * abs(bend)):
        return None
    return np.stack([x.astype(np.float64), straight + np.polyval(np.polyfit(along, off, _DEGREE), along)], axis=1), bend


def _resampled(curve: Curve, columns: int) -> Curve:
    places = np.linspace(0, len(curve) - 1, columns)
    return np.stack([np.interp(places, np.arange(len(curve)), curve[:, axis]) for axis in (0, 1)], axis=1)
