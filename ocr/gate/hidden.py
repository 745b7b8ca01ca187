"""What glare and fingers take from a page: the lines of print whose beginning they hide.

A paper says one thing a line, and the label at its beginning tells what. A finger over the labels of three lines takes three facts, however
small it is; glare over the white at their ends, or at the foot of the page, takes none.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.gate.overview import Mask, Overview

_SHEET_PX, _ROWS = 128, 32
_LABELS = slice(2, 13)  # the columns, of as many as rows, where labels and the first of what they name stand
_LABELS_HIDDEN = 0.4  # so much of them, and the line is lost
_DOWN, _WEIGHTS = (0.0, 0.08, 0.12, 0.55, 0.65, 1.0), (0.0, 0.2, 1.0, 1.0, 0.1, 0.0)  # where down a paper its facts stand
_PRINT = 60  # of 255: so much of a pixel of the half
_PRINT_IN_CELL = 0.08  # share of a cell
_WITHOUT_PRINT = 0.1  # the weight of a row in which no print shows beside what is hidden


def lines_lost(hidden: Mask, overview: Overview) -> float:
    """Weigh the share of a page's lines, 0..1, that a mask in the half hides at their beginning; the page is taken to stand upright."""
    flat = _laid_flat(hidden, overview)
    print_seen = _laid_flat(overview.ink_in_half > _PRINT, overview) * (1 - np.minimum(1, 2 * flat))
    shows_print = print_seen[:, 2:-2].max(axis=1) > _PRINT_IN_CELL
    weights = np.interp((np.arange(_ROWS) + 0.5) / _ROWS, _DOWN, _WEIGHTS) * np.where(shows_print, 1.0, _WITHOUT_PRINT)
    lost = np.minimum(1, flat[:, _LABELS].mean(axis=1) / _LABELS_HIDDEN)
    return float(lost @ weights / weights.sum())


def _laid_flat(mask: Mask, overview: Overview) -> NDArray[np.float32]:
    """Lay what lies on the sheet into a square of cells, 0..1 each."""
    corners = overview.corners
    if corners is None:
        left, top, width, height = cv2.boundingRect(overview.page.view(np.uint8))
        corners = np.array([(left, top), (left + width, top), (left + width, top + height), (left, top + height)])
    square = np.array([(0, 0), (_SHEET_PX, 0), (_SHEET_PX, _SHEET_PX), (0, _SHEET_PX)], np.float32)
    if cv2.contourArea(corners.astype(np.float32)) < 1:
        return np.zeros((_ROWS, _ROWS), np.float32)
    lay = cv2.getPerspectiveTransform(corners.astype(np.float32), square)
    flat = cv2.warpPerspective(mask.view(np.uint8) * np.uint8(255), lay, (_SHEET_PX, _SHEET_PX))
    return np.asarray(cv2.resize(flat, (_ROWS, _ROWS), interpolation=cv2.INTER_AREA), dtype=np.float32) / np.float32(255)
