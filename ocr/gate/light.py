"""How the light falls on a page: darkness, burnt-out print, glare and where it is, unevenness, emptiness."""

from dataclasses import dataclass

import cv2
import numpy as np

from ocr.gate.overview import Mask, Overview, as_gray, quantile

_CELL_PX = 10  # of the half: a line of text and the paper around it
_INK_IN_CELL = 0.02  # share of a cell that must be ink for it to hold print
_WHITE = 255.0
_BURNT = 251  # of the darkest colour: paper that is merely white keeps some tint
_WORD_PX = 5  # of the half
_LINE_PX = 11  # of the half: print so near to a burnt spot shows through it
_WHITE_ALL_OVER = 0.85  # share of the page
_TRACE = 248  # darker than burnt-out paper
_TRACES_MIN = 0.0005  # share of the picture
_SPOT_SHARE_MIN = 0.002  # a smaller spot hides less than a word
_TINTED_MIN = 0.02  # of the page: so much paper beside the burnt ground, and not all of it is white
_PALE = 12  # difference of the colours of paper; fingers and tables have more
_TOP = 0.985  # of the ground is no brighter than a plateau in it
_FLAT = 0.96  # of its brightness: what is brighter belongs to it
_DIM_MIN = 12  # brightness; darker nothing tells paper from glare
_UNDER_GLARE = 0.95  # of a plateau's brightness: paper with print is darker
_TINTLESS = 1  # difference of the colours; paper has more
_DIM_SHARE_MIN = 0.05  # of the picture


@dataclass(frozen=True)
class Light:
    """Measured light; shares are of the page, brightness 0..255."""

    level: float  # brightness of the lit part
    ink_share: float  # of the page that is print
    paler: float  # brightness of the print itself, lower quartile
    burnt_share: float  # of the page that is pure white
    unevenness: float  # 0: the same light on all print, 1: some in the dark
    glare: Mask | None  # in the half: what it hides
    glare_at: tuple[float, float] | None  # middle of the largest spot, 0..1 from the top left


def measure_light(overview: Overview) -> Light:
    """Measure the light of a picture."""
    level = quantile(overview.gray_in_half, 0.95, overview.page)
    burnt = _burnt(overview)
    glare, at = _glare(overview, burnt)
    return Light(
        level=level,
        ink_share=int(np.count_nonzero(overview.ink)) / max(1, 4 * int(np.count_nonzero(overview.page))),
        paler=_paleness(overview),
        burnt_share=float(burnt[overview.page].mean()) if overview.page.any() else 0.0,
        unevenness=_unevenness(overview),
        glare=glare,
        glare_at=at,
    )


def _paleness(overview: Overview) -> float:
    """Measure the brightness of print; of its traces where there is no more, and 0.0 where there is not even one.

    What a sensor saw all white keeps some of its grain, which a white sheet in a file does not have: print was burnt out there.
    """
    if overview.ink.any():
        return quantile(overview.gray[::2], 0.25, overview.ink[::2])  # every other row tells as much as all
    traces = overview.page & (overview.gray_in_half < _TRACE)
    if traces.mean() > _TRACES_MIN:
        return quantile(overview.gray_in_half, 0.25, traces)
    return _WHITE if _BURNT <= quantile(overview.darkest, 0.5) < _WHITE else 0.0


def _unevenness(overview: Overview) -> float:
    """Compare the light on the darkest tenth of what holds print with the light on the brightest."""
    rows, columns = (max(1, side // _CELL_PX) for side in overview.paper.shape)
    ink = cv2.resize(overview.ink_in_half, (columns, rows), interpolation=cv2.INTER_AREA)
    small = np.asarray(cv2.resize(overview.paper, (columns, rows), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    paper = small[ink > 255 * _INK_IN_CELL]
    return 1 - quantile(paper, 0.1) / max(quantile(paper, 0.95), 1.0) if paper.size >= 4 else 0.0


def _burnt(overview: Overview) -> Mask:
    """Mark the ground that is burnt out to pure white."""
    return _closed(overview.page & (overview.darkest >= _BURNT))


def _dimmed(overview: Overview) -> Mask | None:
    """Mark ground that was burnt out and is no longer white: flat, brighter than what bears print, without the paper's tint."""
    ground = as_gray(cv2.blur(overview.paper, (_WORD_PX, _WORD_PX)))
    top = quantile(ground, _TOP, overview.page)
    printed = quantile(overview.paper, 0.75, overview.ink_in_half > 0)
    if top < _DIM_MIN or not 0 < printed < _UNDER_GLARE * top or quantile(overview.colour, _TOP) <= _TINTLESS:
        return None
    flat = _closed(overview.page & (ground >= _FLAT * top))
    spots = _without_print(flat, overview)
    return flat if spots.mean() > _DIM_SHARE_MIN and quantile(overview.colour, 0.5, spots) <= _TINTLESS else None


def _closed(mask: Mask) -> Mask:
    return np.asarray(cv2.morphologyEx(mask.view(np.uint8), cv2.MORPH_CLOSE, np.ones((_WORD_PX, _WORD_PX), np.uint8))) > 0


def _without_print(ground: Mask, overview: Overview) -> Mask:
    """Keep what is wider than a word and not so near to print that it shows through."""
    near_print = _near_print(overview)
    return np.asarray(cv2.morphologyEx((ground & ~near_print).view(np.uint8), cv2.MORPH_OPEN, np.ones((_WORD_PX, _WORD_PX), np.uint8))) > 0


def _near_print(overview: Overview) -> Mask:
    return np.asarray(cv2.dilate((overview.ink_in_half > 0).view(np.uint8), np.ones((_LINE_PX, _LINE_PX), np.uint8))) > 0


def _glare(overview: Overview, burnt: Mask) -> tuple[Mask | None, tuple[float, float] | None]:
    """Find burnt spots without print nearby, and the middle of the largest.

    A page that is white all over, up to its print, is not glare: there the print tells whether it is too bright.
    """
    size = max(1, int(np.count_nonzero(overview.page)))
    burnt_share = np.count_nonzero(burnt) / size
    if burnt_share < _SPOT_SHARE_MIN:
        dimmed = _dimmed(overview)
        if dimmed is None:
            return None, None
        burnt = dimmed
    elif burnt_share > _WHITE_ALL_OVER:
        tinted = overview.page & ~burnt & ~_near_print(overview) & (overview.colour < _PALE)
        if np.count_nonzero(tinted) < _TINTED_MIN * size:
            return None, None
    spots = _without_print(burnt, overview)
    count, labels, stats, middles = cv2.connectedComponentsWithStats(spots.view(np.uint8), connectivity=8, ltype=cv2.CV_16U)
    areas = stats[1:count, cv2.CC_STAT_AREA] / size
    large = areas >= _SPOT_SHARE_MIN
    if not large.any():
        return None, None
    x, y = middles[1 + int(areas.argmax())]
    hidden = np.asarray(np.isin(labels, 1 + np.flatnonzero(large)), dtype=np.bool_)
    return hidden, (float(x) / burnt.shape[1], float(y) / burnt.shape[0])
