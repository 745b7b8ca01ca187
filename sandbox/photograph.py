"""Photographs a page: table, perspective, uneven light, blur, noise, JPEG and EXIF, the same for the same seed.

A level says how careful the customer was; damages (`sandbox/damage.py`) come on top, as many as wanted, and what papers and
pictures go through besides (`sandbox/circumstance.py`).
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from domain.document import Box
from sandbox.circumstance import Circumstance, Circumstances, age_paper, grain_table, send_on
from sandbox.damage import Damage, damage_paper, damage_scene
from sandbox.exposure import Exposure, Picture, Place, expose, places_in
from sandbox.sheet import Sheet

_ORIENTATION_TAG, _MAKE_TAG, _MODEL_TAG, _DATETIME_TAG = 0x0112, 0x010F, 0x0110, 0x0132


class Level(StrEnum):
    """How good a picture is."""

    SCAN = "scan"  # a flat-bed scanner: the page to its edges
    GOOD = "good"  # a careful customer by daylight
    MIDDLING = "middling"  # in the evening, by hand, through a messenger
    BAD = "bad"  # moved and out of focus: nobody can read it


@dataclass(frozen=True)
class _Conditions:
    """How strong each degradation is; lengths in pixels of the photograph."""

    table_margin: float  # share of the page's side that the table takes around it
    tilt: float  # how far a corner strays, as a share of the page's side
    shade: float  # how much darker the darkest corner is
    blur_sigma: float
    motion_px: int
    noise_sigma: float
    jpeg_quality: int


_CONDITIONS = {
    Level.SCAN: _Conditions(0.0, 0.0, 0.02, 0.35, 0, 1.5, 92),
    Level.GOOD: _Conditions(0.05, 0.012, 0.14, 0.6, 0, 3.0, 88),
    Level.MIDDLING: _Conditions(0.08, 0.030, 0.34, 1.0, 3, 7.0, 72),
    Level.BAD: _Conditions(0.08, 0.020, 0.20, 6.0, 31, 4.0, 80),
}

_LONG_SIDE_PX = 2000  # a phone's picture after the app made it smaller …
_AREA_PX = 2_800_000  # … to less than 3 megapixels
_JPEG_WORST = 4


@dataclass(frozen=True)
class Photo:
    """A photograph as JPEG bytes, and where everything that the sheet names landed in it."""

    content: bytes
    places: Mapping[str, Place]


def photograph(
    page: Image.Image,
    level: Level,
    seed: int,
    damages: Mapping[Damage, float] | None = None,
    circumstances: Circumstances | None = None,
) -> bytes:
    """Photograph a page as a JPEG; the same page, level, seed, damages and circumstances (each 0..1) give the same bytes.

    A portrait photograph is stored lying down with EXIF orientation 6, as phones do.
    """
    return _take(page, {}, level, seed, damages or {}, circumstances or {}).content


def photograph_sheet(
    sheet: Sheet,
    level: Level,
    seed: int,
    damages: Mapping[Damage, float] | None = None,
    circumstances: Circumstances | None = None,
) -> Photo:
    """Photograph a sheet as `photograph` does, and follow its `places` through every step that moves print."""
    return _take(sheet.image, sheet.places, level, seed, damages or {}, circumstances or {})


def _take(
    page: Image.Image,
    places: Mapping[str, Box],
    level: Level,
    seed: int,
    damages: Mapping[Damage, float],
    circumstances: Circumstances,
) -> Photo:
    conditions, damages = _CONDITIONS[level], dict(damages)
    chance = np.random.default_rng(seed)
    exposure = expose(np.asarray(page.convert("RGB"), dtype=np.uint8), places.values())
    exposure = age_paper(damage_paper(exposure, damages, seed), circumstances, seed)
    if level is not Level.SCAN:
        exposure = _lay_on_table(exposure, conditions, chance, lambda table: grain_table(table, circumstances, seed))
    exposure = exposure.lit(_blur(_light(exposure.picture, conditions.shade, chance), conditions))
    exposure = damage_scene(exposure, damages, seed)
    picture = _add_noise(exposure.picture, conditions.noise_sigma, chance)
    worse = damages.get(Damage.JPEG, 0.0)
    quality = round(conditions.jpeg_quality * (1 - worse) + _JPEG_WORST * worse)
    if circumstances.get(Circumstance.MESSENGER, 0.0) > 0:
        exposure, content = send_on(exposure.lit(picture), quality, circumstances[Circumstance.MESSENGER])
        return Photo(content, places_in(exposure, places))
    return Photo(_encode(picture, level, quality, seed), places_in(exposure, places))


def _lay_on_table(
    exposure: Exposure, conditions: _Conditions, chance: np.random.Generator, finish: Callable[[Picture], Picture]
) -> Exposure:
    """See the page in perspective on a wooden table, finished with a grain or not, at the phone's resolution."""
    page = exposure.picture
    height, width = page.shape[:2]
    around = 1 + 2 * conditions.table_margin
    scale = min(_LONG_SIDE_PX / max(height, width), math.sqrt(_AREA_PX / (height * width))) / around
    out_width, out_height = round(width * around * scale), round(height * around * scale)
    margin = conditions.table_margin * scale * np.array([width, height])
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * np.array([width, height]) * scale + margin
    corners += chance.uniform(-conditions.tilt, conditions.tilt, (4, 2)) * max(width, height) * scale
    page_corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    view = cv2.getPerspectiveTransform(page_corners, corners.astype(np.float32))
    table = finish(_paint_table(out_width, out_height, chance))
    shadow = cv2.merge([_cast_shadow(corners, out_width, out_height)] * 3)
    background = cv2.multiply(table, shadow, dtype=cv2.CV_8U)
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    seen = cv2.warpPerspective(page, view, (out_width, out_height), dst=background, flags=interpolation, borderMode=cv2.BORDER_TRANSPARENT)
    return exposure.warped(np.asarray(seen, dtype=np.uint8), np.asarray(view, dtype=np.float64))


