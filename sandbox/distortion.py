"""Damages that move print: creases, the camera held aslant, the page turned, cut off, far away. The marks go with the print."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from sandbox.exposure import Exposure, Matrix, Picture

_TABLE = (128, 96, 70)  # red, green, blue, as the table of the photograph


def fold(exposure: Exposure, strength: float, chance: np.random.Generator) -> Exposure:
    """Crease the sheet across: one half in another light, the print near the crease bent, the crease itself worn."""
    creases = 1 + int(strength > 0.5)
    for _ in range(creases):
        exposure = _quarter(_crease(exposure, strength, chance))  # a second crease crosses the first
    for _ in range(4 - creases):
        exposure = _quarter(exposure)
    return exposure.lit(np.ascontiguousarray(exposure.picture))


def _crease(exposure: Exposure, strength: float, chance: np.random.Generator) -> Exposure:
    picture = exposure.picture
    height, width = picture.shape[:2]
    crease = chance.uniform(0.25, 0.75) * height
    away = np.arange(height, dtype=np.float32) - np.float32(crease)
    bend = 40 * strength * np.exp(-((away / 90) ** 2)) * np.sign(away)
    shown = (np.arange(height) + bend).astype(np.float32)  # the row of the flat sheet that each row shows: rising, with a gap at the crease
    rows, columns = np.repeat(shown[:, None], width, 1), np.repeat(np.arange(width, dtype=np.float32)[None], height, 0)
    bent = np.asarray(cv2.remap(picture, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8)
    light = np.where(away > 0, 1 - 0.35 * strength, 1.0) * (1 - 0.5 * strength * np.exp(-((away / (4 + 14 * strength)) ** 2)))
    worn = np.asarray(
        cv2.multiply(bent, cv2.merge([np.repeat(light[:, None], width, 1).astype(np.float32)] * 3), dtype=cv2.CV_8U), dtype=np.uint8
    )
    return _bent(exposure, worn, shown, crease)


def _bent(exposure: Exposure, picture: Picture, shown: NDArray[np.float32], crease: float) -> Exposure:
    """Move the marks as the rows went; those in the gap were swallowed by the crease."""
    height = picture.shape[0]
    marks, y = exposure.marks.copy(), exposure.marks[..., 1]
    inside = np.interp(y, shown, np.arange(height))
    marks[..., 1] = np.where((y < shown[0]) | (y > shown[-1]), y, inside)
    above, below = shown[math.floor(crease)], shown[math.ceil(crease)]
    return exposure.moved(picture, marks, (y <= above) | (y >= below))


def _quarter(exposure: Exposure) -> Exposure:
    """Turn it anticlockwise by a quarter."""
    width = exposure.picture.shape[1]
    x, y = exposure.marks[..., 0], exposure.marks[..., 1]
    return exposure.moved(np.rot90(exposure.picture), np.stack([y, width - x], axis=-1))


def tilt(exposure: Exposure, strength: float, chance: np.random.Generator) -> Exposure:
    """Hold the camera aslant: the far side of the picture shrinks, and so does its depth."""
    height, width = exposure.picture.shape[:2]
    far, depth = 0.5 * 0.75 * strength, 0.65 * strength
    corners = np.array([[far, depth], [1 - far, depth], [1, 1], [0, 1]]) * np.array([width, height])
    if chance.integers(2):
        return _upside_down(_warp(_upside_down(exposure), corners))
    return _warp(exposure, corners)


def _upside_down(exposure: Exposure) -> Exposure:
    height, width = exposure.picture.shape[:2]
    return exposure.moved(np.ascontiguousarray(exposure.picture[::-1, ::-1]), np.array([width, height]) - exposure.marks)


def _warp(exposure: Exposure, corners: NDArray[np.float64]) -> Exposure:
    """Move the picture's corners (clockwise from the top left) to the given places; table shows around it."""
    height, width = exposure.picture.shape[:2]
    whole = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(whole, corners.astype(np.float32))
    seen = cv2.warpPerspective(exposure.picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=_TABLE)
    return exposure.warped(np.asarray(seen, dtype=np.uint8), np.asarray(matrix, dtype=np.float64))


def turn(exposure: Exposure, strength: float, chance: np.random.Generator) -> Exposure:
    """Turn the page by up to 45 degrees, made smaller so that all of it stays in the picture."""
    height, width = exposure.picture.shape[:2]
    angle = 45 * strength * (1 if chance.integers(2) else -1)
    cos, sin = abs(math.cos(math.radians(angle))), abs(math.sin(math.radians(angle)))
    scale = min(width / (width * cos + height * sin), height / (width * sin + height * cos))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, scale)
    seen = cv2.warpAffine(exposure.picture, matrix, (width, height), flags=cv2.INTER_AREA, borderValue=_TABLE)
    whole: Matrix = np.vstack([matrix, [0.0, 0.0, 1.0]])
    return exposure.warped(np.asarray(seen, dtype=np.uint8), whole)


def cut(exposure: Exposure, strength: float, chance: np.random.Generator) -> Exposure:
    """Leave up to 60 percent of the picture outside, at one side."""
    picture = exposure.picture
    height, width = picture.shape[:2]
    side, gone = int(chance.integers(4)), 0.6 * strength
    rows, columns = round(gone * height), round(gone * width)
    left = (picture[rows:], picture[: height - rows], picture[:, columns:], picture[:, : width - columns])[side]
    origin = ((0, rows), (0, 0), (columns, 0), (0, 0))[side]
    return exposure.moved(np.ascontiguousarray(left), exposure.marks - np.array(origin))


def make_small(exposure: Exposure, strength: float, _: np.random.Generator) -> Exposure:
    """See it from far away: up to 88 percent smaller."""
    factor = 1 - 0.88 * strength
    small = np.asarray(cv2.resize(exposure.picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    height, width = exposure.picture.shape[:2]
    return exposure.moved(small, exposure.marks * np.array([small.shape[1] / width, small.shape[0] / height]))
