"""What goes wrong when a customer photographs a page: each damage with a strength from 0 (none) to 1, the same for the same seed.

The camera (`sandbox/photograph.py`) applies them in the order in which light meets them: paper, table, light, lens, sensor.
Strengths are spread so that PP-OCR gives up somewhere inside the range; the numbers are pixels of a photograph 2,000 pixels long.
"""

import math
from collections.abc import Callable
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from sandbox import distortion
from sandbox.exposure import Exposure, Picture

_SKIN = (206, 158, 132)


class Damage(StrEnum):
    """One thing that makes a photograph harder to read; the order is the order in which light meets them."""

    BLANK = "blank"  # the print fades, until nothing is left
    FOLD = "fold"
    PERSPECTIVE = "perspective"
    SKEW = "skew"
    CUT_OFF = "cut_off"
    GRADIENT = "gradient"  # light that falls off across the page
    SHADOW = "shadow"  # of a hand or the phone, with an edge
    GLARE = "glare"
    THUMB = "thumb"
    DARK = "dark"
    BRIGHT = "bright"
    SCREEN = "screen"  # a photograph of a screen: its grid, and the moiré
    DEFOCUS = "defocus"
    MOTION = "motion"
    SMALL = "small"
    NOISE = "noise"
    JPEG = "jpeg"


_ON_PAPER = (Damage.BLANK, Damage.FOLD)


def damage_paper(exposure: Exposure, damages: dict[Damage, float], seed: int) -> Exposure:
    """Do what happens to the sheet itself, before it lies on the table."""
    return _apply(exposure, {each: damages[each] for each in _ON_PAPER if damages.get(each, 0) > 0}, seed)


def damage_scene(exposure: Exposure, damages: dict[Damage, float], seed: int) -> Exposure:
    """Do what happens between the table and the sensor; the encoding is the camera's."""
    wanted = [each for each in Damage if each not in (*_ON_PAPER, Damage.JPEG) and damages.get(each, 0) > 0]
    return _apply(exposure, {each: damages[each] for each in wanted}, seed)


def _apply(exposure: Exposure, damages: dict[Damage, float], seed: int) -> Exposure:
    for damage, strength in damages.items():
        chance = np.random.default_rng((seed, list(Damage).index(damage)))  # of its own: damages do not disturb each other
        if damage in _MOVING:
            exposure = _MOVING[damage](exposure, strength, chance)
        else:
            exposure = exposure.lit(_LIGHT[damage](exposure.picture, strength, chance))
    return exposure


def _fade(picture: Picture, strength: float, _: np.random.Generator) -> Picture:
    paper = np.median(picture.reshape(-1, 3), axis=0)
    return np.asarray(picture * (1 - strength) + paper * strength, dtype=np.uint8)


def _fall_off(picture: Picture, strength: float, chance: np.random.Generator) -> Picture:
    height, width = picture.shape[:2]
    angle = chance.uniform(0, 2 * math.pi)
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    along = (x * math.cos(angle) + y * math.sin(angle)) / (abs(math.cos(angle)) + abs(math.sin(angle)))
    return _multiply(picture, 1 - 0.96 * strength * (along + 1) / 2)


