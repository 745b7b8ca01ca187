"""Finds the font files that a PDF can carry. Nothing but Python is needed here: the doctor asks before any package is installed."""

import struct
from collections.abc import Iterable
from pathlib import Path

CHINESE = (
    Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"),
    Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"),
    Path("/usr/share/fonts/truetype/noto/NotoSansSC-Regular.ttf"),
    Path("/usr/share/fonts/truetype/noto/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/opentype/source-han-sans/SourceHanSansSC-Regular.otf"),
    Path("/usr/share/fonts/adobe-source-han-sans/SourceHanSansSC-Regular.otf"),
    Path("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf"),
    Path("/usr/share/fonts/truetype/arphic/uming.ttc"),
    Path("/System/Library/Fonts/Supplemental/Songti.ttc"),
    Path("/System/Library/Fonts/STHeiti Light.ttc"),
    Path("/System/Library/Fonts/Supplemental/Arial Unicode.ttf"),
    Path("/Library/Fonts/Arial Unicode.ttf"),
)
SIGNS = (Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),)  # for what the Chinese ones lack
WAY_OUT = "sudo apt-get install -y fonts-wqy-microhei, or name a TrueType font under letters.font in config.yaml"
_TRUETYPE, _POSTSCRIPT = (b"\x00\x01\x00\x00", b"true"), b"OTTO"


def find_fonts(preferred: Path | None = None, chinese: Iterable[Path] = CHINESE, signs: Iterable[Path] = SIGNS) -> tuple[Path, ...]:
    """List the fonts of this machine that can be embedded, the preferred one first; () without a Chinese one."""
    found = [path for path in (*([preferred] if preferred else []), *chinese) if tell_unusable(path) == ""]
    return (*found, *(path for path in signs if tell_unusable(path) == "")) if found else ()


def tell_unusable(path: Path) -> str:
    """Say why a file cannot be embedded as a font; "" when it can."""
    try:
        with path.open("rb") as file:
            kind = file.read(4)
            if kind == b"ttcf":  # several fonts in one file: the first counts
                file.seek(12)
                file.seek(*struct.unpack(">L", file.read(4)))
                kind = file.read(4)
    except (OSError, struct.error):
        return f"{path} is no font file that can be read"
    if kind == _POSTSCRIPT:
        return f"{path} has PostScript outlines (CFF), which cannot be embedded: a TrueType font is needed"
    return "" if kind in _TRUETYPE else f"{path} is no TrueType font"
