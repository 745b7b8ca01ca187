"""Puts the characters of an electronic page together to pieces of text, by where they stand and not by how they were written.

One maker writes a whole line as one object, another every character as its own; what a person sees is the same.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from domain.document import Box, TextLine
from domain.errors import FileTooLargeError

CHARACTERS_MAX = 30_000  # of a page; the densest list that a hospital prints has a tenth
_PIECES_MAX = 3000  # of a page; putting them into rows takes time that grows with the square
_SAME_LINE = 0.4  # share of the height by which the middles of neighbours may differ
_GAP = 0.6  # share of the height that parts two pieces
_OVERLAP = 0.6  # share of the height by which the next character may begin before the last one ends
_BOLD_SHIFT = 0.25  # share of the height by which a character printed twice, to look bold, is moved
# Fonts give some characters the codes of their look-alikes: ⾦ (a radical) for 金.
_LOOK_ALIKES = ((0x2E80, 0x2FDF), (0xF900, 0xFAFF))


@dataclass(frozen=True)
class Glyph:
    """One character and its place in pixels, y going down; the box spans the type's height and the step to the next."""

    character: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """Its height, never zero."""
        return max(0.01, self.bottom - self.top)


@dataclass
class _Piece:
    glyphs: list[Glyph] = field(default_factory=list)

    def takes(self, glyph: Glyph) -> bool:
        """Tell whether a person would read this character as the next of the piece."""
        last = self.glyphs[-1]  # never a blank: one is only put before the character that follows it
        lower = min(last.height, glyph.height)
        is_level = abs((last.top + last.bottom) - (glyph.top + glyph.bottom)) <= 2 * _SAME_LINE * lower
        return is_level and -_OVERLAP * lower <= glyph.left - last.right <= _GAP * lower

    def repeats(self, glyph: Glyph) -> bool:
        """Tell whether this is the last character once more, printed twice to look bold."""
        last = self.glyphs[-1]
        return glyph.character == last.character and abs(glyph.left - last.left) + abs(glyph.top - last.top) < _BOLD_SHIFT * last.height

    def line(self) -> TextLine:
        """Tell its text and the rectangle around it."""
        left, top = min(glyph.left for glyph in self.glyphs), min(glyph.top for glyph in self.glyphs)
        right, bottom = max(glyph.right for glyph in self.glyphs), max(glyph.bottom for glyph in self.glyphs)
        box = Box(*(max(0, round(side)) for side in (left, top, right, bottom)))
        return TextLine("".join(glyph.character for glyph in self.glyphs), 1.0, box)


def lines_of(glyphs: Iterable[Glyph]) -> tuple[TextLine, ...]:
    """Join characters that stand side by side, in the order they were written, to pieces of text; confidence is 1.

    A blank parts nothing by itself: how far the next character stands does.

    Raises:
        FileTooLargeError: more characters or pieces than anybody puts on a page.
    """
    pieces: list[_Piece] = []
    blank: Glyph | None = None
    for count, glyph in enumerate(glyphs):
        if count >= CHARACTERS_MAX or len(pieces) > _PIECES_MAX:
            raise FileTooLargeError(
                f"a page has more than {CHARACTERS_MAX:,} characters or {_PIECES_MAX:,} pieces of text", "split the page"
            )
        if glyph.character.isspace():
            blank = glyph
            continue
        if pieces and pieces[-1].repeats(glyph):
            continue
        if not (pieces and pieces[-1].takes(glyph)):
            pieces.append(_Piece())
        elif blank is not None:
            pieces[-1].glyphs.append(replace(blank, character=" "))
        pieces[-1].glyphs.append(glyph)
        blank = None
    return tuple(piece.line() for piece in pieces)


def plain(character: str) -> str:
    """Fold a radical or a compatibility character to the one it looks like; any other stays as it is."""
    if any(first <= ord(character[0]) <= last for first, last in _LOOK_ALIKES):
        return unicodedata.normalize("NFKC", character)
    return character
