"""QR and bar codes on a picture, as text that proves nothing by itself.

What a medical e-invoice's code holds has no public specification; it is kept for people and for
comparison. Nothing here follows an address that a code contains.
"""

from ocr.picture import Pixels

_FORMATS = ("QRCode", "DataMatrix", "Code128", "PDF417")
_CODES_MAX = 8
_TEXT_MAX = 2048


def read_codes(pixels: Pixels) -> tuple[str, ...]:
    """Read the codes on a picture; empty when there is none or zxing-cpp is not installed."""
    try:
        import zxingcpp
    except ImportError:
        return ()
    found = zxingcpp.read_barcodes(pixels, formats=zxingcpp.BarcodeFormats([getattr(zxingcpp.BarcodeFormat, name) for name in _FORMATS]))
    return tuple(code.text[:_TEXT_MAX] for code in found[:_CODES_MAX] if code.valid and code.text)
