"""Tells at the door whether a file can be opened at all: its kind, its size, its header. Nothing is decoded or read."""

from ocr.electronic.ofd import OfdFile
from ocr.electronic.opened import OFD, PDF, XML
from ocr.electronic.pdf import check_pdf
from ocr.electronic.xml import parse_xml
from ocr.picture import opened_picture
from ocr.picture_file import check_frames
from ocr.settings import OcrSettings
from ocr.sniff import check_size, sniff_media_type


def inspect_file(content: bytes, settings: OcrSettings) -> str:
    """Give the media type of a file that can be opened.

    Raises:
        UnreadableFileError: empty, of an unknown kind, damaged, or an XML with a document type.
        FileTooLargeError: beyond the bounds on bytes, pixels, pages, entries or elements.
        PasswordProtectedError: a locked PDF or OFD.
    """
    check_size(content, settings.max_bytes)
    media_type = sniff_media_type(content)
    if media_type == PDF:
        check_pdf(content, settings.max_pages)
    elif media_type == OFD:
        OfdFile(content, settings)
    elif media_type == XML:
        parse_xml(content, settings.max_xml_bytes)
    else:
        with opened_picture(content, settings.max_pixels) as image:
            check_frames(image, settings.max_pages)
    return media_type
