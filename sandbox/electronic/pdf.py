"""Writes PDF with a text layer as hospitals' systems do, by hand: nothing but what a page of the sandbox needs.

The font is named and not embedded (STSong-Light, which every viewer replaces), so a file has a few kilobytes.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO

from PIL import Image

from sandbox.electronic.habits import Habits
from sandbox.electronic.marks import WATERMARK, WATERMARK_SIZE, WATERMARK_TEXT, watermark_matrix, watermark_places
from sandbox.sheet import Colour, Piece, Sheet

_PT = 72 / 150  # of a pixel
_CATALOG, _PAGES, _FONT, _CID_FONT, _DESCRIPTOR, _FREE = 1, 2, 3, 4, 5, 6

Page = Sheet | Image.Image


def write_pdf(
    pages: Sequence[Page], habits: Habits, *, attached: Mapping[str, bytes] | None = None, code: Image.Image | None = None
) -> bytes:
    """Write sheets as text pages and pictures as scanned pages; `code` is put on the first page."""
    objects: dict[int, bytes] = {
        _FONT: b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[%d 0 R]>>" % _CID_FONT,
        _CID_FONT: b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
        b"/FontDescriptor %d 0 R/DW 1000/W[1 95 500]>>" % _DESCRIPTOR,
        _DESCRIPTOR: b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880"
        b"/Descent -120/CapHeight 880/StemV 93>>",
    }
    kids = []
    for number, page in enumerate(pages):
        kids.append(_add_page(objects, page, habits, code if number == 0 else None))
    objects[_PAGES] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    objects[_CATALOG] = b"<</Type/Catalog/Pages %d 0 R%s>>" % (_PAGES, _attach(objects, attached or {}))
    return _file(objects)


def _add_page(objects: dict[int, bytes], page: Page, habits: Habits, code: Image.Image | None) -> int:
    width, height = (page.width, page.height) if isinstance(page, Sheet) else page.size
    pictures: dict[str, int] = {}
    if isinstance(page, Sheet):
        content = _texts(page, habits)
        if code is not None:
            pictures["Code"] = _add(objects, _picture(code.convert("L"), "/DeviceGray"))
            content += b"q %.2f 0 0 %.2f %.2f %.2f cm /Code Do Q\n" % (63.0, 63.0, (width - 170) * _PT, (height - 182) * _PT)
    else:
        pictures["Scan"] = _add(objects, _picture(page.convert("RGB"), "/DeviceRGB"))
        content = b"q %.2f 0 0 %.2f 0 0 cm /Scan Do Q\n" % (width * _PT, height * _PT)
    drawn = b"".join(b"/%s %d 0 R" % (name.encode(), number) for name, number in pictures.items())
    stream = _add(objects, b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
    return _add(
        objects,
        b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %.2f %.2f]/Contents %d 0 R/Resources<</Font<</F1 %d 0 R>>/XObject<<%s>>>>>>"
        % (_PAGES, width * _PT, height * _PT, stream, _FONT, drawn),
    )


def _texts(sheet: Sheet, habits: Habits) -> bytes:
    words = [_piece(piece, sheet.height, habits) for piece in sheet.pieces]
    a, b, c, d = watermark_matrix()
    marks = [
        _text(WATERMARK_TEXT, WATERMARK_SIZE * _PT, (a, b, c, d, x * _PT, (sheet.height - y) * _PT), WATERMARK)
        for x, y in watermark_places(sheet.width, sheet.height)
    ]
    return b"".join(marks + words if habits.has_marks_behind else words + marks)


def _piece(piece: Piece, height: int, habits: Habits) -> bytes:
    size, y = piece.size * _PT, (height - piece.baseline) * _PT
    scale = size if habits.is_scaled else 1.0
    if not habits.is_by_character:
        return _text(piece.text, size / scale, (scale, 0, 0, scale, piece.left * _PT, y), piece.ink)
    written, left = [], piece.left
    for character, advance in zip(piece.text, piece.advances(), strict=True):
        written.append(_text(character, size / scale, (scale, 0, 0, scale, left * _PT, y), piece.ink))
        left += advance
    return b"".join(written)


def _text(text: str, size: float, matrix: tuple[float, ...], ink: Colour) -> bytes:
    colour = " ".join(f"{each / 255:.3f}" for each in ink)
    placed = " ".join(f"{each:.4f}" for each in matrix)
    return f"BT /F1 {size:.4f} Tf {colour} rg {placed} Tm <{text.encode('utf-16-be').hex()}> Tj ET\n".encode()


def _picture(image: Image.Image, space: str) -> bytes:
    sink = BytesIO()
    image.save(sink, "JPEG", quality=90)
    body = sink.getvalue()
    kind = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace%s/BitsPerComponent 8" % (image.width, image.height, space.encode())
    return b"<<%s/Filter/DCTDecode/Length %d>>stream\n%s\nendstream" % (kind, len(body), body)


def _attach(objects: dict[int, bytes], attached: Mapping[str, bytes]) -> bytes:
    """Add files to the PDF, and give what the catalogue says of them."""
    if not attached:
        return b""
    names = []
    for name, content in attached.items():
        stream = _add(objects, b"<</Type/EmbeddedFile/Length %d>>stream\n%s\nendstream" % (len(content), content))
        text = b"<feff%s>" % name.encode("utf-16-be").hex().encode()
        spec = _add(objects, b"<</Type/Filespec/F%s/UF%s/EF<</F %d 0 R>>>>" % (text, text, stream))
        names.append(b"%s %d 0 R" % (text, spec))
    return b"/Names<</EmbeddedFiles<</Names[%s]>>>>" % b" ".join(names)


def _add(objects: dict[int, bytes], body: bytes) -> int:
    number = max(_FREE, max(objects) + 1)
    objects[number] = body
    return number


def _file(objects: dict[int, bytes]) -> bytes:
    sink, places = BytesIO(), {}
    sink.write(b"%PDF-1.5\n")
    for number in sorted(objects):
        places[number] = sink.tell()
        sink.write(b"%d 0 obj\n%s\nendobj\n" % (number, objects[number]))
    start, last = sink.tell(), max(objects)
    sink.write(b"xref\n0 %d\n0000000000 65535 f \n" % (last + 1))
    sink.writelines(b"%010d 00000 n \n" % places[number] for number in range(1, last + 1))
    sink.write(b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (last + 1, _CATALOG, start))
    return sink.getvalue()
