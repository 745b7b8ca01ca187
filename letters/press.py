"""The press: prints a letter as HTML, and as PDF where this machine has a font for it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from domain.errors import SetupError
from domain.letter import Letter
from letters.font_files import find_fonts
from letters.fonts import Fonts
from letters.html import print_html
from letters.pdf import print_pdf


@dataclass(frozen=True)
class Printed:
    """A letter's bytes; without a font `pdf` is None, and `lacking` says the way out."""

    html: bytes
    pdf: bytes | None
    missing: tuple[str, ...] = ()  # the characters that no font draws
    lacking: str = ""


class Press:
    """Prints letters, one at a time; the fonts are found when the first one is printed, and looked for again while there is none."""

    def __init__(self, preferred: Path | None = None, find: Callable[[Path | None], tuple[Path, ...]] = find_fonts) -> None:
        """Prefer a font file to the well-known ones."""
        self._preferred = preferred
        self._find = find
        self._fonts: Fonts | None = None

    def print(self, letter: Letter) -> Printed:
        """Print a letter; the same letter gives the same bytes, as long as the fonts are the same."""
        try:
            pdf = print_pdf(letter, self._found())
        except SetupError as error:
            return Printed(print_html(letter), None, lacking=str(error))
        return Printed(print_html(letter), pdf.content, pdf.missing)

    def _found(self) -> Fonts:
        if self._fonts is None or not self._fonts.paths:
            self._fonts = Fonts(self._find(self._preferred), self._preferred)
        return self._fonts
