"""Prints a letter as PDF: Chinese fonts embedded, only the characters that are used; the same letter is always the same bytes."""

import io
import threading
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from domain.letter import Letter
from letters import pages
from letters.fonts import Fonts, write_out
from letters.pages import Bar, Page, Words
from letters.texts import change_texts

_printing = threading.Lock()  # reportlab keeps its fonts for the whole process
_STRONG = 0.02  # the outline that makes a character strong, in its size: the Chinese fonts of Linux have no bold face
_SLANT = 35  # of the word that marks a specimen, in degrees


@dataclass(frozen=True)
class PrintedPdf:
    """The bytes, and the characters that no font of this machine draws (they stand there as 〔U+3402〕)."""

    content: bytes
    missing: tuple[str, ...]


def print_pdf(letter: Letter, fonts: Fonts) -> PrintedPdf:
    """Print a letter.

    Raises:
        SetupError: this machine has no Chinese font that a PDF can carry.
    """
    with _printing:
        buffer, missing = io.BytesIO(), dict[str, None]()

        def drawable(text: str) -> str:
            written, lacking = write_out(text, fonts)
            missing.update(dict.fromkeys(lacking))
            return written

        canvas = Canvas(
            buffer, pagesize=(pages.WIDTH, pages.HEIGHT), invariant=1, pageCompression=1, initialFontName=fonts.first.fontName, lang="zh-CN"
        )
        printed = change_texts(letter, drawable)
        canvas.setTitle(f"{letter.heading} {letter.number}")
        canvas.setAuthor(letter.sender)
        canvas.setCreator("Mingbai 明白")
        laid_out = pages.lay_out(printed, fonts)
        for number, page in enumerate(laid_out, start=1):
            _draw_page(canvas, fonts, printed, page, f"第{number}页/共{len(laid_out)}页")
        canvas.save()
        return PrintedPdf(buffer.getvalue(), tuple(missing))


def _draw_page(canvas: Canvas, fonts: Fonts, letter: Letter, page: Page, number: str) -> None:
    if letter.head.is_specimen:
        _draw_specimen(canvas, fonts)
    for mark in page:
        if isinstance(mark, Bar):
            canvas.setFillGray(mark.shade)
            canvas.rect(mark.x, mark.y, mark.width, mark.height, stroke=0, fill=1)
        else:
            _draw_words(canvas, fonts, mark)
    middle, small = (pages.LEFT + pages.RIGHT) / 2, pages.SMALL
    _draw_words(canvas, fonts, Words(pages.LEFT, 800, small, letter.sender))
    _draw_words(canvas, fonts, Words(pages.RIGHT, 800, small, letter.heading, align="right"))
    _draw_words(canvas, fonts, Words(middle, 40, small, number, align="middle"))
    canvas.showPage()


def _draw_specimen(canvas: Canvas, fonts: Fonts) -> None:
    canvas.saveState()
    canvas.translate(pages.WIDTH / 2, pages.HEIGHT / 2)
    canvas.rotate(_SLANT)
    _draw_words(canvas, fonts, Words(0, -60, 170, "示例", align="middle"), shade=0.93)
    canvas.restoreState()


def _draw_words(canvas: Canvas, fonts: Fonts, words: Words, shade: float = 0.1) -> None:
    wide = sum(map(fonts.width, words.text)) * words.size
    x = words.x - {"left": 0.0, "right": wide, "middle": wide / 2}[words.align]
    text = canvas.beginText(x, words.y)
    text.setFillGray(shade)
    text.setStrokeGray(shade)
    if words.is_strong:
        canvas.setLineWidth(words.size * _STRONG)
        text.setTextRenderMode(2)
    for run in fonts.runs(words.text):
        text.setFont(run.font, words.size)
        text.textOut(run.text)
    if words.is_strong:
        text.setTextRenderMode(0)
    canvas.drawText(text)
