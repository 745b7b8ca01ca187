"""How a page lies in the picture: cut off at an edge, covered, folded, slanting, seen from too flat an angle."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.gate.overview import Mask, Overview, as_gray, quantile
from ocr.slant import slant_of_ink

_BAND = 0.012  # of the longer side: the outermost strip of the picture
_STROKE = 0.25  # of the paper's brightness: a watermark is paler
_COLOURLESS = 60
_STROKES_CUT = 12  # so many strokes in the edge, and lines of text are cut
_NEAR_EDGE = 0.01  # of the longer side
_PAPER_AT_EDGE, _TABLE_AT_EDGE = 0.6, 0.25  # share of a side that is paper; more of it than the latter is a page in the shade
_SKIN_LEVEL = 0.7  # of the brightest part
_BESIDE_PX, _PAPER_BESIDE_PRINT = 5, 0.4  # of the half; and share of the ground so near to print
_FINGERS_ALONG = 0.8  # of a side; what goes along all of it is the table
_CORNERS_OF_TABLE = 3
_PRINT_PX = 3  # so much ink in a row is no speck
_LINE_PX = 5  # what is lower is a rule
_BESIDE_TITLE = 0.2  # of the breadth: white on either side of a title, and how far it may stand off the middle
_LABELS_GONE = 0.4  # a title so much nearer to one side: a quarter of the sheet is missing there, and every label with it
_THROUGH_TITLE = 0.025  # of the breadth
_FEW_LINES, _ENOUGH_MORE = 5, 8  # below a lost head so few lines say next to nothing; so many more say half
_UNTOLD = 0.5  # where no title tells
_LINES_PX = 11  # of the half: a line of text and the white below it
_STRIPS = 8  # a fold runs through most of them
_STEP_PX = 3  # of the half, on either side of a fold


SIDES = {"top": (0.5, 0.0), "bottom": (0.5, 1.0), "left": (0.0, 0.5), "right": (1.0, 0.5)}


@dataclass(frozen=True)
class Frame:
    """How the page lies; shares 0..1."""

    cut: dict[str, float]  # by side, how surely the page runs out of the picture there
    lost: dict[str, float]  # by side, how much of what the page has to say is probably gone with it
    covered: Mask | None  # in the half: what lies under something the colour of skin
    covered_at: tuple[float, float] | None
    fold_step: float  # of brightness along a straight line across the page
    slant_degrees: float  # of the lines of text, -45..45, to the nearest axis
    slant_certainty: float  # how much text and rules agree on it
    uprightness: float  # above 0: lines run across; below 0: down, the page lies on its side; near 0 nobody can tell
    foreshortening: float  # 0: opposite edges are equally long; 0.5: one is half the other


@dataclass(frozen=True)
class _Heading:
    """The first line of a page: the white at its left and right as shares of the page's breadth; and how many lines there are in all."""

    left: float
    right: float
    lines: int


def measure_frame(overview: Overview) -> Frame:
    """Measure how the page lies in the picture."""
    strokes, cut = _cut(overview)
    covered, at = _covered(overview)
    slant, certainty = slant_of_ink(overview.ink_in_half)
    return Frame(
        cut,
        _lost(cut, _heading(strokes, overview.page)),
        covered,
        at,
        _fold(overview),
        slant,
        certainty,
        _uprightness(overview, slant),
        _foreshortening(overview),
    )


