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

Picture = NDArray[np.uint8]
_Work = Callable[[Picture, float], Picture]
_WorkOfChance = Callable[[Picture, float, np.random.Generator], Picture]

_TABLE = (128, 96, 70)  # red, green, blue, as the table of the photograph
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


def damage_paper(picture: Picture, damages: dict[Damage, float], seed: int) -> Picture:
    """Do what happens to the sheet itself, before it lies on the table."""
    return _apply(picture, {each: damages[each] for each in _ON_PAPER if damages.get(each, 0) > 0}, seed)


def damage_scene(picture: Picture, damages: dict[Damage, float], seed: int) -> Picture:
    """Do what happens between the table and the sensor; the encoding is the camera's."""
    wanted = [each for each in Damage if each not in (*_ON_PAPER, Damage.JPEG) and damages.get(each, 0) > 0]
    return _apply(picture, {each: damages[each] for each in wanted}, seed)


def _apply(picture: Picture, damages: dict[Damage, float], seed: int) -> Picture:
    for damage, strength in damages.items():
        if damage in _WORKS:
            picture = _WORKS[damage](picture, strength)
        else:
            chance = np.random.default_rng((seed, list(Damage).index(damage)))  # of its own: damages do not disturb each other
            picture = _WORKS_OF_CHANCE[damage](picture, strength, chance)
    return picture


def _fade(picture: Picture, strength: float) -> Picture:
    paper = np.median(picture.reshape(-1, 3), axis=0)
    return np.asarray(picture * (1 - strength) + paper * strength, dtype=np.uint8)


def _fold(picture: Picture, strength: float, chance: np.random.Generator) -> Picture:
    """Crease the sheet across: one half in another light, the print near the crease bent, the crease itself worn."""
    height, width = picture.shape[:2]
    for _ in range(1 + int(strength > 0.5)):
        crease = chance.uniform(0.25, 0.75) * height
        away = np.arange(height, dtype=np.float32) - np.float32(crease)
        bend = 40 * strength * np.exp(-((away / 90) ** 2)) * np.sign(away)
        rows = np.repeat((np.arange(height) + bend).astype(np.float32)[:, None], width, 1)
        columns = np.repeat(np.arange(width, dtype=np.float32)[None], height, 0)
        picture = np.asarray(cv2.remap(picture, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8)
        light = np.where(away > 0, 1 - 0.35 * strength, 1.0) * (1 - 0.5 * strength * np.exp(-((away / (4 + 14 * strength)) ** 2)))
        picture = _multiply(picture, np.repeat(light[:, None], width, 1))
        picture = np.rot90(picture)  # a second crease crosses the first
        height, width = picture.shape[:2]
    return np.ascontiguousarray(np.rot90(picture, -1 - int(strength > 0.5)))


def _tilt(picture: Picture, strength: float, chance: np.random.Generator) -> Picture:
    """Hold the camera aslant: the far side of the picture shrinks, and so does its depth."""
    height, width = picture.shape[:2]
    far, depth = 0.5 * 0.75 * strength, 0.65 * strength
    corners = np.array([[far, depth], [1 - far, depth], [1, 1], [0, 1]]) * np.array([width, height])
    if chance.integers(2):
        return np.ascontiguousarray(_warp(picture[::-1, ::-1], corners)[::-1, ::-1])
    return _warp(picture, corners)


def _turn(picture: Picture, strength: float, chance: np.random.Generator) -> Picture:
    """Turn the page by up to 45 degrees, made smaller so that all of it stays in the picture."""
    height, width = picture.shape[:2]
    angle = 45 * strength * (1 if chance.integers(2) else -1)
    cos, sin = abs(math.cos(math.radians(angle))), abs(math.sin(math.radians(angle)))
    scale = min(width / (width * cos + height * sin), height / (width * sin + height * cos))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, scale)
    return np.asarray(cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_AREA, borderValue=_TABLE), dtype=np.uint8)


def _cut(picture: Picture, strength: float, chance: np.random.Generator) -> Picture:
    """Leave up to 60 percent of the picture outside, at one side."""
    height, width = picture.shape[:2]
    side, gone = int(chance.integers(4)), 0.6 * strength
    rows, columns = round(gone * height), round(gone * width)
    cuts = (picture[rows:], picture[: height - rows], picture[:, columns:], picture[:, : width - columns])
    return np.ascontiguousarray(cuts[side])


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


def _darken(picture: Picture, strength: float) -> Picture:
    return _multiply(picture, np.full(picture.shape[:2], (1 - strength) ** 2))


def _overexpose(picture: Picture, strength: float) -> Picture:
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


def _defocus(picture: Picture, strength: float) -> Picture:
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


def _make_small(picture: Picture, strength: float) -> Picture:
    factor = 1 - 0.88 * strength
    return np.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _grain(picture: Picture, strength: float, chance: np.random.Generator) -> Picture:
    grain = chance.standard_normal(picture.shape, dtype=np.float32) * np.float32(80 * strength)
    return np.asarray(cv2.add(picture, grain, dtype=cv2.CV_8U), dtype=np.uint8)


def _multiply(picture: Picture, light: NDArray[np.floating]) -> Picture:
    return np.asarray(cv2.multiply(picture, cv2.merge([light.astype(np.float32)] * 3), dtype=cv2.CV_8U), dtype=np.uint8)


def _warp(picture: Picture, corners: NDArray[np.float64]) -> Picture:
    """Move the picture's corners (clockwise from the top left) to the given places; table shows around it."""
    height, width = picture.shape[:2]
    whole = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(whole, corners.astype(np.float32))
    return np.asarray(cv2.warpPerspective(picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=_TABLE), dtype=np.uint8)


_WORKS: dict[Damage, _Work] = {
    Damage.BLANK: _fade,
    Damage.DARK: _darken,
    Damage.BRIGHT: _overexpose,
    Damage.DEFOCUS: _defocus,
    Damage.SMALL: _make_small,
}
_WORKS_OF_CHANCE: dict[Damage, _WorkOfChance] = {
    Damage.FOLD: _fold,
    Damage.PERSPECTIVE: _tilt,
    Damage.SKEW: _turn,
    Damage.CUT_OFF: _cut,
    Damage.GRADIENT: _fall_off,
    Damage.SHADOW: _shadow,
    Damage.GLARE: _glare,
    Damage.THUMB: _thumb,
    Damage.SCREEN: _screen,
    Damage.MOTION: _move,
    Damage.NOISE: _grain,
}