def _shadow(picture: Picture, strength: float, chance: np.random.Generator) -> Picture:
    height, width = picture.shape[:2]
    mask = np.zeros((height // 4, width // 4), np.float32)
    middle = chance.uniform(0.2, 0.8, 2) * (width // 4, height // 4)
    axes = (chance.uniform(0.25, 0.6, 2) * max(mask.shape)).astype(int)
    cv2.ellipse(mask, middle.astype(int).tolist(), axes.tolist(), float(chance.uniform(0, 180)), 0, 360, 1.0, -1)
    soft = cv2.resize(cv2.GaussianBlur(mask, (0, 0), 6), (width, height))
    return _multiply(picture, 1 - 0.95 * strength * soft)


def _glare(picture: Picture, strength: float, chance: np.random.Generator) -> Picture:
    """Reflect one to three lamps; the heart of each spot is burnt out."""
    height, width = picture.shape[:2]
    light = np.zeros((height // 8, width // 8), np.float32)
    for _ in range(int(chance.integers(1, 4))):
        middle = (chance.uniform(0.1, 0.9, 2) * (width // 8, height // 8)).astype(int)
        axes = (chance.uniform(0.6, 1.3, 2) * (0.05 + 0.3 * strength) * max(light.shape)).astype(int)
        cv2.ellipse(light, middle.tolist(), axes.tolist(), float(chance.uniform(0, 180)), 0, 360, 150 + 350 * strength, -1)
    soft = cv2.resize(cv2.GaussianBlur(light, (0, 0), 0.04 * max(light.shape)), (width, height))
    return np.asarray(cv2.add(picture, cv2.merge([soft] * 3), dtype=cv2.CV_8U), dtype=np.uint8)


def _thumb(picture: Picture, strength: float, chance: np.random.Generator) -> Picture:
    """Lay one to three fingers over an edge."""
    height, width = picture.shape[:2]
    covered, skin = np.zeros((height, width), np.float32), np.full_like(picture, 0)
    skin[:] = np.clip(np.array(_SKIN) + chance.normal(0, 10, 3), 0, 255).astype(np.uint8)
    for _ in range(int(chance.integers(1, 4))):
        side, along = int(chance.integers(4)), chance.uniform(0.15, 0.85)
        middle = ((along, 0), (along, 1), (0, along), (1, along))[side]
        reach, breadth = (0.08 + 0.5 * strength) * max(height, width), (0.04 + 0.12 * strength) * max(height, width)
        axes = (breadth, reach) if side < 2 else (reach, breadth)
        centre = (round(middle[0] * width), round(middle[1] * height))
        cv2.ellipse(covered, centre, (round(axes[0]), round(axes[1])), float(chance.uniform(-20, 20)), 0, 360, 1.0, -1)
    soft = cv2.merge([cv2.GaussianBlur(covered, (0, 0), 4)] * 3)
    return np.asarray(picture * (1 - soft) + skin * soft, dtype=np.uint8)


def _darken(picture: Picture, strength: float, _: np.random.Generator) -> Picture:
    return _multiply(picture, np.full(picture.shape[:2], (1 - strength) ** 2))


def _overexpose(picture: Picture, strength: float, _: np.random.Generator) -> Picture:
    """Too much light, and its veil in the lens: ink pales as well."""
    return np.asarray(np.clip(picture * (1 + 1.5 * strength) + 240 * strength, 0, 255), dtype=np.uint8)


def _screen(picture: Picture, strength: float, chance: np.random.Generator) -> Picture:
    """Lay the grid of a screen over it, finer than the sensor's and slightly turned, with its slow beat; screens are bluish."""
    height, width = picture.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    slant, period, beat = chance.uniform(-0.3, 0.3), chance.uniform(2.3, 5.0), chance.uniform(18, 70)
    across, down = x + slant * y, y - slant * x
    grid = np.sin(2 * math.pi * across / period) + np.sin(2 * math.pi * down / period)
    slow = np.sin(2 * math.pi * (across + 0.4 * down) / beat)
    lit = picture * np.array([0.9, 0.96, 1.0], np.float32) + (strength * (35 * grid + 30 * slow))[:, :, None]
    return np.asarray(np.clip(lit, 0, 255), dtype=np.uint8)


def _defocus(picture: Picture, strength: float, _: np.random.Generator) -> Picture:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.3 + 7.0 * strength), dtype=np.uint8)


def _move(picture: Picture, strength: float, chance: np.random.Generator) -> Picture:
    """Move the camera during the exposure: up to 40 pixels in one direction."""
    length, angle = max(2, round(40 * strength)), chance.uniform(0, math.pi)
    streak = np.zeros((length + 2, length + 2), np.float32)
    middle, half = (length + 1) / 2, length / 2
    step = (half * math.cos(angle), half * math.sin(angle))
    ends = [[round(16 * (middle + sign * each)) for each in step] for sign in (-1, 1)]  # in sixteenths of a pixel
    cv2.line(streak, ends[0], ends[1], 1.0, 1, cv2.LINE_AA, 4)
    return np.asarray(cv2.filter2D(picture, -1, streak / streak.sum()), dtype=np.uint8)


def _grain(picture: Picture, strength: float, chance: np.random.Generator) -> Picture:
    grain = chance.standard_normal(picture.shape, dtype=np.float32) * np.float32(80 * strength)
    return np.asarray(cv2.add(picture, grain, dtype=cv2.CV_8U), dtype=np.uint8)


def _multiply(picture: Picture, light: NDArray[np.floating]) -> Picture:
    return np.asarray(cv2.multiply(picture, cv2.merge([light.astype(np.float32)] * 3), dtype=cv2.CV_8U), dtype=np.uint8)


_LIGHT: dict[Damage, Callable[[Picture, float, np.random.Generator], Picture]] = {
    Damage.BLANK: _fade,
    Damage.GRADIENT: _fall_off,
    Damage.SHADOW: _shadow,
    Damage.GLARE: _glare,
    Damage.THUMB: _thumb,
    Damage.DARK: _darken,
    Damage.BRIGHT: _overexpose,
    Damage.SCREEN: _screen,
    Damage.DEFOCUS: _defocus,
    Damage.MOTION: _move,
    Damage.NOISE: _grain,
}
_MOVING: dict[Damage, Callable[[Exposure, float, np.random.Generator], Exposure]] = {
    Damage.FOLD: distortion.fold,
    Damage.PERSPECTIVE: distortion.tilt,
    Damage.SKEW: distortion.turn,
    Damage.CUT_OFF: distortion.cut,
    Damage.SMALL: distortion.make_small,
}
