"""Tells at the door whether a file can be opened at all: its kind, its size, its header. Nothing is decoded or read."""

from ocr.electronic import check_pdf
from ocr.picture import check_picture
from ocr.settings import OcrSettings
from ocr.sniff import check_size, sniff_media_type


def inspect_file(content: bytes, settings: OcrSettings) -> str:
    """Give the media type of a file that can be opened.

    Raises:
        UnreadableFileError: empty, of an unknown kind, or its header is damaged.
        FileTooLargeError: beyond the bounds on bytes, pixels or pages.
        PasswordProtectedError: a locked PDF.
    """
    check_size(content, settings.max_bytes)
    media_type = sniff_media_type(content)
    if media_type == "application/pdf":
        check_pdf(content, settings.max_pages)
    else:
        check_picture(content, settings.max_pixels)
    return media_type
