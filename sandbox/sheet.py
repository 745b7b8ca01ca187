"""A sheet of paper to print on: text, label and value, tables, seals. Every sheet is born with the watermark 样张."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw

from domain.document import Box
from sandbox.font import load_font

Colour = tuple[int, int, int]

INK: Colour = (22, 22, 26)  # what a printer adds: the values
FORM: Colour = (74, 58, 48)  # what the form already had: labels and rules
WATERMARK: Colour = (196, 204, 222)
WARNING: Colour = (204, 44, 44)
SEAL: Colour = (206, 48, 52)

A4_PORTRAIT = (1240, 1754)  # 150 dpi
INVOICE_LANDSCAPE = (1600, 1060)
CARD = (1180, 744)  # 85.6 × 54 mm

_HANGING = "，。、；：！？”）"  # never begins a line


def line_facts(lines: Sequence[object]) -> tuple[str, ...]:
    """Name the facts of charged items as `Sheet.places` does: lines/0, lines/1 …."""
    return tuple(f"lines/{number}" for number in range(len(lines)))


@dataclass(frozen=True)
class Piece:
    """One line of text as it was printed: an electronic document holds these where paper holds ink.

    `left` and `baseline` are pixels from the upper left corner of the sheet, `size` the height of the type.
    """

    text: str
    left: float
    baseline: float
    size: int
    ink: Colour

    @property
    def is_form(self) -> bool:
        """Tell whether the form had it before anybody filled it in."""
        return self.ink == FORM

    def advances(self) -> tuple[float, ...]:
        """Tell how far the pen moves on at each character, in pixels."""
        font = load_font(self.size)
        return tuple(font.getlength(character) for character in self.text)


class Sheet:
    """Paper with a pen; what is drawn later lies above the watermark and stays readable. `pieces` keeps the texts.

    `places` tells where every fact was printed, by the field names of `domain.document` and
    `lines/0`, `lines/1` … for charged items: the rectangle around the ink, in pixels of the sheet.
    """

    def __init__(self, size: tuple[int, int], paper: Colour = (253, 252, 248)) -> None:
        self.width, self.height = size
        self.places: dict[str, Box] = {}
        self.image = Image.new("RGB", size, paper)
        self.image.paste(WATERMARK, (0, 0), _watermark_mask(*size))
        self._pen = ImageDraw.Draw(self.image)
        self.pieces: list[Piece] = []
        self.text(self.width - 24, 14, "样张 仅供演示", 22, WARNING, "ra")

    def text(self, x: int, y: int, text: str, size: int = 24, ink: Colour = INK, anchor: str = "la", fact: str = "") -> None:
        """Write one line; `fact` names whose value it is, several parted by blanks.

        `anchor` is Pillow's (la: left and top, ma: middle and top, ra: right and top).
        """
        font = load_font(size)
        self._pen.text((x, y), text, ink, font, anchor)
        left = x - {"l": 0.0, "m": 0.5, "r": 1.0}[anchor[0]] * font.getlength(text)
        self.pieces.append(Piece(text, left, y + font.getmetrics()[0], size, ink))
        for name in fact.split():
            self._keep_place(name, self._pen.textbbox((x, y), text, font, anchor))

    def title(self, y: int, text: str, size: int = 40, ink: Colour = INK, fact: str = "") -> None:
        """Write a line in the middle of the sheet."""
        self.text(self.width // 2, y, text, size, ink, "ma", fact)

    def pair(self, x: int, y: int, label: str, value: str, size: int = 24, fact: str = "") -> None:
        """Write `label：value`: the label as the form prints it, the value as the printer fills it in."""
        printed = label + "："
        self.text(x, y, printed, size, FORM)
        self.text(x + int(load_font(size).getlength(printed)) + 4, y, value, size, fact=fact)

    def rule(self, left: int, top: int, right: int, bottom: int, width: int = 2) -> None:
        """Draw a straight line of the form."""
        self._pen.line((left, top, right, bottom), FORM, width)

    def frame(self, left: int, top: int, right: int, bottom: int, width: int = 2) -> None:
        """Draw a rectangle of the form."""
        self._pen.rectangle((left, top, right, bottom), outline=FORM, width=width)

    def fill(self, left: int, top: int, right: int, bottom: int, colour: Colour) -> None:
        """Paint an area; whatever lay there, watermark included, is covered."""
        self._pen.rectangle((left, top, right, bottom), fill=colour)

    def silhouette(self, left: int, top: int, width: int) -> None:
        """Draw the grey outline of nobody where an identity card has a portrait."""
        grey = (188, 192, 200)
        middle = left + width // 2
        self._pen.ellipse((middle - width // 4, top, middle + width // 4, top + width // 2), fill=grey)
        self._pen.pieslice((left, top + width * 9 // 16, left + width, top + width * 25 // 16), 180, 360, fill=grey)

    def paragraph(self, x: int, y: int, text: str, width: int, size: int = 24, fact: str = "") -> int:
        """Write a text in as many lines as its width asks for, and tell the y below them."""
        font, line = load_font(size), ""
        for character in text:
            if line and font.getlength(line + character) > width and character not in _HANGING:
                self.text(x, y, line, size, fact=fact)
                y, line = y + size * 3 // 2, ""
            line += character
        self.text(x, y, line, size, fact=fact)
        return y + size * 3 // 2

    def table(
        self,
        left: int,
        top: int,
        widths: Sequence[int],
        rows: Sequence[Sequence[str]],
        row_height: int = 40,
        size: int = 22,
        facts: Sequence[str] = (),
    ) -> int:
        """Draw rows between rules, the first as the form's header, the last column to the right; tell the y below it.

        `facts` names the fact of every row below the header: the row's whole ink is its place.
        """
        right, bottom = left + sum(widths), top + row_height * len(rows)
        for number in range(len(rows) + 1):
            self.rule(left, top + number * row_height, right, top + number * row_height, 2 if number < 2 or number == len(rows) else 1)
        for number, row in enumerate(rows):
            x = left
            for column, (cell, width) in enumerate(zip(row, widths, strict=True)):
                is_last = column == len(widths) - 1
                y = top + number * row_height + (row_height - size) // 2 - 2
                fact = facts[number - 1] if facts and number else ""
                self.text(x + width - 14 if is_last else x + 12, y, cell, size, INK if number else FORM, "ra" if is_last else "la", fact)
                x += width
        x = left
        for width in (0, *widths):
            x += width
            self.rule(x, top, x, bottom, 2 if x in (left, right) else 1)
        return bottom

    def seal(self, x: int, y: int, name: str, purpose: str, radius: int = 115) -> None:
        """Press a round red seal (印章) around a point, translucent, the name along its rim."""
        layer = Image.new("RGBA", (2 * radius, 2 * radius), (*SEAL, 0))
        pen = ImageDraw.Draw(layer)
        pen.ellipse((3, 3, 2 * radius - 4, 2 * radius - 4), outline=(*SEAL, 150), width=5)
        size = radius // 4
        pen.text((radius, radius), "样张", (*SEAL, 150), load_font(size + 6), "mm")
        pen.text((radius, radius * 3 // 2), purpose, (*SEAL, 150), load_font(size - 6), "mm")
        for place, character in enumerate(name):
            angle = math.radians(270 + 20 * (place - (len(name) - 1) / 2))
            glyph = Image.new("RGBA", (size * 2, size * 2), (*SEAL, 0))
            ImageDraw.Draw(glyph).text((size, size), character, (*SEAL, 150), load_font(size), "mm")
            turned = glyph.rotate(-math.degrees(angle) - 90, Image.Resampling.BICUBIC)
            distance = radius - size
            corner = (int(radius + distance * math.cos(angle)) - size, int(radius + distance * math.sin(angle)) - size)
            layer.alpha_composite(turned, (max(0, corner[0]), max(0, corner[1])))
        self.image.paste(layer, (x - radius, y - radius), layer)

    def _keep_place(self, fact: str, ink: tuple[float, float, float, float]) -> None:
        """Remember where a fact stands; a second piece of the same fact widens its place."""
        left, top, right, bottom = math.floor(ink[0]), math.floor(ink[1]), math.ceil(ink[2]), math.ceil(ink[3])
        old = self.places.get(fact, Box(left, top, right, bottom))
        self.places[fact] = Box(min(left, old.left), min(top, old.top), max(right, old.right), max(bottom, old.bottom))


@cache
def _watermark_mask(width: int, height: int) -> Image.Image:
    """Lay 样张 slantwise over a whole sheet, light enough to read through, too large to crop away; drawn once a size."""
    side = int(math.hypot(width, height)) + 1
    layer = Image.new("L", (side, side), 0)
    pen, font = ImageDraw.Draw(layer), load_font(96)
    for row, y in enumerate(range(0, side, 250)):
        for x in range(-200 * (row % 2), side, 400):
            pen.text((x, y), "样张", 255, font)
    turned = layer.rotate(28, Image.Resampling.BILINEAR)
    left, top = (side - width) // 2, (side - height) // 2
    return turned.crop((left, top, left + width, top + height)).point(lambda value: value * 4 // 9)
