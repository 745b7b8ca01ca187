"""What every electronic page of the sandbox bears besides its own words: the watermark 样张, and a code of its numbers."""

import math
from collections.abc import Iterator

from PIL import Image

from sandbox.pages.medical_invoice import MedicalInvoice

WATERMARK = (226, 230, 238)
WATERMARK_TEXT = "样张"
WATERMARK_SIZE = 96  # pixels
WATERMARK_ANGLE = 28.0  # degrees, against the clock
_DISTANCE = 400


def watermark_places(width: int, height: int) -> Iterator[tuple[float, float]]:
    """Go through the points, in pixels, where a slanting 样张 begins."""
    for y in range(_DISTANCE // 2, height, _DISTANCE):
        for x in range(_DISTANCE // 4, width, _DISTANCE):
            yield float(x), float(y)


def watermark_matrix() -> tuple[float, float, float, float]:
    """Give a, b, c, d of the turn in a plane whose y goes up."""
    angle = math.radians(WATERMARK_ANGLE)
    return math.cos(angle), math.sin(angle), -math.sin(angle), math.cos(angle)


def code_text(invoice: MedicalInvoice) -> str:
    """Write what the sandbox's QR code of an invoice says. The order is the sandbox's own: no public standard states one."""
    yuan = f"{invoice.total_fen // 100}.{invoice.total_fen % 100:02d}"
    return f"99,{invoice.invoice_code},{invoice.invoice_number},{yuan},{invoice.issue_date:%Y%m%d},{invoice.check_code},SAMPLE"


def draw_code(text: str, side: int = 132) -> Image.Image:
    """Draw a QR code as a grey picture of about `side` pixels."""
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image()
    image = Image.fromarray(code)
    factor = max(1, side // image.width)
    return image.resize((image.width * factor, image.height * factor), Image.Resampling.NEAREST)
