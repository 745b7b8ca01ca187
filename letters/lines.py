"""Breaks Chinese text into lines: numbers and Latin words stay whole, and no line begins with a full stop (避头尾)."""

import re
from collections.abc import Callable, Iterator

_NOT_FIRST = "，。、；：？！）》」』】〕”’％…—,.;:?!)%"
_NOT_LAST = "（《「『【〔“‘("
_PIECE = re.compile(rf"[{re.escape(_NOT_LAST)}]*(?:[A-Za-z0-9#*¥$+/@_.,:%-]*[A-Za-z0-9*%]|\S|\s)[{re.escape(_NOT_FIRST)}]*")


def break_lines(text: str, width: float, measure: Callable[[str], float]) -> tuple[str, ...]:
    """Break a text into lines that measure at most `width`; its own line ends stay. An empty text is one empty line.

    `measure` gives the width of one character. What is longer than a line and has no place to break is cut.
    """
    return tuple(line for part in text.split("\n") for line in _break(part, width, measure))


def _break(text: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    line, used = "", 0.0
    for piece in _pieces(text, width, measure):
        wide = sum(map(measure, piece))
        if line and used + wide > width:
            yield line.rstrip()
            line, used, piece = "", 0.0, piece.lstrip()
            wide = sum(map(measure, piece))
        line, used = line + piece, used + wide
    yield line.rstrip()


def _pieces(text: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    for found in _PIECE.finditer(text):
        piece = found[0]
        if sum(map(measure, piece)) <= width:
            yield piece
        else:
            yield from piece
