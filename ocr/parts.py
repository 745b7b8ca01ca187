"""Parts a picture that shows several papers: sheets that lie apart on a table, cards copied onto one page.

Parting wrongly would tear a paper in two, so it counts only where at least two parts bear a title of their own.
"""

import re
from collections.abc import Sequence
from statistics import median

from domain.document import CLASS_NAMES_ZH, DocumentClass
from domain.finding import Finding
from ocr.classify import Judgement, judge_text
from ocr.findings import make_finding
from ocr.gathered import text_of
from ocr.layout import Cell, rows_of

# What no half of a card has: the number on the front, the office on the back of an ID card; the number on a bank card.
_CARDS = {
    DocumentClass.ID_CARD: re.compile(r"号码\s*\d{6}[\dXx\s]{12,}[\s\S]*姓\s*名|姓\s*名[\s\S]*\d{6}[\dXx\s]{12,}|签\s*发\s*机\s*关"),
    DocumentClass.BANK_CARD: re.compile(r"(?:\d[ \t]*){12,19}"),
}
_GAP = 3.0  # heights of a line without a word between two papers

Cells = tuple[Cell, ...]


def stand_for_themselves(parts: Sequence[Sequence[Cell]], confidence_min: float) -> bool:
    """Tell whether at least two parts of a picture are papers of their own: each of a sure class, with its title."""
    return sum(_is_titled(_judge(part), confidence_min) for part in parts) >= 2


def part_cards(cells: Cells, confidence_min: float) -> tuple[Cells, ...]:
    """Part the cards on one page at the gaps between them; anything else stays whole."""
    for before, behind in _halves(cells):
        if _is_card(before, confidence_min) and _is_card(behind, confidence_min):
            return (*part_cards(before, confidence_min), *part_cards(behind, confidence_min))
    return (cells,)


def doubt_mixed(cells: Cells, confidence_min: float) -> tuple[Finding, ...]:
    """Tell a person when a page that could not be parted bears the titles of two classes, with a gap between them."""
    for before, behind in _halves(cells):
        judged = _judge(before), _judge(behind)
        classes = [each.document_class for each in judged if each.document_class and _is_titled(each, confidence_min)]
        if len(set(classes)) == 2:
            return (make_finding("document.mixed_classes", detail="、".join(CLASS_NAMES_ZH[each] for each in classes)),)
    return ()


def _is_card(cells: Cells, confidence_min: float) -> bool:
    judged = _judge(cells)
    whole = _CARDS.get(judged.document_class) if judged.document_class else None
    return whole is not None and _is_titled(judged, confidence_min) and whole.search(text_of(rows_of(cells))) is not None


def _judge(cells: Sequence[Cell]) -> Judgement:
    return judge_text(text_of(rows_of(cells)))


def _is_titled(judged: Judgement, confidence_min: float) -> bool:
    return judged.has_title and judged.confidence >= confidence_min


def _halves(cells: Cells) -> list[tuple[Cells, Cells]]:
    """Cut a page at every wide gap without a word, across and down, the widest first; both sides are laid out as on the page."""
    if len(cells) < 2:
        return []
    wide = _GAP * median(cell.height for cell in cells)
    found: list[tuple[float, Cells, Cells]] = []
    for start, end in (("left", "right"), ("top", "bottom")):
        ordered = sorted(cells, key=lambda cell: getattr(cell.box, start))
        reach = getattr(ordered[0].box, end)
        for place, cell in enumerate(ordered[1:], 1):
            gap = getattr(cell.box, start) - reach
            if gap >= wide:
                found.append((gap, tuple(ordered[:place]), tuple(ordered[place:])))
            reach = max(reach, getattr(cell.box, end))
    return [(before, behind) for _, before, behind in sorted(found, key=lambda each: -each[0])]
