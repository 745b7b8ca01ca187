"""Opens a picture within bounds: pixels are counted before they are decoded, EXIF orientation is applied."""

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from domain.errors import FileTooLargeError, UnreadableFileError
from ocr.heic import prepare_heic

Pixels: TypeAlias = NDArray[np.uint8]  # (height, width, 3), blue-green-red

_WAY_OUT = "take or export the picture again and send that file"
_ADVICE_ZH = "图片已损坏或不完整，请重新拍摄或导出后上传"
_TOO_LARGE_ZH = "图片尺寸过大，请缩小后上传"


def decode_picture(content: bytes, max_pixels: int) -> Pixels:
    """Decode the first frame of a whole picture, upright as its EXIF says, as 8-bit BGR on white paper.

    Raises:
        FileTooLargeError: more than `max_pixels`, told from the header alone.
        UnreadableFileError: damaged, truncated or of a kind that cannot be decoded.
    """
    with opened_picture(content, max_pixels) as image:
        return upright_bgr(image)


@contextmanager
def opened_picture(content: bytes, max_pixels: int) -> Iterator[Image.Image]:
    """Give a picture of which the header alone is known to be in order; what its decoder raises becomes an error of ours.

    Raises:
        FileTooLargeError, UnreadableFileError: as `decode_picture` does.
    """
    prepare_heic(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(content))
        check_pixels(image.width, image.height, max_pixels)
        yield image
    except Image.DecompressionBombError as error:
        raise FileTooLargeError(f"the picture is a decompression bomb: {error}", _WAY_OUT, advice_zh=_TOO_LARGE_ZH) from error
    except UnidentifiedImageError as error:
        raise UnreadableFileError("the picture is damaged: its header cannot be understood", _WAY_OUT, advice_zh=_ADVICE_ZH) from error
    except (
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        IndexError,
        KeyError,
        TypeError,
        ZeroDivisionError,
        RuntimeError,  # of the AVIF decoder
        struct.error,
    ) as error:  # what Pillow's decoders raise
        raise UnreadableFileError(f"the picture is damaged or cut off ({error})", _WAY_OUT, advice_zh=_ADVICE_ZH) from error


def shrink(pixels: Pixels, max_side: int) -> tuple[Pixels, float]:
    """Make a picture smaller so that its longer side has at most `max_side` pixels; also the factor it was scaled by.

    What is twice as large or more is halved first: OpenCV averages whole fours of pixels ten times as fast as parts of them.
    """
    height, width = pixels.shape[:2]
    factor = min(1.0, max_side / max(height, width))
    if factor == 1.0:
        return pixels, 1.0
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    while min(width // size[0], height // size[1]) >= 2:
        height, width = height // 2, width // 2
        even = pixels[: 2 * height, : 2 * width]
        pixels = np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8), factor


def check_pixels(width: int, height: int, max_pixels: int) -> None:
    """Refuse a picture of more than `max_pixels`.

    Raises:
        FileTooLargeError: it is one.
    """
    if width * height > max_pixels:
        raise FileTooLargeError(
            f"the picture has {width} × {height} pixels; at most {max_pixels:,} are taken",
            "send a smaller picture",
            advice_zh=_TOO_LARGE_ZH,
        )


def upright_bgr(image: Image.Image) -> Pixels:
    """Turn a picture as its EXIF says, and give it as 8-bit BGR on white paper."""
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I") or image.mode == "F":
        wide = np.asarray(image, dtype=np.float32)
        top = 65535.0 if wide.max(initial=0) > 255 else 255.0
        image = Image.fromarray((wide / top * 255).clip(0, 255).astype(np.uint8))
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
    rgb = np.asarray(image if image.mode == "RGB" else image.convert("RGB"), dtype=np.uint8)
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), dtype=np.uint8)
