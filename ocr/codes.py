"""QR and bar codes on a picture, as text that proves nothing by itself.

What a medical e-invoice's code holds has no public specification; it is kept for people and for
comparison. Nothing here follows an address that a code contains.
"""

import cv2
import numpy as np

from ocr.picture import Pixels, shrink

_CODES_MAX = 8
_TEXT_MAX = 2048
_SIDE_PX = 2400  # enough for the smallest code that a whole page bears; larger pictures only cost time
_BARS = ("Code128", "PDF417", "DataMatrix")


def read_codes(pixels: Pixels) -> tuple[str, ...]:
    """Read the codes on a picture; empty when there is none or zxing-cpp is not installed.

    A QR code is looked for first, in 2–4 ms; bar codes, which take five times as long, only on a picture without one.
    """
    try:
        import zxingcpp
    except ImportError:
        return ()
    gray = np.asarray(cv2.cvtColor(shrink(pixels, _SIDE_PX)[0], cv2.COLOR_BGR2GRAY), dtype=np.uint8)

    found = zxingcpp.read_barcodes(
        gray, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]), try_rotate=False, try_invert=False
    )
    if not found:
        bars = zxingcpp.BarcodeFormats([getattr(zxingcpp.BarcodeFormat, name) for name in _BARS])
        found = zxingcpp.read_barcodes(gray, formats=bars, try_downscale=False, try_invert=False)
    return tuple(code.text[:_TEXT_MAX] for code in found[:_CODES_MAX] if code.valid and code.text)
