"""Files that harm, that are cut off, or that are merely unusual: what customers, and others, send."""

import hashlib
import struct
import zlib
from collections.abc import Iterable
from io import BytesIO

import pypdfium2 as pdfium
from PIL import Image

_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_PDF_ID = bytes.fromhex("00112233445566778899AABBCCDDEEFF")

# An encrypted PDF of one empty page (RC4, 40 bit); the key entries stand for a password nobody knows.
LOCKED_PDF = b"""%%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj
4 0 obj<</Filter/Standard/V 1/R 2/O<%b>/U<%b>/P -4>>endobj
trailer<</Root 1 0 R/Encrypt 4 0 R/Size 5/ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]>>
%%%%EOF""" % (b"11" * 32, b"22" * 32)


def restricted_pdf(words: str) -> bytes:
    """Make a PDF that forbids printing and opens without a password: RC4, 40 bit, the user password empty (ISO 32000-1, 7.6.3)."""
    owner = _rc4(_md5(b"owner" + _PADDING[:27])[:5], _PADDING)
    key = _md5(_PADDING + owner + struct.pack("<i", -64) + _PDF_ID)[:5]
    drawn = f"BT /F1 12 Tf 20 400 Td ({words}) Tj ET".encode()
    locked = _rc4(_md5(key + struct.pack("<I", 4)[:3] + bytes(2))[:10], drawn)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 500]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%b\nendstream" % (len(locked), locked),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Filter/Standard/V 1/R 2/O<%b>/U<%b>/P -64>>" % (owner.hex().encode(), _rc4(key, _PADDING).hex().encode()),
    )
    body = b"".join(b"%d 0 obj%b\nendobj\n" % (number, each) for number, each in enumerate(objects, 1))
    ids = _PDF_ID.hex().encode()
    return b"%%PDF-1.4\n%btrailer<</Root 1 0 R/Encrypt 6 0 R/Size 7/ID[<%b><%b>]>>\n%%%%EOF" % (body, ids, ids)


def _md5(content: bytes) -> bytes:
    return hashlib.md5(content, usedforsecurity=False).digest()


def _rc4(key: bytes, content: bytes) -> bytes:
    state, other = list(range(256)), 0
    for place in range(256):
        other = (other + state[place] + key[place % len(key)]) % 256
        state[place], state[other] = state[other], state[place]
    place = other = 0
    sink = bytearray()
    for byte in content:
        place = (place + 1) % 256
        other = (other + state[place]) % 256
        state[place], state[other] = state[other], state[place]
        sink.append(byte ^ state[(state[place] + state[other]) % 256])
    return bytes(sink)


def blank_pdf(pages: int) -> bytes:
    """Make a PDF of so many empty pages."""
    document = pdfium.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    sink = BytesIO()
    document.save(sink)
    return sink.getvalue()


def png_that_claims(side: int) -> bytes:
    """Make a PNG whose header promises side × side pixels, with hardly a byte behind it."""
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return _png(_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(bytes(1000))))


def png_with_a_bomb_of_text(size: int) -> bytes:
    """Make a small PNG with a compressed comment that unpacks to `size` bytes."""
    header = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    text = b"Comment\0\0" + zlib.compress(bytes(size), 9)
    return _png(_chunk(b"IHDR", header), _chunk(b"zTXt", text), _chunk(b"IDAT", zlib.compress(bytes(72))))


def _png(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def written(picture: Image.Image, kind: str, **options: object) -> bytes:
    """Write a picture as a file of that kind."""
    sink = BytesIO()
    picture.save(sink, kind, **options)
    return sink.getvalue()


def tiff_of(pictures: Iterable[Image.Image]) -> bytes:
    """Write a TIFF, a page for each picture."""
    first, *others = pictures
    return written(first, "TIFF", save_all=True, append_images=others, compression="tiff_deflate")


def heic() -> bytes:
    """The first bytes of an iPhone's picture."""
    return b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(100)
