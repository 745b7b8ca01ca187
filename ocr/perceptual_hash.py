"""A 256-bit fingerprint of how a picture looks (感知哈希).

It finds re-encoded copies of one picture only: two invoices of one template are as near to each other
as a rescan, so nearness is a hint for people and never proof.
"""

import cv2
import numpy as np

from ocr.picture import Pixels, shrink

_SIDE = 16
_SHRUNK_PX = 32 * _SIDE  # from here on the last averaging costs nothing


def perceptual_hash(pixels: Pixels) -> str:
    """Compute the difference hash: 16 × 16 bits, each tells whether a spot is brighter than its left neighbour; 64 hex digits."""
    gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    small = cv2.resize(shrink(gray, _SHRUNK_PX)[0], (_SIDE + 1, _SIDE), interpolation=cv2.INTER_AREA).astype(np.int16)
    bits = (small[:, 1:] > small[:, :-1]).flatten()
    return np.packbits(bits).tobytes().hex()
