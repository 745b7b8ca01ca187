"""Tells what a file really is from its first bytes; its name and its sender are never asked."""

from domain.errors import FileTooLargeError, UnreadableFileError

_ACCEPTED = "send a photograph (JPG, PNG, WebP, BMP, TIFF, GIF) or a PDF"
_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")
_PDF_HEAD_BYTES = 1024  # readers tolerate this much before %PDF


def check_size(content: bytes, max_bytes: int) -> None:
    """Refuse a file that is empty or beyond the bound, before anything looks inside.

    Raises:
        UnreadableFileError: no byte at all.
        FileTooLargeError: more than `max_bytes`.
    """
    if not content:
        raise UnreadableFileError("the file is empty (0 bytes)", "send it again; the upload may have been cut off")
    if len(content) > max_bytes:
        raise FileTooLargeError(
            f"the file has {len(content):,} bytes; at most {max_bytes:,} are taken", "send a smaller picture or fewer pages"
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
    if b"%PDF-" in content[:_PDF_HEAD_BYTES]:
        return "application/pdf"
    raise UnreadableFileError(f"the file is {_describe(content)}", _ACCEPTED)


def _describe(content: bytes) -> str:
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        return "a HEIC picture, which cannot be opened here"
    if content.startswith(b"PK"):
        return "a ZIP archive (perhaps an office document)"
    try:
        content[:512].decode("utf-8")
    except UnicodeDecodeError:
        return f"of an unknown kind (first bytes {content[:4].hex(' ')})"
    return "plain text, not a picture"
