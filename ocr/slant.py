"""By how many degrees the lines of a page slant, told from the spectrum of its ink: of any slant, and of pages with few lines."""

import cv2
import numpy as np
from numpy.typing import NDArray

_SPECTRUM_PX = 256
_REACH = 65  # frequencies across and down that count
_LOWEST = 6  # frequencies below it are those of the page, not of its lines


def slant_of_ink(ink: NDArray[np.uint8]) -> tuple[float, float]:
    """Tell by how many degrees lines fall to the right, -45 to 44, and how many times the usual energy lies in that direction.

    `ink` says how much of each pixel is print, on a copy of some 320 pixels. Energy lies across and along the lines: which of the
    two is which is not told, nor is a page on its side.
    """
    canvas = np.zeros((_SPECTRUM_PX, _SPECTRUM_PX), np.float32)
    top, left = (max(0, (side - _SPECTRUM_PX) // 2) for side in ink.shape)
    cut = ink[top : top + _SPECTRUM_PX, left : left + _SPECTRUM_PX].astype(np.float32)
    canvas[: cut.shape[0], : cut.shape[1]] = cut - cut.mean()
    how = cv2.WARP_POLAR_LINEAR | cv2.WARP_FILL_OUTLIERS
    polar = cv2.warpPolar(_half_spectrum(canvas), (64, 360), (0, _REACH), 64, how)[:, _LOWEST:]
    by_angle = (polar[270:] + polar[:90]).mean(axis=1)  # a page has two directions, a quarter turn apart
    best = int(by_angle.argmax())
    return float((best + 45) % 90 - 45), float(by_angle.max() / max(float(np.median(by_angle)), 1e-6))


def _half_spectrum(canvas: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the magnitudes of a real plane's low frequencies: across from 0, down from minus to plus `_REACH`.

    The other half mirrors it, and OpenCV computes this one in a seventh of the time. It packs real and imaginary parts in pairs,
    from the second column on, and those of the first column down it.
    """
    packed = cv2.dft(canvas)
    across = cv2.magnitude(*(np.ascontiguousarray(packed[:, start : start + 2 * _REACH : 2]) for start in (1, 2)))
    first = np.hypot(packed[1 : 2 * _REACH + 1 : 2, 0], packed[2 : 2 * _REACH + 2 : 2, 0])
    down = np.concatenate([first[::-1], np.abs(packed[:1, 0]), first])
    rows = np.concatenate([across[-_REACH:], across[: _REACH + 1]])
    return np.ascontiguousarray(np.column_stack([down, rows]), dtype=np.float32)
