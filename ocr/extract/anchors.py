"""Finds the text that belongs to a printed label: behind it in the row, or in the row below.

An exact label wins; one that differs by a character counts only when no other label is as near,
for 票据代码 and 票据号码, 入院日期 and 出院日期 differ by little.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from domain.document import Box
from ocr.layout import WIDE_GAP, Cell, Row, row_text

_NEW_LABEL = re.compile(r"(?:(?<=\t)|(?<=\s))[\u4e00-\u9fff（）()/]{2,10}[：:]")
_BEHIND_LABEL = re.compile(r"^[\s：:;.·、]+")
_FUZZY_MIN = 4  # shorter labels have too many neighbours, and stand inside other words
_NO_WORD_BEFORE = r"(?<![\u4e00-\u9fff])"
_BELOW = 3.5  # heights of a label within which the text under it belongs to it


@dataclass(frozen=True)
class Found:
    """Text beside a label, the cells it came from, and whether the label was only nearly right."""

    text: str
    cells: tuple[Cell, ...]
    is_fuzzy: bool = False

    @property
    def confidence(self) -> float:
        """The weakest of its cells; a fuzzy label costs a fifth."""
        return min(cell.confidence for cell in self.cells) * (0.8 if self.is_fuzzy else 1.0)

    @property
    def page(self) -> int:
        """The page it stands on."""
        return self.cells[0].page

    @property
    def box(self) -> Box:
        """The rectangle around its cells in the uploaded picture."""
        boxes = [cell.source for cell in self.cells]
        return Box(min(b.left for b in boxes), min(b.top for b in boxes), max(b.right for b in boxes), max(b.bottom for b in boxes))


class Anchors:
    """The rows of a document, to be asked for what stands beside a label.

    `labels` are all labels this class of document may print: a value ends where the next one begins.
    """

    def __init__(self, rows: Sequence[Row], labels: Iterable[str]) -> None:
        self.rows = tuple(rows)
        self._texts = [row_text(row) for row in self.rows]
        self._labels = sorted(set(labels), key=len, reverse=True)

    def beside(self, *labels: str) -> list[Found]:
        """Find the texts behind any of the labels, the surest first: exact in the row, exact below, then fuzzy."""
        exact = [hit for label in labels for hit in self._exact(label)]
        return exact or [hit for label in labels for hit in self._fuzzy(label)]

    def paragraph(self, *labels: str) -> Found | None:
        """Find a text that begins behind a label and runs over the rows below until the next label."""
        for label in labels:
            for number, text in enumerate(self._texts):
                match = self._match(label, text)
                if match is None:
                    continue
                cells = list(self._cells_between(number, match.end(), len(text)))
                pieces = [_BEHIND_LABEL.sub("", text[match.end() :])]
                for below in range(number + 1, len(self.rows)):
                    if self.rows[below][0].page != self.rows[number][0].page or self._starts_with_label(below):
                        break
                    pieces.append(self._texts[below])
                    cells += self.rows[below]
                joined = "".join(pieces).replace("\t", "").strip()
                if joined and cells:
                    return Found(joined, tuple(cells))
        return None

    def _exact(self, label: str) -> list[Found]:
        hits = []
        for number, text in enumerate(self._texts):
            match = self._match(label, text)
            if match is not None:
                found = self._behind(number, match.end()) or self._below(number, match.start())
                if found is not None:
                    hits.append(found)
        return hits

    def _fuzzy(self, label: str) -> list[Found]:
        if len(label) < _FUZZY_MIN:
            return []
        hits = []
        for number, text in enumerate(self._texts):
            for start in range(len(text) - len(label) + 1):
                window = text[start : start + len(label)]
                if _differences(window, label) == 1 and self._is_nearest(window, label):
                    found = self._behind(number, start + len(label))
                    if found is not None:
                        hits.append(Found(found.text, found.cells, is_fuzzy=True))
        return hits

    def _is_nearest(self, window: str, label: str) -> bool:
        return all(_differences(window, other) > 1 for other in self._labels if other != label and len(other) == len(label))

    def _behind(self, number: int, start: int) -> Found | None:
        """Take the text behind a label up to the next label or a wide gap."""
        text = self._texts[number]
        end = min([start + cut for cut in self._cuts(text[start:])], default=len(text))
        begin = end - len(_BEHIND_LABEL.sub("", text[start:end]))
        wide = text.find(WIDE_GAP, begin, end)
        end = end if wide < 0 else wide
        value = text[begin:end].strip()
        cells = tuple(self._cells_between(number, begin, end))
        return Found(value.replace("\t", " "), cells) if value and cells else None

    def _below(self, number: int, start: int) -> Found | None:
        """Take the nearest text under a label that has nothing behind it."""
        anchor = next(iter(self._cells_between(number, start, start + 1)), None)
        if anchor is None or number + 1 >= len(self.rows):
            return None
        row = self.rows[number + 1]
        for place, cell in enumerate(row):
            overlaps = cell.box.left < anchor.box.right and anchor.box.left < cell.box.right
            near = cell.page == anchor.page and cell.middle - anchor.middle < _BELOW * anchor.height
            if overlaps and near and not any(cell.text.startswith(label) for label in self._labels):
                cells = _run_on(row[place:])
                return Found(" ".join(each.text for each in cells), cells)
        return None

    def _match(self, label: str, text: str) -> re.Match[str] | None:
        """Find a label, blanks inside it allowed, where it is no part of a longer label (诊断 in 出院诊断)."""
        matches = list(_anchor(label).finditer(text))
        if not matches:  # as in most rows
            return None
        longer = [match.span() for other in self._labels if label in other and other != label for match in _pattern(other).finditer(text)]
        for match in matches:
            if not any(start <= match.start() and match.end() <= end for start, end in longer):
                return match
        return None

    def _cuts(self, rest: str) -> list[int]:
        cuts = [match.start() for label in self._labels if (match := self._match(label, rest)) is not None]
        match = _NEW_LABEL.search(rest)
        return cuts + ([match.start()] if match else [])

    def _starts_with_label(self, number: int) -> bool:
        text = self._texts[number].strip()
        return any(text.startswith(label) for label in self._labels) or _NEW_LABEL.match("\t" + text, 1) is not None

    def _cells_between(self, number: int, start: int, end: int) -> Iterable[Cell]:
        """Go through the cells of a row whose characters lie between two places of its text."""
        place = 0
        text = self._texts[number]
        for cell in self.rows[number]:
            place = text.index(cell.text, place)
            if place < end and place + len(cell.text) > start:
                yield cell
            place += len(cell.text)


def _run_on(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Take cells from the left as long as no wide gap parts them: a card number is printed in groups."""
    taken = [cells[0]]
    for cell in cells[1:]:
        if cell.box.left - taken[-1].box.right > 1.5 * cell.height:
            break
        taken.append(cell)
    return tuple(taken)


@cache
def _pattern(label: str) -> re.Pattern[str]:
    """Compile a label, blanks allowed between its characters."""
    return re.compile(r"\s*".join(_either_width(character) for character in label))


@cache
def _anchor(label: str) -> re.Pattern[str]:
    """Compile a label as it announces a value: a short one must not stand inside another word."""
    return re.compile(("" if len(label) >= _FUZZY_MIN else _NO_WORD_BEFORE) + _pattern(label).pattern)


def _either_width(character: str) -> str:
    return {"（": "[（(]", "）": "[）)]"}.get(character, re.escape(character))


def _differences(first: str, second: str) -> int:
    return sum(a != b for a, b in zip(first, second, strict=True)) if len(first) == len(second) else 99
