"""Finds the text that belongs to a printed label: behind it in the row, or in the row below.

An exact label wins; one that differs by a character counts only when no other label is as near,
for 票据代码 and 票据号码, 入院日期 and 出院日期 differ by little.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from domain.document import Box
from ocr.extract.labels import GENERAL_LABELS
from ocr.layout import WIDE_GAP, Cell, Row, row_text

_NEW_LABEL = re.compile(r"(?:(?<=\t)|(?<=\s))[\u4e00-\u9fff（）()/]{2,10}[：:]")
_BEHIND_LABEL = re.compile(r"^(?:\s*[（(](?:元|天|日|人民币|必填)[）)])?[\s：:;.·、*]*")
_FUZZY_MIN = 4  # shorter labels have too many neighbours, and stand inside other words
_NO_WORD_BEFORE = r"(?<![\u4e00-\u9fff])"
_ANNOUNCED = re.compile(r"\s*[：:]")
_ENDED = re.compile(r"\s*[：:]|\s|$")
_END_OF_TITLE = re.compile(r"(?:证明|意见|报告|情况|告知)?[书单表]\s*(?:\t|$)|证明\s*(?:\t|$)")  # 受伤经过 is no label in 受伤经过证明
_LONGER = re.compile(r"([\u4e00-\u9fff]{1,4})\s*[：:]")  # 诊断 is no label in 诊断所见：
_LONGEST_LABEL = 12
_HALF_WIDTH = str.maketrans("（）：", "():")
_ROWS_BELOW = 3
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


@dataclass(frozen=True)
class _Labels:
    """The labels of a class, those that any paper prints among the known ones; how long a known one may be, by its first character."""

    own: tuple[str, ...]  # the longest first
    folded: tuple[tuple[str, str], ...]  # each as it is, and as labels are compared
    known: frozenset[str]
    lengths: Mapping[str, tuple[int, ...]]  # the longest first


@cache
def _labels_of(labels: tuple[str, ...]) -> _Labels:
    """Look up the labels of a class; every class has one list, which is prepared once."""
    own = tuple(sorted(set(labels), key=len, reverse=True))
    known = GENERAL_LABELS | frozenset(map(_folded_label, own))
    lengths: dict[str, set[int]] = {}
    for label in known:
        if 1 < len(label) <= _LONGEST_LABEL:
            lengths.setdefault(label[0], set()).add(len(label))
    by_first = {first: tuple(sorted(each, reverse=True)) for first, each in lengths.items()}
    return _Labels(own, tuple((label, _folded_label(label)) for label in own), known, by_first)


class Anchors:
    """The rows of a document, to be asked for what stands beside a label.

    `labels` are all labels this class of document may print: a value ends where the next one begins.
    """

    def __init__(self, rows: Sequence[Row], labels: Iterable[str]) -> None:
        self.rows = tuple(rows)
        self._texts = [row_text(row) for row in self.rows]
        self._compact = [_folded(text) for text in self._texts]  # what is not in here is in no row, and need not be looked for
        self._whole, self._whole_compact = "\n".join(self._texts), "\n".join(self._compact)
        self._labels = _labels_of(tuple(labels))
        self._spans = [self._labels_in(text) for text in self._texts]

    def beside(self, *labels: str) -> Iterator[list[Found]]:
        """Find the texts beside each of the labels, label by label: exact ones in the row or below, then fuzzy ones."""
        is_there = False
        for label in labels:
            hits = self._exact(label)
            if hits:
                is_there = True
                yield hits
        if not is_there:
            yield from map(self._fuzzy, labels)

    def beside_like(self, form: re.Pattern[str]) -> Iterator[Found]:
        """Find the texts beside labels of a form, where no list has the label itself."""
        for number, text in enumerate(self._texts):
            for match in form.finditer(text):
                for found in (self._behind(number, match.end()), self._below(number, match.start(), match.end())):
                    if found is not None:  # what is behind it may be the next label, and the value under it
                        yield found

    def search(self, pattern: re.Pattern[str]) -> Iterator[Found]:
        """Find what the first group of a pattern matches, row by row, where no label announces it."""
        for number, text in enumerate(self._texts):
            for match in pattern.finditer(text):
                cells = tuple(self._cells_between(number, match.start(1), match.end(1)))
                if cells:
                    yield Found(match[1], cells)

    def paragraph(self, *labels: str, until: re.Pattern[str] | None = None) -> Found | None:
        """Find a text that begins behind a label and runs over the rows below until the next label, or a row that `until` matches."""
        for label in labels:
            for number, text in enumerate(self._texts):
                match = self._match(label, text, self._spans[number])
                if match is None:
                    continue
                cells = list(self._cells_between(number, match.end(), len(text)))
                pieces = [_BEHIND_LABEL.sub("", text[match.end() :])]
                for below in range(number + 1, len(self.rows)):
                    is_over = until is not None and until.search(self._texts[below].strip()) is not None
                    if is_over or self.rows[below][0].page != self.rows[number][0].page or self._starts_with_label(below):
                        break
                    pieces.append(self._texts[below])
                    cells += self.rows[below]
                joined = "".join(pieces).replace("\t", "").strip()
                if joined and cells:
                    return Found(joined, tuple(cells))
        return None

    def _exact(self, label: str) -> list[Found]:
        hits: list[Found] = []
        folded = _folded_label(label)
        if folded not in self._whole_compact:
            return hits
        for number, text in enumerate(self._texts):
            match = self._match(label, text, self._spans[number]) if folded in self._compact[number] else None
            if match is not None:
                found = self._behind(number, match.end()) or self._below(number, match.start(), match.end())
                if found is not None:
                    hits.append(found)
        return hits

    def _fuzzy(self, label: str) -> list[Found]:
        hits: list[Found] = []
        front, back = label[: len(label) // 2], label[len(label) // 2 :]  # one wrong character leaves the other half as it is
        if len(label) < _FUZZY_MIN or not (front in self._whole or back in self._whole):
            return hits
        for number, text in enumerate(self._texts):
            for match in _nearly(label).finditer(text) if front in text or back in text else ():
                window, end = match[1], match.end(1)
                is_of_another = any(begin < match.start(1) < stop for begin, stop in self._spans[number])  # 身份证号 in 家属身份证号
                if window != label and not is_of_another and self._is_nearest(window, label):
                    found = self._behind(number, end)
                    if found is not None:
                        hits.append(Found(found.text, found.cells, is_fuzzy=True))
        return hits

    def _is_nearest(self, window: str, label: str) -> bool:
        others = (other for other in self._labels.own if other != label and len(other) == len(label))
        return window not in self._labels.known and not any(_nearly(other).match(window) for other in others)

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

    def _below(self, number: int, start: int, stop: int) -> Found | None:
        """Take the nearest text under a label that has nothing behind it, but nothing that stands under the next label."""
        anchor = next(iter(self._cells_between(number, start, start + 1)), None)
        if anchor is None:
            return None
        left, right = _part_of(anchor, self._texts[number], start, stop)
        end = min((cell.box.left for cell in self.rows[number] if cell.box.left >= anchor.box.right), default=math.inf)
        for row in self.rows[number + 1 : number + 1 + _ROWS_BELOW]:  # columns that are not level have rows of their own
            for place, cell in enumerate(row):
                overlaps = cell.box.left < right and left < cell.box.right
                near = cell.page == anchor.page and cell.middle - anchor.middle < _BELOW * anchor.height
                if overlaps and (not near or self._is_label(cell)):
                    return None
                if overlaps:
                    cells = _run_on(row[place:], end)
                    return Found(" ".join(each.text for each in cells), cells)
        return None

    def _is_label(self, cell: Cell) -> bool:
        return cell.text.startswith(self._labels.own) or _folded(cell.text).rstrip(":") in GENERAL_LABELS

    def _match(self, label: str, text: str, spans: Sequence[tuple[int, int]]) -> re.Match[str] | None:
        """Find a label, blanks inside it allowed, where it is no part of a longer label (诊断 in 出院诊断)."""
        for match in _anchor(label).finditer(text):
            is_part = any(start <= match.start() and match.end() <= end and (start, end) != match.span() for start, end in spans)
            longer = _LONGER.match(text, match.end())
            is_longer = longer is not None and not any(
                end == longer.end(1) for _, end in spans
            )  # 所见 is no label, 性别 in 姓名张三性别： is
            if not (is_part or is_longer) and _END_OF_TITLE.match(text, match.end()) is None:
                return match
        return None

    def _labels_in(self, text: str) -> list[tuple[int, int]]:
        """Find where labels stand in a text, of labels within each other the longest; blanks inside are allowed."""
        places = [place for place, character in enumerate(text) if not character.isspace()]
        compact, known, lengths = _folded(text), self._labels.known, self._labels.lengths
        spans, at = [], 0
        while at < len(compact):
            for length in lengths.get(compact[at], ()):
                if compact[at : at + length] in known and at + length <= len(compact):
                    spans.append((places[at], places[at + length - 1] + 1))
                    at += length
                    break
            else:
                at += 1
        return spans

    def _cuts(self, rest: str) -> list[int]:
        """Find where the labels behind a value begin: own ones, any that a colon follows, and any that stand by themselves."""
        spans = self._labels_in(rest)
        compact = _folded(rest)
        there = (label for label, folded in self._labels.folded if folded in compact)
        cuts = [match.start() for label in there if (match := self._match(label, rest, spans)) is not None]
        cuts += [start for start, end in spans if _ANNOUNCED.match(rest, end) or (_is_apart(rest, start) and _ENDED.match(rest, end))]
        match = _NEW_LABEL.search(rest)
        return cuts + ([match.start()] if match else [])

    def _starts_with_label(self, number: int) -> bool:
        text = self._texts[number].strip()
        spans = self._labels_in(text)
        is_general = bool(spans) and spans[0][0] == 0 and _ENDED.match(text, spans[0][1]) is not None
        return is_general or text.startswith(self._labels.own) or _NEW_LABEL.match("\t" + text, 1) is not None

    def _cells_between(self, number: int, start: int, end: int) -> Iterable[Cell]:
        """Go through the cells of a row whose characters lie between two places of its text."""
        place = 0
        text = self._texts[number]
        for cell in self.rows[number]:
            place = text.index(cell.text, place)
            if place < end and place + len(cell.text) > start:
                yield cell
            place += len(cell.text)


def _part_of(anchor: Cell, text: str, start: int, stop: int) -> tuple[float, float]:
    """Tell from where to where a label reaches, which may be one of several that a reader took for one piece of text."""
    before = text.find(anchor.text)
    while before >= 0 and before + len(anchor.text) <= start:
        before = text.find(anchor.text, before + 1)
    share = (anchor.box.right - anchor.box.left) / max(1, len(anchor.text))
    left = anchor.box.left + max(0, start - before) * share
    return left, min(float(anchor.box.right), left + (stop - start) * share) if stop - before < len(anchor.text) else anchor.box.right


def _is_apart(text: str, start: int) -> bool:
    return start == 0 or text[start - 1].isspace()


def _folded(text: str) -> str:
    """Write a text as labels are compared: without blanks, brackets and colons of half width."""
    return "".join(text.split()).translate(_HALF_WIDTH)


@cache
def _folded_label(label: str) -> str:
    return _folded(label)


def _run_on(cells: Sequence[Cell], end: float) -> tuple[Cell, ...]:
    """Take cells from the left as long as no wide gap parts them: a card number is printed in groups."""
    taken = [cells[0]]
    for cell in cells[1:]:
        if cell.box.left >= end or cell.box.left - taken[-1].box.right > 1.5 * cell.height:
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


@cache
def _nearly(label: str) -> re.Pattern[str]:
    """Compile what differs from a label in one character at most, wherever it begins; the first group holds it."""
    spellings = (re.escape(label[:place]) + "." + re.escape(label[place + 1 :]) for place in range(len(label)))
    return re.compile(f"(?=({'|'.join(spellings)}))", re.DOTALL)
