"""Turns what was measured into scores from 0 (none of it) to 1 (as bad as it gets), one for each way in which a picture can be bad."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from ocr.gate.characters import Characters, measure_characters
from ocr.gate.failure import HIDDEN, SMEAR
from ocr.gate.frame import SIDES, Frame, measure_frame
from ocr.gate.hidden import lines_lost
from ocr.gate.light import Light, measure_light
from ocr.gate.overview import Mask, Overview, look_over, share_of_message
from ocr.gate.tiles import READ_PX, Tile, measure_tiles
from ocr.picture import Pixels

Spot = tuple[float, float]  # 0..1 from the left, 0..1 from the top

_HARDLY_THERE = (0.6, 0.9)  # a contrast of 22 and of 10
_UPRIGHT = 0.25  # below it, lines of text may as well run down as across
_USUAL_TYPE_PX, _TYPE_PX = 24, (10, 60)  # of an A4 sheet that fills the picture; and what blur is weighed by at the least and the most
_SMEAR_OF_PRINT = 1.35  # print out of focus has edges that much wider in one direction than in another; what moved has more
_CERTAIN = 2.5  # times the usual energy of the spectrum that the lines' own direction must have

# In the order of complaint, causes before their effects: who hears three things does the first.
SCORES = (
    "dark",
    "blown",
    "blank",
    "glare",
    "small",
    "defocus",
    "motion",
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

    `scores` are told; `signs` predict whether reading will fail: the scores, parts of them such as cut_off.left, and what was measured
    of print, sheet and light, in its own units. `places` say where the local scores have their worst. `sideways` is 1 for a page whose
    lines surely run down the picture, 0 for one whose lines run across.
    """

    scores: Mapping[str, float]
    signs: Mapping[str, float]
    places: Mapping[str, Spot]
    sideways: float


def measure(pixels: Pixels) -> Measured:
    """Measure a picture of any size, given as 8-bit BGR."""
    overview = look_over(pixels)
    light, frame, tiles = measure_light(overview), measure_frame(overview), measure_tiles(pixels, overview)
    characters = measure_characters(overview)
    signs = {
        **_of_light(light),
        **_of_frame(frame),
        **_of_tiles(tiles, characters.type_px),
        **_of_type(characters.type_px, min(pixels.shape[:2])),
        **_of_hidden(light.glare, frame.covered, overview),
        **_of_print(characters, tiles, light, overview),
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


def _of_type(type_px: float, short_side_px: int) -> dict[str, float]:
    """Score the size of the type, or of the picture where no type shows."""
    return {"small": _ramp_by_factor(type_px, 24, 4) if type_px else _ramp_by_factor(short_side_px, 700, 150)}


def _of_print(characters: Characters, tiles: list[Tile], light: Light, overview: Overview) -> dict[str, float]:
    """Tell what is no fault by itself: how print, sheet and light look, by which a fault does more harm or less."""
    _, _, width, height = cv2.boundingRect(overview.page.view(np.uint8))
    read_as = min(1.0, READ_PX / (max(overview.gray.shape) * overview.factor))
    return {
        "print.count": characters.count,
        "print.specks": characters.specks,
        "print.type": characters.type_px,
        "print.height": characters.height,
        "print.breadth": characters.breadth,
        "print.solidity": characters.solidity,
        "print.density": tiles[0].density if tiles else 0.0,
        "print.share": light.ink_share,
        "print.brightness": light.paler,
        "print.of_side": characters.type_px / (min(overview.gray.shape) * overview.factor * read_as),
        "sheet.shape": width / max(1, height),
        "sheet.share": float(overview.page.mean()),
        "light.burnt": light.burnt_share,
    }


def _of_tiles(tiles: list[Tile], type_px: float) -> dict[str, float]:
    """Score sharpness by the tile with the sharpest edges: print on a part of the page is enough to judge the camera.

    Blur is weighed by the root of the type's size: twice the blur is as bad in type four times as high, for strokes do not grow with it.
    """
    if not tiles:
        return dict.fromkeys(("defocus", "motion", SMEAR, "noise", "noise.mottle", "screen"), 0.0) | {"faint": 1.0}
    best = min(tiles, key=lambda tile: tile.smear_px)
    weight = math.sqrt(_USUAL_TYPE_PX / float(np.clip(type_px or _USUAL_TYPE_PX, *_TYPE_PX)))
    return {
        "defocus": _ramp(weight * best.edge_px, 3, 16),
        "motion": _ramp(weight * _beyond(best.smear_px, _SMEAR_OF_PRINT * best.edge_px), 2, 16),
        SMEAR: _ramp(weight * _beyond(best.smear_px, best.edge_px), 2, 24),
        "faint": _ramp_by_factor(max(tile.contrast for tile in tiles), 100, 8),
        "noise": _ramp(max(tile.noise / tile.contrast for tile in tiles), 0.0, 0.5),
        "noise.mottle": _ramp(min(tile.mottle / tile.contrast for tile in tiles), 0.0, 0.2),
        "screen": _ramp(max(tile.grid for tile in tiles), 1.6, 2.8),
    }


def _beyond(smear_px: float, edge_px: float) -> float:
    """Tell how much wider an edge is than another: widths add up as squares."""
    return math.sqrt(max(0.0, smear_px**2 - edge_px**2))


def _ramp(value: float, none: float, worst: float) -> float:
    return min(1.0, max(0.0, (value - none) / (worst - none)))


def _ramp_by_factor(value: float, none: float, worst: float) -> float:
    """Ramp where a factor counts, not a difference, as with light and size."""
    return _ramp(math.log(max(value, 1e-6)), math.log(none), math.log(worst))
