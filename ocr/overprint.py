"""Leaves out what lies under the print: watermarks, faint and large, that would be taken for a part of the field beside them."""

from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from domain.document import Box, ReadPage, TextLine
from ocr.picture import Pixels

_FAINT = 0.35  # share of the page's usual contrast between ink and paper
_LARGE = 1.4  # times the usual height of a line


def without_overprint(page: ReadPage, pixels: Pixels) -> ReadPage:
    """Drop lines that are no part of the form; `pixels` is the picture that was read."""
    if not page.lines:
        return page
    gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    contrasts = [_contrast(gray, line.box) for line in page.lines]
    enough = _FAINT * float(np.percentile(contrasts, 80))  # high, for a page may hold more watermark than print
    usual_height = median(_height(line) for line, contrast in zip(page.lines, contrasts, strict=True) if contrast >= enough)
    kept = (
        line for line, contrast in zip(page.lines, contrasts, strict=True) if contrast >= enough or _height(line) <= _LARGE * usual_height
    )
    return ReadPage(tuple(kept), page.reader)


def _contrast(gray: NDArray[np.uint8], box: Box) -> float:
    cut = gray[box.top : box.bottom, box.left : box.right]
    if not cut.size:
        return 0.0
    ink, paper = np.percentile(cut, (8, 90))
    return float(paper - ink)


def _height(line: TextLine) -> int:
    return line.box.bottom - line.box.top