def _paint_table(width: int, height: int, chance: np.random.Generator) -> Picture:
    """Paint a table top: a brown with a grain along it."""
    grain = chance.normal(0, 9, (max(2, height // 6), 4, 1))
    tone = np.array([128, 96, 70]) + chance.uniform(-14, 14, 3)
    boards = np.clip(tone + grain, 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(boards, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def _cast_shadow(corners: NDArray[np.float64], width: int, height: int) -> NDArray[np.float32]:
    """Tell how much light the table keeps beside the page; soft, so a quarter of the resolution does."""
    small = np.ones((height // 4, width // 4), np.float32)
    cv2.fillConvexPoly(small, ((corners + 9) / 4).astype(np.int32), 0.55)
    soft = cv2.GaussianBlur(small, (0, 0), 2.5)
    return np.asarray(cv2.resize(soft, (width, height)), dtype=np.float32)


def _light(picture: Picture, shade: float, chance: np.random.Generator) -> Picture:
    """Let the light fall off towards one side, smoothly."""
    height, width = picture.shape[:2]
    corners = (1 - shade * chance.uniform(0, 1, (2, 2))).astype(np.float32)
    corners[chance.integers(2), chance.integers(2)] = 1 - shade
    light = cv2.resize(corners, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(picture, cv2.merge([light] * 3), dtype=cv2.CV_8U), dtype=np.uint8)


def _blur(picture: Picture, conditions: _Conditions) -> Picture:
    if conditions.motion_px:
        streak = np.full((1, conditions.motion_px), 1 / conditions.motion_px, np.float32)
        picture = np.asarray(cv2.filter2D(picture, -1, streak), dtype=np.uint8)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), conditions.blur_sigma), dtype=np.uint8)


def _add_noise(picture: Picture, sigma: float, chance: np.random.Generator) -> Picture:
    """Add the sensor's grain: mostly brightness, so one plane serves the three colours."""
    grain = (chance.standard_normal(picture.shape[:2], dtype=np.float32) * np.float32(sigma)).astype(np.int16)
    return np.asarray(cv2.add(picture, cv2.merge([grain] * 3), dtype=cv2.CV_8U), dtype=np.uint8)


def _encode(picture: Picture, level: Level, quality: int, seed: int) -> bytes:
    """Store it as the device would, with its EXIF; times are fixed, so that bytes repeat."""
    image, exif = Image.fromarray(picture), Image.Exif()
    exif[_MAKE_TAG] = "Mingbai Sandbox"
    exif[_MODEL_TAG] = "Flatbed 样张" if level is Level.SCAN else "Phone 样张"
    exif[_DATETIME_TAG] = f"2026:11:20 09:{seed // 60 % 60:02d}:{seed % 60:02d}"
    if level is not Level.SCAN and image.height > image.width:
        image = image.transpose(Image.Transpose.ROTATE_90)
        exif[_ORIENTATION_TAG] = 6  # turn it clockwise to look at it
    else:
        exif[_ORIENTATION_TAG] = 1
    sink = BytesIO()
    image.save(sink, "JPEG", quality=quality, exif=exif, dpi=(150, 150))
    return sink.getvalue()
