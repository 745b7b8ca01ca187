"""How the light falls on a page: darkness, burnt-out print, glare and where it is, unevenness, emptiness."""

from dataclasses import dataclass

import cv2
import numpy as np

from ocr.gate.overview import Mask, Overview, halve, quantile, share_of_message

_CELL_PX = 10  # of the half: a line of text and the paper around it
_INK_IN_CELL = 0.02  # share of a cell that must be ink for it to hold print
_BURNT = 251  # of the darkest colour: paper that is merely white keeps some tint
_WORD_PX = 5  # of the half
_LINE_PX = 11  # of the half: print so near to a burnt spot shows through it
_WHITE_ALL_OVER = 0.85  # share of the page
_TRACE = 248  # darker than burnt-out paper
_TRACES_MIN = 0.0005  # share of the picture
_SPOT_SHARE_MIN = 0.002  # a smaller spot hides less than a word


@dataclass(frozen=True)
class Light:
    """Measured light; shares are of the page, brightness 0..255."""

    level: float  # brightness of the lit part
    ink_share: float  # of the page that is print
    paler: float  # brightness of the print itself, lower quartile
    burnt_share: float  # of the page that is pure white
    unevenness: float  # 0: the same light on all print, 1: some in the dark
    glare_share: float
    glare_at: tuple[float, float] | None  # middle of the largest spot, 0..1 from the top left


def measure_light(overview: Overview) -> Light:
    """Measure the light of a picture."""
    level = quantile(halve(overview.gray), 0.95, overview.page)
    burnt = _burnt(overview)
    share, at = _glare(overview, burnt)
    return Light(
        level=level,
        ink_share=int(np.count_nonzero(overview.ink)) / max(1, 4 * int(np.count_nonzero(overview.page))),
        paler=_paleness(overview),
        burnt_share=float(burnt[overview.page].mean()) if overview.page.any() else 0.0,
        unevenness=_unevenness(overview),
        glare_share=share,
        glare_at=at,
    )


def _paleness(overview: Overview) -> float:
    """Measure the brightness of print; of its traces where there is no more, and 0.0 where there is not even one."""
    if overview.ink.any():
        return quantile(overview.gray, 0.25, overview.ink)
    gray = halve(overview.gray)
    traces = overview.page & (gray < _TRACE)
    return quantile(gray, 0.25, traces) if traces.mean() > _TRACES_MIN else 0.0


def _unevenness(overview: Overview) -> float:
    """Compare the light on the darkest tenth of what holds print with the light on the brightest."""
    rows, columns = (max(1, side // _CELL_PX) for side in overview.paper.shape)
    ink = cv2.resize(overview.ink_in_half, (columns, rows), interpolation=cv2.INTER_AREA)
    small = np.asarray(cv2.resize(overview.paper, (columns, rows), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    paper = small[ink > 255 * _INK_IN_CELL]
    return 1 - quantile(paper, 0.1) / max(quantile(paper, 0.95), 1.0) if paper.size >= 4 else 0.0


def _burnt(overview: Overview) -> Mask:
    """Mark the ground that is burnt out to pure white."""
    burnt = (overview.page & (overview.darkest >= _BURNT)).astype(np.uint8)
    return np.asarray(cv2.morphologyEx(burnt, cv2.MORPH_CLOSE, np.ones((_WORD_PX, _WORD_PX), np.uint8))) > 0


def _glare(overview: Overview, burnt: Mask) -> tuple[float, tuple[float, float] | None]:
    """Find burnt spots without print nearby: their share of the page, and the middle of the largest.

    A page that is white all over is not glare: there the print tells whether it is too bright.
    """
    size = max(1, int(np.count_nonzero(overview.page)))
    burnt_share = np.count_nonzero(burnt) / size
    if burnt_share < _SPOT_SHARE_MIN or burnt_share > _WHITE_ALL_OVER:
        return 0.0, None
    near_print = cv2.dilate((overview.ink_in_half > 0).view(np.uint8), np.ones((_LINE_PX, _LINE_PX), np.uint8))
    spots = cv2.morphologyEx((burnt & (near_print == 0)).astype(np.uint8), cv2.MORPH_OPEN, np.ones((_WORD_PX, _WORD_PX), np.uint8))
    count, labels, stats, middles = cv2.connectedComponentsWithStats(spots, connectivity=8)
    areas = stats[1:count, cv2.CC_STAT_AREA] / size
    large = areas >= _SPOT_SHARE_MIN
    if not large.any():
        return 0.0, None
    x, y = middles[1 + int(areas.argmax())]
    hidden = np.isin(labels, 1 + np.flatnonzero(large))
    return share_of_message(hidden, overview), (float(x) / burnt.shape[1], float(y) / burnt.shape[0])
