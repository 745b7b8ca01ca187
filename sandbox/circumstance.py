"""What papers and pictures go through besides a camera's faults: sheets curl and yellow, lie on wood, and are sent on by a messenger.

They stand apart from `Damage`, so that what benches draw from that list by their seeds stays what it was. Each has a strength
from 0 (none) to 1, and is the same for the same seed; marks go with the print.
"""

import math
from collections.abc import Mapping
from enum import StrEnum
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sandbox.exposure import Exposure, Picture

_TABLE = (128, 96, 70)  # red, green, blue, as the table of the photograph
_YELLOWED = (0.96, 0.87, 0.62)  # what is left of red, green and blue
_MESSENGER_QUALITY = (72, 14)  # of the second JPEG, at the weakest and at the strongest
_MESSENGER_SMALLER = 0.6  # by which it makes a picture smaller at the strongest; messengers halve a telephone's picture


class Circumstance(StrEnum):
    """One thing that happens to papers everywhere."""

    YELLOWED = "yellowed"  # old paper, with stains
    CURL = "curl"  # a sheet that will not lie flat: lines bend, their ends recede
    WOOD = "wood"  # a table with a strong grain, not a plain one
    MESSENGER = "messenger"  # made smaller and compressed a second time, its EXIF gone


Circumstances = Mapping[Circumstance, float]


def age_paper(exposure: Exposure, circumstances: Circumstances, seed: int) -> Exposure:
    """Yellow the sheet and curl it, before it lies on the table."""
    yellowed, curl = circumstances.get(Circumstance.YELLOWED, 0.0), circumstances.get(Circumstance.CURL, 0.0)
    if yellowed > 0:
        exposure = exposure.lit(_yellow(exposure.picture, yellowed, _chance(Circumstance.YELLOWED, seed)))
    return _curl(exposure, curl, _chance(Circumstance.CURL, seed)) if curl > 0 else exposure


def grain_table(table: Picture, circumstances: Circumstances, seed: int) -> Picture:
    """Draw years of growth along a table top."""
    strength = circumstances.get(Circumstance.WOOD, 0.0)
    if strength <= 0:
        return table
    chance = _chance(Circumstance.WOOD, seed)
    height, width = table.shape[:2]
    bends = cv2.resize(chance.normal(0, 1, (6, 4)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    years = np.arange(height, dtype=np.float32)[:, None] / np.float32(chance.uniform(9, 26)) + 2.5 * bends
    fibres = cv2.resize(chance.normal(0, 1, (height // 2, 8)).astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    shade = strength * (38 * np.sin(2 * math.pi * years) + 10 * fibres)
    return np.asarray(cv2.add(table, cv2.merge([shade.astype(np.float32)] * 3), dtype=cv2.CV_8U), dtype=np.uint8)


def send_on(exposure: Exposure, first_quality: int, strength: float) -> tuple[Exposure, bytes]:
    """Send a picture through a messenger: stored by the camera, made smaller, stored anew without its EXIF."""
    stored = np.asarray(Image.open(BytesIO(_jpeg(exposure.picture, first_quality))), dtype=np.uint8)
    factor = 1 - _MESSENGER_SMALLER * strength
    small = np.asarray(cv2.resize(stored, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    across, down = small.shape[1] / stored.shape[1], small.shape[0] / stored.shape[0]
    best, worst = _MESSENGER_QUALITY
    return exposure.moved(small, exposure.marks * np.array([across, down])), _jpeg(small, round(best + (worst - best) * strength))


def _chance(circumstance: Circumstance, seed: int) -> np.random.Generator:
    return np.random.default_rng((seed, 1000 + list(Circumstance).index(circumstance)))  # beyond the numbers of damages


def _jpeg(picture: Picture, quality: int) -> bytes:
    sink = BytesIO()
    Image.fromarray(picture).save(sink, "JPEG", quality=quality)
    return sink.getvalue()


def _yellow(picture: Picture, strength: float, chance: np.random.Generator) -> Picture:
    """Take blue and some green away, more of it where the paper is stained."""
    height, width = picture.shape[:2]
    spots = cv2.resize(chance.uniform(0.55, 1.0, (7, 5)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    kept = 1 - strength * spots[:, :, None] * (1 - np.array(_YELLOWED, np.float32))
    return np.asarray(np.clip(picture * kept, 0, 255), dtype=np.uint8)


def _curl(exposure: Exposure, strength: float, chance: np.random.Generator) -> Exposure:
    """Bend the sheet along its height: its middle comes nearer and rises or sinks, its sides recede and darken on one side."""
    height, width = exposure.picture.shape[:2]
    rise, stretch = 0.09 * strength, 0.3 * strength
    is_hollow, dark_side = bool(chance.integers(2)), 1 if chance.integers(2) else -1

    def bulge(x: NDArray[np.float64]) -> NDArray[np.float64]:
        arch = np.sin(math.pi * np.clip(x / width, 0, 1))
        return np.asarray(1 - arch if is_hollow else arch, dtype=np.float64)

    def seen_at(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(x - stretch * width * np.sin(2 * math.pi * x / width) / (2 * math.pi), dtype=np.float64)

    flat = np.linspace(0, width, 4 * width + 1)
    columns = np.interp(np.arange(width) + 0.5, seen_at(flat), flat) - 0.5  # of the flat sheet, for each column that is seen
    down = rise * height * bulge(columns + 0.5)
    rows = (np.arange(height)[:, None] + 0.5 - down) / (1 - rise) - 0.5
    maps = np.broadcast_to(columns, rows.shape).astype(np.float32), rows.astype(np.float32)
    bent = cv2.remap(exposure.picture, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=_TABLE)
    slope = dark_side * np.cos(math.pi * (columns + 0.5) / width)
    light = np.repeat((1 - 0.4 * strength * np.clip(slope, 0, 1))[None].astype(np.float32), height, 0)
    lit = np.asarray(cv2.multiply(np.asarray(bent, dtype=np.uint8), cv2.merge([light] * 3), dtype=cv2.CV_8U), dtype=np.uint8)
    x, y = exposure.marks[..., 0], exposure.marks[..., 1]
    return exposure.moved(lit, np.stack([seen_at(x), y * (1 - rise) + rise * height * bulge(x)], axis=-1))