def _cut(overview: Overview) -> tuple[Mask, dict[str, float]]:
    """Tell side by side how surely the page runs out of the picture; also where there are strokes of print.

    Strokes in the picture's edge are the surest sign; half as sure is paper up to one or two
    edges while a table shows at the others.
    """
    level = quantile(overview.paper, 0.95)
    paper = (overview.paper > level // 2) & (overview.colour < _COLOURLESS)
    strokes = find_strokes(overview, paper)
    band = max(3, round(_BAND * max(strokes.shape)))
    cut = {}
    open_sides = _open_sides(overview, paper)
    for side in SIDES:
        cut[side] = min(1.0, _strokes_of(_strip(strokes, side, band)) / _STROKES_CUT + 0.5 * (side in open_sides))
    return strokes, cut


def _open_sides(overview: Overview, paper: Mask) -> list[str]:
    """Name the one or two sides at which the sheet leaves the picture, while a table shows at others; of a scan none counts."""
    if overview.corners is not None:
        (width, height), near = paper.shape[::-1], _NEAR_EDGE * max(paper.shape)
        (left, top), (right, bottom) = np.sort(overview.corners, axis=0)[[1, 2]]  # the inner of the two corners at each side
        away = {"top": top, "bottom": height - 1 - bottom, "left": left, "right": width - 1 - right}
        return [side for side in SIDES if away[side] < near]
    band = max(2, round(_BAND * max(paper.shape)))
    shares = {side: float(_strip(paper, side, band).mean()) for side in SIDES}
    found = [side for side in SIDES if shares[side] > _PAPER_AT_EDGE]
    return found if len(found) <= 2 and min(shares.values()) < _TABLE_AT_EDGE else []


def _lost(cut: dict[str, float], heading: _Heading) -> dict[str, float]:
    """Guess what is gone at each side where the page runs out.

    Papers bear a title in the middle. One that stands left of it says how much is missing at the left, where the labels are, and one
    that begins in the edge itself is cut through; a page that runs out at the top and begins without a title has lost its head, and
    what is left of it says less the fewer lines it has.
    """
    left, right = heading.left, heading.right
    sure = {side: min(1.0, 2 * share) for side, share in cut.items()}
    is_titled = heading.lines > 0 and min(left, right) > _BESIDE_TITLE and abs(left - right) < _BESIDE_TITLE
    labels_gone = 1.0 if left < _THROUGH_TITLE else max(_UNTOLD, (right - left) / _LABELS_GONE)
    return {
        "top": sure["top"] * (0.2 if is_titled else min(1.0, max(_UNTOLD, 1 - (heading.lines - _FEW_LINES) / _ENOUGH_MORE))),
        "bottom": sure["bottom"],
        "left": sure["left"] * min(1.0, labels_gone),
        "right": sure["right"] * min(1.0, max(0.0, left - right) / _LABELS_GONE),
    }


def _heading(strokes: Mask, page: Mask) -> _Heading:
    """Find the lines of a page, and where the first of them stands."""
    left, top, width, height = (2 * each for each in cv2.boundingRect(page.view(np.uint8)))
    inset = max(2, round(_BAND * max(width, height)))  # the sheet's own edge is dark, too
    inside = strokes[top : top + height, left + inset : left + width - inset]
    rows = np.count_nonzero(inside, axis=1) >= _PRINT_PX
    edges = np.flatnonzero(np.diff(np.concatenate([[0], rows.view(np.int8), [0]])))
    lines = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if end - start >= _LINE_PX]
    if not lines:
        return _Heading(0.5, 0.5, 0)
    columns = np.flatnonzero(inside[slice(*lines[0])].any(axis=0))
    return _Heading((inset + int(columns[0])) / width, 1 - (inset + int(columns[-1])) / width, len(lines))


def find_strokes(overview: Overview, paper: Mask) -> Mask:
    """Mark dark strokes on paper, seals and watermarks left out: they may lie across an edge of a whole page."""
    size = overview.red.shape[::-1]
    ground = as_gray(cv2.resize(overview.paper, size, interpolation=cv2.INTER_LINEAR))
    calm = as_gray(cv2.GaussianBlur(overview.red, (3, 3), 0))
    depth = as_gray(cv2.convertScaleAbs(ground, alpha=_STROKE))
    plain = as_gray(cv2.resize(paper.view(np.uint8), size, interpolation=cv2.INTER_NEAREST))
    return np.asarray((cv2.subtract(ground, calm) > depth) & (plain > 0), dtype=np.bool_)


def _strip(mask: Mask, side: str, band: int) -> Mask:
    """Cut out the outermost strip at a side, as (depth, length)."""
    return {"top": mask[:band], "bottom": mask[-band:], "left": mask[:, :band].T, "right": mask[:, -band:].T}[side]


def _strokes_of(strip: Mask) -> int:
    """Count the separate strokes along a strip (depth, length) that go through its whole depth."""
    through = strip.mean(axis=0) > 0.7
    return 0 if through.mean() > 0.5 else int(np.count_nonzero(np.diff(through.astype(np.int8)) == 1))


