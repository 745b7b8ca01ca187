"""Finds a Chinese font on this machine."""

from functools import cache
from pathlib import Path

from PIL import ImageFont

from domain.errors import SetupError

# The first one found draws the pages; the benchmarks were measured with WenQuanYi Micro Hei.
FONT_PATHS = (
    Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"),
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    Path("/System/Library/Fonts/PingFang.ttc"),
    Path("/System/Library/Fonts/Hiragino Sans GB.ttc"),
    Path("/System/Library/Fonts/STHeiti Light.ttc"),
    Path("/Library/Fonts/Arial Unicode.ttf"),
)


def find_font(candidates: tuple[Path, ...] = FONT_PATHS) -> Path:
    """Name the first Chinese font that this machine has.

    Raises:
        SetupError: none of them is installed; the way out is the command that installs one.
    """
    found = next((path for path in candidates if path.is_file()), None)
    if found is None:
        raise SetupError(
            "no Chinese font to draw the sample documents with",
            "sudo apt-get install -y fonts-wqy-microhei  (macOS: brew install --cask font-noto-sans-cjk)",
        )
    return found


@cache
def load_font(size_px: int) -> ImageFont.FreeTypeFont:
    """Open the font in a size; opened once and kept."""
    return ImageFont.truetype(str(find_font()), size_px)
