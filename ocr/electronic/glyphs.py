"""Puts the characters of an electronic page together to pieces of text, by where they stand and not by how they were written.

One maker writes a whole line as one object, another every character as its own; what a person sees is the same.
"""

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from domain.document import Box, TextLine
from domain.errors import FileTooLargeError

CHARACTERS_MAX = 30_000  # of a page; the densest list that a hospital prints has a tenth
_PIECES_MAX = 3000  # of a page; putting them into rows takes time that grows with the square
_SAME_LINE = 0.4  # share of the height by which the middles of neighbours may differ
_GAP = 0.6  # share of the height that parts two pieces
_OVERLAP = 0.6  # share of the height by which the next character may begin before the last one ends
_BOLD_SHIFT = 0.25  # share of the height by which a character printed twice, to look bold, is moved
# Fonts give some characters the codes of their look-alikes: ⾦ (a radical) for 金.
_RADICALS, _COMPATIBLE = ("\u2e80", "\u2fdf"), ("\uf900", "\ufaff")
_HEIGHT_MIN = 0.01  # never zero


class Glyph(NamedTuple):
    """One character and its place in pixels, y going down; the box spans the type's height and the step to the next.

    A tuple, as a page has hundreds, and a frozen dataclass takes five times as long to make.
    """

    character: str
    left: float
    top: float
    right: float
    bottom: float


def _follows(last: Glyph, glyph: Glyph) -> bool:
    """Tell whether a person would read this character as the next of the piece."""
    _, _, above, end, below = last
    _, begin, top, _, bottom = glyph
    lower = max(_HEIGHT_MIN, min(below - above, bottom - top))
    return abs((above + below) - (top + bottom)) <= 2 * _SAME_LINE * lower and -_OVERLAP * lower <= begin - end <= _GAP * lower


def _repeats(last: Glyph, glyph: Glyph) -> bool:
    """Tell whether this is the last character once more, printed twice to look bold."""
    if glyph.character != last.character:
        return False
    return abs(glyph.left - last.left) + abs(glyph.top - last.top) < _BOLD_SHIFT * max(_HEIGHT_MIN, last.bottom - last.top)


def _line_of(glyphs: list[Glyph]) -> TextLine:
    """Tell the text of a piece and the rectangle around it."""
    characters, lefts, tops, rights, bottoms = zip(*glyphs, strict=True)
    box = Box(*(max(0, round(side)) for side in (min(lefts), min(tops), max(rights), max(bottoms))))
    return TextLine("".join(characters), 1.0, box)


def lines_of(glyphs: Iterable[Glyph]) -> tuple[TextLine, ...]:
    """Join characters that stand side by side, in the order they were written, to pieces of text; confidence is 1.

    A blank parts nothing by itself: how far the next character stands does.

    Raises:
        FileTooLargeError: more characters or pieces than anybody puts on a page.
    """
    pieces: list[list[Glyph]] = []
    last: Glyph | None = None  # never a blank: one is only put before the character that follows it
    blank: Glyph | None = None
    for count, glyph in enumerate(glyphs):
        if count >= CHARACTERS_MAX or len(pieces) > _PIECES_MAX:
            raise FileTooLargeError(
                f"a page has more than {CHARACTERS_MAX:,} characters or {_PIECES_MAX:,} pieces of text", "split the page"
            )
        if glyph.character.isspace():
            blank = glyph
            continue
        if last is not None and _repeats(last, glyph):
            continue
        if last is None or not _follows(last, glyph):
            pieces.append([])
        elif blank is not None:
            pieces[-1].append(blank._replace(character=" "))
        pieces[-1].append(glyph)
        last, blank = glyph, None
    return tuple(map(_line_of, pieces))


def plain(character: str) -> str:
    """Fold a radical or a compatibility character to the one it looks like; any other stays as it is."""
    if _RADICALS[0] <= character <= _RADICALS[1] or _COMPATIBLE[0] <= character <= _COMPATIBLE[1]:
        return unicodedata.normalize("NFKC", character)
    return character
