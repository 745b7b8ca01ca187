"""Tells what a file really is from its first bytes; its name and its sender are never asked."""

import codecs
import re

from domain.errors import FileTooLargeError, UnreadableFileError

_ACCEPTED = "send a photograph (JPG, PNG, WebP, AVIF, BMP, TIFF, GIF), a PDF, an OFD or the XML of an e-invoice"
_ACCEPTED_ZH = "请上传照片（JPG、PNG 等）、PDF、OFD 或电子票据的 XML 文件"
_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
HEIC, AVIF = "image/heic", "image/avif"
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_AVIF_BRANDS = (b"avif", b"avis")
_BRANDS_END = 64  # of the box that names the brands, the principal one first
_PDF_HEAD_BYTES = 1024  # readers tolerate this much before %PDF
_XML_HEAD_BYTES = 1024
_ZIP = b"PK\x03\x04"
_OFD_ENTRY = b"OFD.xml"  # names of entries are not packed
_HTML = re.compile(rb"\s*(?:<!doctype\s+html|<html)", re.IGNORECASE)
_XML = re.compile(rb"\s*<[?!A-Za-z_]")
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def check_size(content: bytes, max_bytes: int) -> None:
    """Refuse a file that is empty or beyond the bound, before anything looks inside.

    Raises:
        UnreadableFileError: no byte at all.
        FileTooLargeError: more than `max_bytes`.
    """
    if not content:
        raise UnreadableFileError(
            "the file is empty (0 bytes)", "send it again; the upload may have been cut off", advice_zh="文件是空的，请重新上传"
        )
    if len(content) > max_bytes:
        raise FileTooLargeError(
            f"the file has {len(content):,} bytes; at most {max_bytes:,} are taken",
            "send a smaller picture or fewer pages",
            advice_zh=f"文件过大（最多 {max_bytes // 1_000_000} MB），请压缩图片或减少页数后上传",
        )


def sniff_media_type(content: bytes) -> str:
    """Tell the media type of a document we can open, such as "image/jpeg" or "application/pdf".

    Raises:
        UnreadableFileError: anything else; the message says what it looks like and what is taken.
    """
    for magic, media_type in _MAGIC:
        if content.startswith(magic):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if is_heic(content):
        return HEIC
    if content[4:8] == b"ftyp" and any(brand in content[8:_BRANDS_END] for brand in _AVIF_BRANDS):
        return AVIF
    if b"%PDF-" in content[:_PDF_HEAD_BYTES]:
        return "application/pdf"
    if content.startswith(_ZIP) and _OFD_ENTRY in content:
        return "application/ofd"
    if _is_xml(content):
        return "application/xml"
    raise UnreadableFileError(f"the file is {_describe(content)}", _ACCEPTED, advice_zh=_advise(content))


def is_heic(content: bytes) -> bool:
    """Tell the iPhone's own pictures; AVIF, which comes in the same box, is none."""
    names_avif = any(brand in content[8:_BRANDS_END] for brand in _AVIF_BRANDS)
    return content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS and not names_avif


def _is_xml(content: bytes) -> bool:
    head = content[:_XML_HEAD_BYTES]
    if head[:2] in _UTF16:
        head = head[2:].decode(_UTF16[head[:2]], "ignore").encode()
    head = head.removeprefix(codecs.BOM_UTF8)
    return _XML.match(head) is not None and _HTML.match(head) is None


def _advise(content: bytes) -> str:
    if content.startswith(b"PK"):
        return "这是压缩包，请解压后逐个上传其中的文件"
    if _HTML.match(content[:_XML_HEAD_BYTES]):
        return "这是网页文件，请下载并上传票据本身（PDF、OFD 或 XML）"
    return _ACCEPTED_ZH


def _describe(content: bytes) -> str:
    if content.startswith(b"PK"):
        return "a ZIP archive (perhaps an office document)"
    if _HTML.match(content[:_XML_HEAD_BYTES]):
        return "a web page"
    try:
        content[:512].decode("utf-8")
    except UnicodeDecodeError:
        return f"of an unknown kind (first bytes {content[:4].hex(' ')})"
    return "plain text, not a picture"
