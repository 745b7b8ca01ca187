"""Papers written as text: two blanks part cells, every character has its place, so that no picture need be drawn or read."""

import re
import unicodedata
from collections.abc import Iterator

from domain.document import Box
from ocr.layout import Cell, Row, rows_of

_WIDTH, _HEIGHT, _STEP = 12, 24, 48  # of a narrow character; from line to line


def typed(text: str, confidence: float = 0.999) -> tuple[Row, ...]:
    """Read a typed page: its lines as rows, its runs of text as cells."""
    return rows_of(_cells(text.strip("\n"), confidence))


def _cells(text: str, confidence: float) -> Iterator[Cell]:
    for number, line in enumerate(text.splitlines()):
        for match in re.finditer(r"\S+(?: \S+)*", line):
            left = _columns(line[: match.start()]) * _WIDTH
            box = Box(left, number * _STEP, left + _columns(match[0]) * _WIDTH, number * _STEP + _HEIGHT)
            yield Cell(match[0], confidence, 0, box, box)


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)
