"""Turns what was measured into scores from 0 (none of it) to 1 (as bad as it gets), one for each way in which a picture can be bad."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ocr.gate.failure import HIDDEN
from ocr.gate.frame import SIDES, Frame, measure_frame
from ocr.gate.hidden import lines_lost
from ocr.gate.light import Light, measure_light
from ocr.gate.overview import Mask, Overview, look_over, share_of_message
from ocr.gate.tiles import Tile, measure_tiles
from ocr.picture import Pixels

Spot = tuple[float, float]  # 0..1 from the left, 0..1 from the top

_HARDLY_THERE = (0.6, 0.9)  # a contrast of 22 and of 10
_UPRIGHT = 0.25  # below it, lines of text may as well run down as across
_CERTAIN = 2.5  # times the usual energy of the spectrum that the lines' own direction must have

# In the order of complaint, causes before their effects: who hears three things does the first.
SCORES = (
    "dark",
    "blown",
    "blank",
    "glare",
    "defocus",
    "motion",
    "small",
    "faint",
    "covered",
    "cut_off",
    "perspective",
    "skew",
    "uneven",
    "noise",
    "fold",
    "screen",
)


@dataclass(frozen=True)
class Measured:
    """What was measured on a picture.

    `scores` are told; `signs` predict whether reading will fail: the scores, and parts of them such as cut_off.left. `places` say where
    the local scores have their worst. `sideways` is 1 for a page whose lines surely run down the picture, 0 for one whose lines run across.
    """

    scores: Mapping[str, float]
    signs: Mapping[str, float]
    places: Mapping[str, Spot]
    sideways: float


def measure(pixels: Pixels) -> Measured:
    """Measure a picture of any size, given as 8-bit BGR."""
    overview = look_over(pixels)
    light, frame, tiles = measure_light(overview), measure_frame(overview), measure_tiles(pixels, overview)
    signs = {
        **_of_light(light),
        **_of_frame(frame),
        **_of_tiles(tiles, min(pixels.shape[:2])),
        **_of_hidden(light.glare, frame.covered, overview),
    }
    signs["blank"] = min(signs["blank"], _ramp(signs["faint"], *_HARDLY_THERE))  # pale print escapes the overview, not the tiles
    worst = max(SIDES, key=lambda side: frame.cut[side])
    places = {"glare": light.glare_at, "covered": frame.covered_at, "cut_off": SIDES[worst] if frame.cut[worst] else None}
    found = {name: spot for name, spot in places.items() if spot is not None}
    return Measured({name: signs[name] for name in SCORES}, signs, found, _ramp(-frame.uprightness, -_UPRIGHT, _UPRIGHT))


def _of_light(light: Light) -> dict[str, float]:
    return {
        "blank": _ramp_by_factor(light.ink_share, 0.02, 0.0003),
        "dark": _ramp_by_factor(light.level, 120, 10),
        "blown": _ramp(light.paler, 120, 220) * _ramp(light.burnt_share, 0.3, 0.7),  # white paper is no fault while the ink is dark
        "uneven": _ramp(light.unevenness, 0.3, 1.0),
    }


def _of_frame(frame: Frame) -> dict[str, float]:
    return {
        "cut_off": max(frame.cut.values()),
        **{f"cut_off.{side}": frame.lost[side] for side in SIDES},
        "perspective": _ramp(frame.foreshortening, 0.0, 0.7),
        "skew": _ramp(abs(frame.slant_degrees), 0, 45) if frame.slant_certainty > _CERTAIN else 0.0,
        "fold": _ramp(frame.fold_step, 0.0, 0.8),
    }


def _of_hidden(glare: Mask | None, covered: Mask | None, overview: Overview) -> dict[str, float]:
    """Score what glare and fingers hide of the page, and which lines are lost under both."""
    by_glare, by_fingers = (0.0 if each is None else share_of_message(each, overview) for each in (glare, covered))
    masks = [each for each in (glare, covered) if each is not None]
    lost = lines_lost(np.logical_or.reduce(masks), overview) if masks else 0.0
    return {"glare": _ramp(by_glare, 0.0, 0.8), "covered": _ramp(by_fingers, 0.0, 0.4), HIDDEN: lost}


def _of_tiles(tiles: list[Tile], short_side_px: int) -> dict[str, float]:
    """Score sharpness by the tile with the sharpest edges: print on a part of the page is enough to judge the camera."""
    nothing = {"defocus": 0.0, "motion": 0.0, "small": _ramp_by_factor(short_side_px, 700, 150), "faint": 1.0, "noise": 0.0, "screen": 0.0}
    if not tiles:
        return nothing | {"noise.mottle": 0.0}
    best = min(tiles, key=lambda tile: tile.smear_px)
    height = max(tile.text_height_px for tile in tiles)
    return {
        "defocus": _ramp(best.edge_px, 3, 16),
        "motion": _ramp(math.sqrt(max(0.0, best.smear_px**2 - best.edge_px**2)), 2, 16),
        "small": _ramp_by_factor(height, 24, 4) if height else _ramp_by_factor(short_side_px, 700, 150),
        "faint": _ramp_by_factor(max(tile.contrast for tile in tiles), 100, 8),
        "noise": _ramp(max(tile.noise / tile.contrast for tile in tiles), 0.0, 0.5),
        "noise.mottle": _ramp(min(tile.mottle / tile.contrast for tile in tiles), 0.0, 0.2),
        "screen": _ramp(max(tile.grid for tile in tiles), 1.6, 2.8),
    }


def _ramp(value: float, none: float, worst: float) -> float:
    return min(1.0, max(0.0, (value - none) / (worst - none)))


def _ramp_by_factor(value: float, none: float, worst: float) -> float:
    """Ramp where a factor counts, not a difference, as with light and size."""
    return _ramp(math.log(max(value, 1e-6)), math.log(none), math.log(worst))
