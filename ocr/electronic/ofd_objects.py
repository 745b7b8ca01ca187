"""The objects of an OFD page: texts become characters with places, pictures become references with places."""

import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element

from ocr.electronic.glyphs import Glyph, plain

_SLANT = math.radians(3)  # beyond it a text is a watermark or a seal
_ASCENT, _DESCENT = 0.88, 0.12  # shares of a Chinese font's size above and below its base line
_REPEAT_MAX = 10_000  # characters that one step may be said to hold for
_UNIT = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_WHITE = 245  # of 255, in every channel
_SAID_AGAIN = 256  # colours and matrices kept as they were read: makers write the same ones with every text
_FARTHEST = 1e6  # millimetres: beyond any sheet of paper
_FIRST_CHINESE, _LAST_CHINESE = "\u4e00", "\u9fff"

_Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class PlacedImage:
    """A picture on a page: the number of its resource, and its size in millimetres."""

    resource: str
    width: float
    height: float


def glyphs_of(page: Element, scale: float) -> Iterator[Glyph]:
    """Go through the characters of a page that stand upright and can be seen; places in pixels, `scale` to the millimetre."""
    for text in page.iter("TextObject"):
        if _is_seen(text):
            yield from _characters(text, scale)


def images_of(page: Element) -> Iterator[PlacedImage]:
    """Go through the pictures of a page."""
    for image in page.iter("ImageObject"):
        box = _numbers(image.get("Boundary", ""))
        if len(box) == 4 and image.get("Visible") != "false":
            yield PlacedImage(image.get("ResourceID", ""), box[2], box[3])


def page_area(element: Element) -> tuple[float, float] | None:
    """Tell a page's width and height in millimetres, where it says them."""
    box = _numbers(element.findtext(".//PhysicalBox") or "")
    return (box[2], box[3]) if len(box) == 4 and box[2] > 0 and box[3] > 0 else None


def _is_seen(text: Element) -> bool:
    """Leave out what is switched off, transparent or white: a person would not read it either."""
    colour = text.find("FillColor")
    if text.get("Visible") == "false" or text.get("Alpha") == "0":
        return False
    return colour is None or not (colour.get("Alpha") == "0" or _is_white(colour.get("Value", "")))


@lru_cache(_SAID_AGAIN)
def _is_white(colour: str) -> bool:
    value = _numbers(colour)
    return len(value) == 3 and min(value) >= _WHITE


def _characters(text: Element, scale: float) -> Iterator[Glyph]:
    box, matrix = _numbers(text.get("Boundary", "")), _matrix(text.get("CTM", ""))
    size = _number(text.get("Size", ""))
    a, b, c, d, e, f = matrix
    if len(box) != 4 or size <= 0 or a <= 0 or d <= 0 or max(abs(b) / a, abs(c) / d) > math.tan(_SLANT):
        return
    stretch = (_number(text.get("HScale", "")) or 1.0) * size
    above, below = _ASCENT * d * size, _DESCENT * d * size
    left = base = 0.0
    for code in text.iter("TextCode"):
        left, base = _number(code.get("X", ""), left), _number(code.get("Y", ""), base)
        steps, falls = _steps(code.get("DeltaX", "")), _steps(code.get("DeltaY", ""))
        for place, character in enumerate(code.text or ""):
            ahead = steps[place] if place < len(steps) else 0.0
            own = _width(character) * stretch
            step = ahead if ahead > 0 else own
            x, y = box[0] + a * left + c * base + e, box[1] + b * left + d * base + f
            reach = a * min(step, own * 1.2)
            yield Glyph(plain(character), x * scale, (y - above) * scale, (x + reach) * scale, (y + below) * scale)
            left += ahead or (0.0 if falls else step)
            base += falls[place] if place < len(falls) else 0.0


def _width(character: str) -> float:
    if _FIRST_CHINESE <= character <= _LAST_CHINESE:  # nearly all are, and the table need not be asked
        return 1.0
    return 1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.55


def _steps(text: str) -> list[float]:
    """Read a list of steps in which "g 3 5.1" stands for three times 5.1."""
    tokens, steps = text.split(), []
    place = 0
    while place < len(tokens):
        if tokens[place] == "g" and place + 2 < len(tokens):
            steps += [_number(tokens[place + 2])] * min(_REPEAT_MAX, max(0, int(_number(tokens[place + 1]))))
            place += 3
        else:
            steps.append(_number(tokens[place]))
            place += 1
        if len(steps) > _REPEAT_MAX:
            break
    return steps


@lru_cache(_SAID_AGAIN)
def _matrix(text: str) -> _Matrix:
    numbers = _numbers(text)
    return (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]) if len(numbers) == 6 else _UNIT


def _numbers(text: str) -> list[float]:
    tokens = text.split()
    try:
        numbers = list(map(float, tokens))
    except ValueError:
        return [_number(token) for token in tokens]
    return numbers if all(-_FARTHEST < number < _FARTHEST for number in numbers) else [_number(token) for token in tokens]


def _number(text: str, otherwise: float = 0.0) -> float:
    """Read a number; what is none, not finite, or beyond any sheet of paper is `otherwise`."""
    try:
        number = float(text)
    except ValueError:
        return otherwise
    return number if -_FARTHEST < number < _FARTHEST else otherwise
