"""The fonts of a letter: each character in the first font that draws it, and none lost in silence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from unicodedata import category

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from domain.errors import SetupError
from letters.font_files import WAY_OUT, tell_unusable


@dataclass(frozen=True)
class Run:
    """Characters in a row that one font draws."""

    font: str
    text: str


@dataclass
class Fonts:
    """Fonts in order of preference, opened when first needed (the big ones take a tenth of a second)."""

    paths: tuple[Path, ...]
    preferred: Path | None = None
    _opened: list[TTFont] = field(default_factory=list, init=False)
    _place_of: dict[str, int | None] = field(default_factory=dict, init=False)
    _widths: dict[str, float] = field(default_factory=dict, init=False)

    @property
    def first(self) -> TTFont:
        """The font that draws whatever it can.

        Raises:
            SetupError: this machine has no Chinese font that a PDF can carry.
        """
        font = self._font(0)
        if font is None:
            why = tell_unusable(self.preferred) if self.preferred else ""
            raise SetupError(f"no Chinese font for letters as PDF{f': {why}' if why else ''}", WAY_OUT)
        return font

    def runs(self, text: str) -> Iterator[Run]:
        """Split a text, already free of what no font draws, by the fonts that draw it."""
        for place, characters in groupby(text, key=lambda each: self._place(each) or 0):
            font = self._font(place) or self.first
            yield Run(font.fontName, "".join(characters))

    def width(self, character: str) -> float:
        """Measure a character, in parts of the font's size."""
        if character not in self._widths:
            font = self._font(self._place(character) or 0) or self.first
            self._widths[character] = pdfmetrics.stringWidth(character, font.fontName, 1)
        return self._widths[character]

    def lacks(self, character: str) -> bool:
        """Tell whether no font draws a character."""
        return self._place(character) is None

    def _place(self, character: str) -> int | None:
        if character not in self._place_of:
            self._place_of[character] = next((place for place in range(len(self.paths)) if self._draws(place, character)), None)
        return self._place_of[character]

    def _draws(self, place: int, character: str) -> bool:
        font = self._font(place)
        return font is not None and bool(font.face.charToGlyph.get(ord(character)))

    def _font(self, place: int) -> TTFont | None:
        while len(self._opened) <= place and len(self._opened) < len(self.paths):
            self._opened.append(_open(self.paths[len(self._opened)]))
        return self._opened[place] if place < len(self._opened) else None


def write_out(text: str, fonts: Fonts) -> tuple[str, Sequence[str]]:
    """Write 〔U+3402〕 for every character that no font draws; gives the text, and those characters.

    What has no picture is not missed: the line ends of a form, tabs, joiners.
    """
    text = "".join(each for each in text.replace("\t", " ") if each == "\n" or category(each) not in ("Cc", "Cf"))
    missing = tuple(dict.fromkeys(each for each in text if each != "\n" and fonts.lacks(each)))
    for each in missing:
        text = text.replace(each, f"〔U+{ord(each):04X}〕")
    return text, missing


def _open(path: Path) -> TTFont:
    name = f"letter-{sha256(str(path).encode()).hexdigest()[:8]}"
    try:
        font = TTFont(name, str(path), subfontIndex=0)
    except (TTFError, OSError) as error:
        raise SetupError(f"the font {path} cannot be embedded: {error}", WAY_OUT) from error
    pdfmetrics.registerFont(font)
    return font
