"""How a page lies in the picture: cut off at an edge, covered, folded, slanting, seen from too flat an angle."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.gate.overview import Mask, Overview, quantile

_BAND = 0.012  # of the longer side: the outermost strip of the picture
_STROKE = 0.25  # of the paper's brightness: a watermark is paler
_COLOURLESS = 60
_STROKES_CUT = 12  # so many strokes in the edge, and lines of text are cut
_SIDES = {"top": (0.5, 0.0), "bottom": (0.5, 1.0), "left": (0.0, 0.5), "right": (1.0, 0.5)}
_PAPER_AT_EDGE = 0.6  # share of a side
_SKIN_LEVEL = 0.7  # of the brightest part
_FINGERS_OF_BORDER = 0.5  # more is the table
_SPECTRUM_PX = 256
_STRIPS = 8  # a fold runs through most of them
_STEP_PX = 6  # on either side of a fold


@dataclass(frozen=True)
class Frame:
    """How the page lies; shares 0..1."""

    cut_ink: float  # how surely the page runs out of the picture at its worst side
    cut_at: tuple[float, float] | None  # middle of that side
    covered_share: float  # of the page under something the colour of skin
    covered_at: tuple[float, float] | None
    fold_step: float  # of brightness along a straight line across the page
    slant_degrees: float  # of the lines of text, -45..45, to the nearest axis
    slant_certainty: float  # how much text and rules agree on it
    foreshortening: float  # 0: opposite edges are equally long; 0.5: one is half the other


def measure_frame(overview: Overview) -> Frame:
    """Measure how the page lies in the picture."""
    cut, cut_at = _cut(overview)
    covered, at = _covered(overview)
    slant, certainty = _slant(overview)
    return Frame(cut, cut_at, covered, at, _fold(overview), slant, certainty, _foreshortening(overview))


def _cut(overview: Overview) -> tuple[float, tuple[float, float] | None]:
    """Tell how surely the page runs out of the picture, and at the middle of which side.

    Strokes of print in the picture's edge are the surest sign; half as sure is paper up to one or two
    edges while a table shows at the others.
    """
    level = quantile(overview.paper, 0.95)
    paper = (overview.paper > level // 2) & (overview.colour < _COLOURLESS)
    calm = cv2.GaussianBlur(overview.gray, (0, 0), 1.0)
    depth = cv2.convertScaleAbs(overview.paper, alpha=_STROKE)
    strokes = (cv2.subtract(overview.paper, calm) > depth) & (overview.paper > level // 2)
    band = max(3, round(_BAND * max(paper.shape)))
    counts = {side: _strokes_of(_strip(strokes, side, band)) / _STROKES_CUT for side in _SIDES}
    shares = {side: float(_strip(paper, side, band).mean()) for side in _SIDES}
    open_sides = [side for side in _SIDES if shares[side] > _PAPER_AT_EDGE]
    if 1 <= len(open_sides) <= 2 and min(shares.values()) < 1 - _PAPER_AT_EDGE:
        counts = {side: count + 0.5 * (side in open_sides) for side, count in counts.items()}
    worst = max(_SIDES, key=lambda side: counts[side])
    return min(1.0, counts[worst]), _SIDES[worst] if counts[worst] else None


def _strip(mask: Mask, side: str, band: int) -> Mask:
    """Cut out the outermost strip at a side, as (depth, length)."""
    return {"top": mask[:band], "bottom": mask[-band:], "left": mask[:, :band].T, "right": mask[:, -band:].T}[side]


def _strokes_of(strip: Mask) -> int:
    """Count the separate strokes along a strip (depth, length) that go through its whole depth."""
    through = strip.mean(axis=0) > 0.7
    return 0 if through.mean() > 0.5 else int(np.count_nonzero(np.diff(through.astype(np.int8)) == 1))


def _covered(overview: Overview) -> tuple[float, tuple[float, float] | None]:
    """Find smooth patches of the colour of skin that reach in from the edge; a table goes around more of it."""
    blue, green, red = cv2.split(overview.pixels)
    warmth = cv2.subtract(red, blue)
    skin = (warmth > cv2.convertScaleAbs(red, alpha=0.2)) & (warmth < cv2.convertScaleAbs(red, alpha=0.5))
    skin &= (cv2.subtract(red, green) > cv2.convertScaleAbs(red, alpha=1 / 9)) & (red > _SKIN_LEVEL * quantile(overview.gray, 0.95))
    calm = cv2.blur(cv2.absdiff(overview.gray, cv2.blur(overview.gray, (5, 5))), (9, 9)) < 6
    patch = cv2.morphologyEx((skin & calm).astype(np.uint8), cv2.MORPH_OPEN, np.ones((15, 15), np.uint8))
    if not patch.any():
        return 0.0, None
    _, labels, stats, middles = cv2.connectedComponentsWithStats(patch, connectivity=8)
    inset = min(8, min(labels.shape) - 1)  # opening rounds a patch off before it reaches the edge itself
    around = np.concatenate([labels[inset], labels[-1 - inset], labels[:, inset], labels[:, -1 - inset]])
    borders = np.bincount(around, minlength=len(stats)) / around.size
    reaching = [label for label in range(1, len(stats)) if 0 < borders[label] < _FINGERS_OF_BORDER]
    areas = {label: int(stats[label, cv2.CC_STAT_AREA]) for label in reaching}
    if not areas:
        return 0.0, None
    x, y = middles[max(areas, key=lambda each: areas[each])]
    return sum(areas.values()) / patch.size, (float(x) / patch.shape[1], float(y) / patch.shape[0])


def _fold(overview: Overview) -> float:
    """Find a straight step of brightness through the whole page, in either direction."""
    ground = cv2.medianBlur(overview.paper, 5).astype(np.float32) + 8
    if overview.corners is not None:
        (left, top), (right, bottom) = overview.corners.min(axis=0).astype(int), overview.corners.max(axis=0).astype(int)
        ground = ground[top:bottom, left:right]
    return max(_step_across(ground), _step_across(ground.T))


def _step_across(ground: NDArray[np.float32]) -> float:
    height, width = ground.shape
    inner = ground[:, width // 6 : width - width // 6]
    if height < 8 * _STEP_PX or inner.shape[1] < _STRIPS:
        return 0.0
    strips = np.stack([part.mean(axis=1) for part in np.array_split(inner, _STRIPS, axis=1)])
    below, above = strips[:, 2 * _STEP_PX :], strips[:, : -2 * _STEP_PX]
    steps = np.abs(np.log(below / above))
    reach = np.stack([steps[:, shift : steps.shape[1] - 8 + shift] for shift in range(9)]).max(axis=0)  # the fold may slant a little
    margin = height // 6
    common = np.sort(reach, axis=0)[_STRIPS // 4, margin:-margin]
    return float(common.max(initial=0.0))


def _slant(overview: Overview) -> tuple[float, float]:
    """Tell the direction of text and rules from the spectrum of the ink: its energy lies across and along the lines."""
    half = (max(1, overview.ink.shape[1] // 2), max(1, overview.ink.shape[0] // 2))
    ink = np.asarray(cv2.resize(overview.ink.view(np.uint8) * 255, half, interpolation=cv2.INTER_AREA), dtype=np.float32)
    canvas = np.zeros((_SPECTRUM_PX, _SPECTRUM_PX), np.float32)
    top, left = (max(0, (side - _SPECTRUM_PX) // 2) for side in ink.shape)
    cut = ink[top : top + _SPECTRUM_PX, left : left + _SPECTRUM_PX]
    canvas[: cut.shape[0], : cut.shape[1]] = cut - cut.mean()
    planes = np.fft.fftshift(cv2.dft(canvas, flags=cv2.DFT_COMPLEX_OUTPUT), axes=(0, 1))
    power = cv2.magnitude(planes[:, :, 0], planes[:, :, 1])
    middle = _SPECTRUM_PX / 2
    polar = cv2.warpPolar(power, (64, 360), (middle, middle), middle / 2, cv2.WARP_POLAR_LINEAR)[:, 6:]
    by_angle = polar.mean(axis=1).reshape(4, 90).sum(axis=0)  # a page has two directions, a quarter turn apart
    best = int(by_angle.argmax())
    return float((best + 45) % 90 - 45), float(by_angle.max() / max(float(np.median(by_angle)), 1e-6))


def _foreshortening(overview: Overview) -> float:
    if overview.corners is None:
        return 0.0
    sides = np.linalg.norm(overview.corners - np.roll(overview.corners, -1, axis=0), axis=1)
    return float(1 - min(min(sides[0], sides[2]) / max(sides[0], sides[2]), min(sides[1], sides[3]) / max(sides[1], sides[3])))
