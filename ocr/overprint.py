"""Leaves out what lies over or under the print: watermarks and the names around seals, which stand aslant, or faint and large.

Such text would be taken for a part of the field beside it.
"""

from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from domain.document import Box, ReadPage, TextLine
from ocr.picture import Pixels

_ASLANT_DEGREES = 10.0  # from the page's usual direction
_FAINT = 0.35  # share of the page's usual contrast between ink and paper
_LARGE = 1.4  # times the usual height of a line


def without_overprint(page: ReadPage, pixels: Pixels) -> ReadPage:
    """Drop lines that are no part of the form; `pixels` is the picture that was read."""
    level = _without_slanted(page.lines)
    if not level:
        return page
    gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    contrasts = [_contrast(gray, line.box) for line in level]
    usual_contrast = float(np.percentile(contrasts, 80))  # high, for a page may hold more watermark than print
    usual_height = median(_height(line) for line, contrast in zip(level, contrasts, strict=True) if contrast >= _FAINT * usual_contrast)
    kept = (
        line
        for line, contrast in zip(level, contrasts, strict=True)
        if contrast >= _FAINT * usual_contrast or _height(line) <= _LARGE * usual_height
    )
    return ReadPage(tuple(kept), page.reader)


def _without_slanted(lines: tuple[TextLine, ...]) -> list[TextLine]:
    """Take the direction of the longest lines for the page's own; a single character has no direction."""
    if not lines:
        return []
    longest = sorted(lines, key=lambda line: len(line.text), reverse=True)[: max(3, len(lines) // 3)]
    usual = median(line.slant_degrees for line in longest)
    return [line for line in lines if len(line.text) < 2 or abs(line.slant_degrees - usual) <= _ASLANT_DEGREES]


def _contrast(gray: NDArray[np.uint8], box: Box) -> float:
    cut = gray[box.top : box.bottom, box.left : box.right]
    return float(np.percentile(cut, 90) - np.percentile(cut, 1)) if cut.size else 0.0


def _height(line: TextLine) -> int:
    return line.box.bottom - line.box.top
