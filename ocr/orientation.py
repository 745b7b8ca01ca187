"""Turns a page that lies on its side or stands on its head, by what the reader makes of it.

A page read well stands right, and costs nothing here. Otherwise tall boxes tell a quarter turn, and
the turn that reads best wins. Where the quality gate saw lines run down the page, it is not read lying first.
"""

import re

from domain.document import ReaderEngine, ReadPage
from ocr.view import View, turn

_WELL_READ = 0.82  # mean confidence by characters, above which nothing is turned
_CHARACTERS_MIN = 12
_CHARACTER = re.compile(r"[\u4e00-\u9fff0-9A-Za-z]")


def read_upright(view: View, engine: ReaderEngine, *, is_sideways: bool = False) -> tuple[ReadPage, View]:
    """Read a page as it stands, and turned when it reads badly; also the view that was read best.

    One that is known to lie on its side is read turned first, clockwise as phones are held.

    Raises:
        ReaderError: the engine failed.
    """
    first, *others = (1, 3, 0, 2) if is_sideways else (0,)
    best = _read_turned(view, first, engine)
    if _is_well_read(best[0]):
        return best
    for quarter_turns in others or ((1, 3, 2) if _lies_on_its_side(best[0]) else (2, 1, 3)):
        page, turned = _read_turned(view, quarter_turns, engine)
        if _amount_read(page) > _amount_read(best[0]):
            best = page, turned
        if _is_well_read(page):
            break
    return best


def _read_turned(view: View, quarter_turns: int, engine: ReaderEngine) -> tuple[ReadPage, View]:
    turned = turn(view, quarter_turns)
    return engine.read_page(turned.pixels), turned


def mean_confidence(page: ReadPage) -> float:
    """Average the confidence over characters; 0.0 for an empty page."""
    weights = [(len(_CHARACTER.findall(line.text)), line.confidence) for line in page.lines]
    total = sum(weight for weight, _ in weights)
    return sum(weight * confidence for weight, confidence in weights) / total if total else 0.0


def _is_well_read(page: ReadPage) -> bool:
    characters = sum(len(_CHARACTER.findall(line.text)) for line in page.lines)
    return characters >= _CHARACTERS_MIN and mean_confidence(page) >= _WELL_READ and not _lies_on_its_side(page)


def _amount_read(page: ReadPage) -> float:
    """Weigh how much was read and how surely; unsure characters hardly count."""
    return sum(len(_CHARACTER.findall(line.text)) * max(0.0, line.confidence - 0.5) for line in page.lines) * (
        0.3 if _lies_on_its_side(page) else 1.0
    )


def _lies_on_its_side(page: ReadPage) -> bool:
    """Tell whether most text stands in boxes taller than wide."""
    long_lines = [line for line in page.lines if len(line.text) >= 4]
    tall = sum(line.box.bottom - line.box.top > 1.5 * (line.box.right - line.box.left) for line in long_lines)
    return bool(long_lines) and 2 * tall > len(long_lines)
