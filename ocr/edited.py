"""Tells which editing program wrote a file, from what the file says of itself, and whether a signed PDF was changed afterwards.

A hint for people: who edits with care leaves no tag, and who only brightened a picture leaves one. Cameras, messengers,
scanning apps and the makers of e-invoices also name themselves, and are no sign of anything.
"""

import re
import warnings
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO

import pypdfium2 as pdfium
from PIL import Image

from domain.errors import InputError
from domain.finding import Finding
from ocr.electronic.opened import OFD, PDF, XML
from ocr.electronic.package import Package
from ocr.electronic.xml import parse_xml
from ocr.findings import make_finding
from ocr.settings import OcrSettings


def _one_of(*programs: str) -> re.Pattern[str]:
    """Match one of the names where no other word runs into it: an html2canvas is no Canva."""
    return re.compile("|".join(f"(?<![a-z]){program}" for program in programs), re.IGNORECASE)


# As they name themselves, in small letters. No word here may be part of what a camera or a messenger writes: "adobe" alone
# would meet Adobe Scan, and "photoshop" alone in a picture's raw bytes any program that writes an IPTC block.
_RETOUCHING = _one_of(
    "photoshop", "gimp", "meitu", "美图", "xiuxiu", "snapseed", "picsart", "醒图", "hypic", "黄油相机", "稿定", "photopea", "pixlr",
    "fotor", "pixelmator", "affinity photo", r"paint\.net", "paintshop", "photoscape", "光影魔术手", "corel photo", "photo-paint",
    "illustrator", "coreldraw", "inkscape", "krita", "canva(?!s)", "picmonkey", "facetune", "airbrush", "photodirector", "luminar",
)  # fmt: skip
_PAGE_EDITING = _one_of(
    "foxit phantompdf", "foxit pdf editor", "福昕高级pdf编辑器", "福昕pdf编辑器", "wps pdf", "pdfelement", "万兴pdf", "nitro pro",
    "nitro pdf", "pdf-xchange editor", "sejda", "smallpdf", "pdfescape", "迅捷pdf", "极光pdf", "金山pdf", "libreoffice draw", "infix pdf",
)  # fmt: skip
_SOFTWARE, _PROCESSING_SOFTWARE, _XMP = 0x0131, 0x000B, 0x02BC
_TEXT_KEYS = ("software", "creator tool", "comment")  # of PNG and GIF, in small letters
_TEXT_MAX = 200  # characters of one name
_XMP_MAX = 262_144  # bytes
_TOOL = re.compile(rb"(?:CreatorTool|softwareAgent)\s*(?:=\s*[\"']([^\"'<]{1,200})|>([^<]{1,200})<)")
_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
_RANGES_MAX = 64
_UPDATE = b"startxref"
# What reading a stranger's metadata may raise; none of it stops the reading of the file.
_BAD_METADATA = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    ZeroDivisionError,
    OverflowError,
)


def find_edits(content: bytes, media_type: str, settings: OcrSettings) -> tuple[Finding, ...]:
    """Find what speaks of editing in a file that can be opened; metadata that cannot be understood says nothing."""
    if media_type == XML:
        return ()
    if media_type == PDF:
        names, changed = _names_in_pdf(content), _changed_after_signing(content)
    elif media_type == OFD:
        names, changed = _names_in_ofd(content, settings), ()
    else:
        names, changed = _names_in_picture(content), ()
    retouched = _named(names, _RETOUCHING)
    found = [make_finding("document.edited_with", detail=retouched)] if retouched else []
    if not retouched and (edited := _named(names, _PAGE_EDITING)):
        found.append(make_finding("document.pages_edited_with", detail=edited))
    return (*found, *changed)


def _named(names: list[str], programs: re.Pattern[str]) -> str:
    """Give the first name that is one of the programs', as it was written; "" for none."""
    return next(filter(programs.search, names), "")


def _names_in_picture(content: bytes) -> list[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(BytesIO(content))
            exif = image.getexif()
        said = [exif.get(tag) for tag in (_SOFTWARE, _PROCESSING_SOFTWARE)]
        said += [text for key, text in image.info.items() if isinstance(key, str) and key.lower() in _TEXT_KEYS]
        packets = [image.info.get("xmp"), image.info.get("XML:com.adobe.xmp"), exif.get(_XMP)]
    except (*_BAD_METADATA, Image.DecompressionBombError):
        return []
    return [_text(each) for each in said if each] + [name for each in packets if each for name in _tools_of(each)]


def _tools_of(packet: object) -> Iterator[str]:
    """Name the programs in an XMP packet: the one that made the picture, and those of its history."""
    raw = packet.encode() if isinstance(packet, str) else packet if isinstance(packet, bytes) else b""
    for found in _TOOL.finditer(raw[:_XMP_MAX]):
        yield _text(found[1] or found[2])


def _names_in_pdf(content: bytes) -> list[str]:
    try:
        document = pdfium.PdfDocument(content)
        try:
            told = document.get_metadata_dict(skip_empty=True)
        finally:
            document.close()
    except (pdfium.PdfiumError, *_BAD_METADATA):
        return []
    return [_text(told[key]) for key in ("Producer", "Creator") if key in told]


def _changed_after_signing(content: bytes) -> tuple[Finding, ...]:
    """Tell whether a further version was appended behind the last byte that any signature covers."""
    ends = [int(found[3]) + int(found[4]) for found, _ in zip(_BYTE_RANGE.finditer(content), range(_RANGES_MAX), strict=False)]
    covered = max((end for end in ends if end <= len(content)), default=0)
    if not covered or _UPDATE not in content[covered:]:
        return ()
    return (make_finding("document.changed_after_signing"),)


def _names_in_ofd(content: bytes, settings: OcrSettings) -> list[str]:
    try:
        root = parse_xml(Package(content, settings.max_unpacked_bytes).read("OFD.xml"), settings.max_xml_bytes).root
    except InputError:
        return []
    return [_text(each.text) for each in root.iter("Creator") if each.text]


def _text(said: object) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else _as_written(str(said))
    return "".join(filter(str.isprintable, text)).strip()[:_TEXT_MAX]


def _as_written(text: str) -> str:
    """Undo Latin-1, in which an EXIF text is read although Chinese programs write UTF-8 or GBK."""
    for encoding in ("utf-8", "gbk"):
        with suppress(UnicodeError):
            return text.encode("latin-1").decode(encoding)
    return text