def _covered(overview: Overview) -> tuple[Mask | None, tuple[float, float] | None]:
    """Find smooth patches of the colour of skin that reach in from the edge.

    A table goes all along it, or lies beside the page; where most corners of the picture have that colour, it is wood, and where the
    ground under the print has it, yellowed paper.
    """
    blue, green, red = cv2.split(overview.half)
    warmth = cv2.subtract(red, blue)
    skin = (warmth > cv2.convertScaleAbs(red, alpha=0.2)) & (warmth < cv2.convertScaleAbs(red, alpha=0.5))
    skin &= (cv2.subtract(red, green) > cv2.convertScaleAbs(red, alpha=1 / 9)) & (red > _SKIN_LEVEL * quantile(overview.gray_in_half, 0.95))
    if _is_paper(skin, overview):
        return None, None
    calm = cv2.blur(cv2.absdiff(green, cv2.blur(green, (3, 3))), (5, 5)) < 6
    patch = cv2.morphologyEx((skin & calm).astype(np.uint8), cv2.MORPH_OPEN, np.ones((7, 7), np.uint8))
    if not patch.any():
        return None, None
    _, labels, stats, middles = cv2.connectedComponentsWithStats(patch, connectivity=8, ltype=cv2.CV_16U)
    inset = min(4, (min(labels.shape) - 1) // 2)  # opening rounds a patch off before it reaches the edge itself
    if np.count_nonzero(labels[[inset, inset, -1 - inset, -1 - inset], [inset, -1 - inset, inset, -1 - inset]]) >= _CORNERS_OF_TABLE:
        return None, None
    sides = (labels[inset], labels[-1 - inset], labels[:, inset], labels[:, -1 - inset])
    along = np.stack([np.bincount(side, minlength=len(stats)) / side.size for side in sides]).max(axis=0)
    reaching = [label for label in range(1, len(stats)) if 0 < along[label] < _FINGERS_ALONG]
    areas = {label: int(stats[label, cv2.CC_STAT_AREA]) for label in reaching}
    if not areas:
        return None, None
    x, y = middles[max(areas, key=lambda each: areas[each])]
    hidden = np.asarray(np.isin(labels, reaching), dtype=np.bool_)
    return hidden, (float(x) / patch.shape[1], float(y) / patch.shape[0])


def _is_paper(skin: Mask, overview: Overview) -> bool:
    """Tell whether what has the colour of skin is what the print stands on."""
    print_ = (overview.ink_in_half > 0).view(np.uint8)
    beside = (np.asarray(cv2.dilate(print_, np.ones((_BESIDE_PX, _BESIDE_PX), np.uint8))) > print_) & overview.page
    return bool(np.count_nonzero(skin & beside) > _PAPER_BESIDE_PRINT * np.count_nonzero(beside))


def _fold(overview: Overview) -> float:
    """Find a straight step of brightness through the whole page, in either direction."""
    ground = cv2.medianBlur(overview.paper, 3).astype(np.float32) + 8
    if overview.corners is not None:
        (left, top), (right, bottom) = overview.corners.min(axis=0).astype(int), overview.corners.max(axis=0).astype(int)
        ground = ground[top:bottom, left:right]
    return max(_step_across(ground), _step_across(ground.T))


def _step_across(ground: NDArray[np.float32]) -> float:
    height, width = ground.shape
    inner = ground[:, width // 6 : width - width // 6]
    if height < 8 * _STEP_PX or inner.shape[1] < _STRIPS:
        return 0.0
    strips = np.asarray(cv2.resize(inner, (_STRIPS, height), interpolation=cv2.INTER_AREA)).T
    below, above = strips[:, 2 * _STEP_PX :], strips[:, : -2 * _STEP_PX]
    steps = np.abs(np.log(below / above))
    reach = np.stack([steps[:, shift : steps.shape[1] - 8 + shift] for shift in range(9)]).max(axis=0)  # the fold may slant a little
    margin = height // 6
    common = np.sort(reach, axis=0)[_STRIPS // 4, margin:-margin]
    return float(common.max(initial=0.0))


def _uprightness(overview: Overview, slant: float) -> float:
    """Compare how print comes and goes from row to row with how it does from column to column, the slant undone; a logarithm.

    Lines of text leave white between them from edge to edge, and their characters do not.
    """
    height, width = overview.paper.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), slant, 1.0)
    ink = cv2.warpAffine(overview.ink_in_half, turn, (width, height))
    across, down = (_liveliness(np.asarray(cv2.reduce(ink, axis, cv2.REDUCE_AVG, dtype=cv2.CV_32F), np.float32).ravel()) for axis in (1, 0))
    return 0.5 * math.log(across / down)


def _liveliness(profile: NDArray[np.float32]) -> float:
    """Tell how much a profile of ink differs from its own moving mean; rules, which are all ink, count as much as text."""
    capped = np.minimum(profile, 1.5 * np.quantile(profile, 0.9))
    mean = cv2.blur(capped[None], (_LINES_PX, 1)).ravel()
    return float(((capped - mean) ** 2).sum()) + 1e-3


def _foreshortening(overview: Overview) -> float:
    if overview.corners is None:
        return 0.0
    sides = np.linalg.norm(overview.corners - np.roll(overview.corners, -1, axis=0), axis=1)
    return float(1 - min(min(sides[0], sides[2]) / max(sides[0], sides[2]), min(sides[1], sides[3]) / max(sides[1], sides[3])))
