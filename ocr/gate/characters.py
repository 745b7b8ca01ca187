"""What the characters of a page look like from afar: how many there are, how high, how well their strokes part.

Blur melts them into lines, faintness and glare take them away, and grain adds specks. It is looked for in the overview, where blur has
not yet melted lines together.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.gate.overview import Overview
from ocr.gate.tiles import READ_PX

_SPECK_AREA_PX = 6  # of the overview, as all that follow: what is smaller is grain
_LARGEST = (90, 60)  # width and height; what is larger is a table or a portrait
_CHARACTERS_MIN = 5
_UPPER = 0.75  # strokes that hang together less than a character lie below


@dataclass(frozen=True)
class Characters:
    """Blobs of print; all but `count` and `specks` are 0.0 without any."""

    count: int
    specks: int  # what is smaller
    type_px: float  # height of characters in pixels of the picture as it is read; 0.0 with fewer than five
    height: float  # median, in pixels of the overview
    breadth: float  # times the height, median: words that melt together are broad
    solidity: float  # share of their boxes that is print, median


def measure_characters(overview: Overview) -> Characters:
    """Measure the characters of a page."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(overview.ink.view(np.uint8), connectivity=8, ltype=cv2.CV_16U)
    width, height, area = (stats[1:, column] for column in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    is_type = (area >= _SPECK_AREA_PX) & (width <= _LARGEST[0]) & (height <= _LARGEST[1])
    count, specks = int(np.count_nonzero(is_type)), int(np.count_nonzero(area < _SPECK_AREA_PX))
    if not count:
        return Characters(0, specks, 0.0, 0.0, 0.0, 0.0)
    width, height, area = width[is_type], height[is_type], area[is_type]
    medians = (float(np.median(each)) for each in (height, width / height, area / (width * height)))
    return Characters(count, specks, _type_px(np.minimum(width, height), overview), *medians)


def _type_px(sizes: NDArray[np.int32], overview: Overview) -> float:
    if len(sizes) < _CHARACTERS_MIN:
        return 0.0
    as_read = min(1.0, READ_PX / (max(overview.gray.shape) * overview.factor))
    return float(np.sort(sizes)[round(_UPPER * (len(sizes) - 1))] * overview.factor * as_read)
