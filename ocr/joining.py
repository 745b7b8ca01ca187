"""Joins the pages of one document that came as several files: photographs in any order, a page that follows a day later.

What lies beside what tells nothing here, unlike within a file. Pages of different files are joined by their printed numbers,
by a list's own sum, and as the two sides of a card; where two answers are possible, none is given.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

from domain.document import Document, DocumentClass, Sheet
from domain.states import DocumentState
from ocr.arrange import SeenPage, is_anothers, is_closed_list, is_id_back, missing_pages
from ocr.extract import expense_list
from ocr.gathered import Gathered, Page, seen_page
from ocr.page_mark import read_page_mark

_C = DocumentClass
_MOST_PIECES = 8  # of which a list's sum is tried: 255 ways


@dataclass(frozen=True, eq=False)  # pictures are not compared
class Piece:
    """What one file holds of a document. `file` is its place among the files."""

    file: int
    whole: Gathered
    confidence_min: float

    @cached_property
    def seen(self) -> tuple[SeenPage, ...]:
        """Its pages with words, as they are judged."""
        return tuple(seen_page(place, page) for place, page in enumerate(self.whole.pages) if page.cells)

    @property
    def document_class(self) -> DocumentClass | None:
        """What it seems to be."""
        return self.whole.judged.document_class

    @property
    def is_sure(self) -> bool:
        """Tell whether it says by itself what it is."""
        return self.document_class is not None and self.whole.judged.confidence >= self.confidence_min

    @property
    def numbers(self) -> tuple[int, ...]:
        """The printed numbers of its pages; () unless every page has one."""
        marks = [page.mark for page in self.seen]
        return tuple(mark.number for mark in marks if mark) if all(marks) else ()

    @property
    def total(self) -> int | None:
        """How many pages its pages say there are, 0 where they do not say; None when they have no numbers, or contradict each other."""
        totals = {page.mark.total for page in self.seen if page.mark}
        return totals.pop() if self.numbers and len(totals) == 1 else None


Group = tuple[Piece, ...]


def lacks_pages(document: Document) -> bool:
    """Tell whether other files may hold more of a document: it says so itself, or nothing tells what it is."""
    if not document.text or document.state not in (DocumentState.EXTRACTED, DocumentState.CHECKED):
        return False
    if document.state is DocumentState.CHECKED:
        return not is_id_back(document.text)
    mark = read_page_mark(document.text)
    codes = {finding.code for finding in document.findings}
    is_open = document.document_class is _C.EXPENSE_LIST and (document.field("total_fen") is None or "expense_list.lines_mismatch" in codes)
    return is_open or "document.pages_missing" in codes or (mark is not None and mark.total == 0)


def worth_joining(documents: Sequence[Document]) -> tuple[Document, ...]:
    """Choose, from all documents of a claim, those that it is worth to read once more together; () when nothing can come of it."""
    fronts = [each for each in documents if each.document_class is _C.ID_CARD and each.state is DocumentState.EXTRACTED]
    fronts = [each for each in fronts if not is_id_back(each.text)]
    backs = [each for each in documents if each.state is DocumentState.CHECKED and is_id_back(each.text)]
    sides = {id(each) for each in (*fronts, *backs)} if len(fronts) == len(backs) == 1 else set()
    pages = [each for each in documents if lacks_pages(each)]
    if len(pages) < 2 or not any(each.state is DocumentState.EXTRACTED for each in pages):
        pages = []
    wanted = sides | {id(each) for each in pages}
    return tuple(each for each in documents if id(each) in wanted)


def join(pieces: Sequence[Piece]) -> tuple[Group, ...]:
    """Find the pieces that make up one document, each group in reading order; what is in no group stays as it was."""
    groups: list[Group] = []
    for group in (*_cards(pieces), *_unrivalled(tuple(_lists(pieces))), *_numbered(pieces)):
        is_free = not any(piece in each for piece in group for each in groups)
        if is_free and len({piece.file for piece in group}) > 1:
            groups.append(group)
    return tuple(groups)


def put_together(group: Group, files: Sequence[str]) -> tuple[Gathered, tuple[Sheet, ...]]:
    """Make one document of a group: its pages counted anew in reading order, and where each stands; `files` are the hashes of all."""
    found = [(piece.file, page) for piece in group for page in piece.whole.pages]
    if all(piece.numbers for piece in group):
        found.sort(key=lambda each: _number_of(each[1]))
    places = list(dict.fromkeys((file, page.number) for file, page in found))
    pages = [_renumbered(page, places.index((file, page.number))) for file, page in found]
    seen = tuple(seen_page(place, page) for place, page in enumerate(pages) if page.cells)
    surest = max((piece.whole.judged for piece in group), key=lambda judged: judged.confidence)
    whole = Gathered(pages, surest, missing_pages(seen))
    for piece in group:
        whole.attached += piece.whole.attached
        whole.tagged = whole.tagged or piece.whole.tagged
    return whole, tuple(Sheet(files[file], number) for file, number in places)


def _number_of(page: Page) -> int:
    mark = seen_page(0, page).mark
    return mark.number if mark else 0


def _renumbered(page: Page, number: int) -> Page:
    return replace(page, number=number, cells=tuple(replace(cell, page=number) for cell in page.cells))


def _cards(pieces: Sequence[Piece]) -> Iterator[Group]:
    """Join the two sides of the one ID card; of several cards nobody can tell whose back is whose."""
    cards = [piece for piece in pieces if piece.is_sure and piece.document_class is _C.ID_CARD]
    fronts = [piece for piece in cards if not any(is_id_back(page.text) for page in piece.seen)]
    backs = [piece for piece in cards if not any(page.is_id_front for page in piece.seen)]
    if len(fronts) == len(backs) == 1:
        yield (fronts[0], backs[0])


def _numbered(pieces: Sequence[Piece]) -> Iterator[Group]:
    """Join what the printed numbers tie to a first page, where each number has one page and each page one document."""
    for head in pieces:
        if not head.is_sure or 1 not in head.numbers or head.total in (None, 1):
            continue
        alike = [each for each in pieces if each is not head and each.total == head.total and _is_alike(head, each)]
        kin = [each for each in alike if _fits(head, each)]
        others = [each for each in alike if not _fits(head, each)]
        is_contested = any(_fits(other, each) for other in others for each in kin)
        group = (head, *kin)
        if kin and not is_contested and _is_one(group) and (head.total or _is_unbroken(group)):
            yield group


def _lists(pieces: Sequence[Piece]) -> Iterator[Group]:
    """Join the pieces of a list of charges that together sum to its printed total, where only one choice of them does."""
    for head in pieces:
        if not head.is_sure or head.document_class is not _C.EXPENSE_LIST or is_closed_list(head.seen) or not _begins(head):
            continue
        others = [
            each for each in pieces if each is not head and _is_alike(head, each) and not _begins(each) and not _are_anothers(head, each)
        ]
        if len(others) > _MOST_PIECES:
            continue
        ways = [(head, *some) for count in range(1, len(others) + 1) for some in combinations(others, count)]
        proven = [group for way in ways if _proves_itself(group := _list_order(way))]
        if len(proven) == 1:
            yield proven[0]


def _unrivalled(groups: Sequence[Group]) -> Iterator[Group]:
    """Leave out groups that claim the same piece: two lists may come to the same sum."""
    for group in groups:
        others = {id(piece) for other in groups if other is not group for piece in other}
        if not others & {id(piece) for piece in group}:
            yield group


def _begins(piece: Piece) -> bool:
    return piece.whole.judged.has_title and (not piece.numbers or 1 in piece.numbers)


def _list_order(group: Group) -> Group:
    """Order a list's pieces: with the title first, with the total last, others as they came."""
    head, *others = group
    return (head, *sorted(others, key=lambda piece: (is_closed_list(piece.seen), piece.file)))


def _proves_itself(group: Group) -> bool:
    if not _is_one(group) or not all(piece.document_class is _C.EXPENSE_LIST for piece in group):
        return False
    found = expense_list.extract(put_together(group, [""] * (1 + max(piece.file for piece in group)))[0].rows)
    total = found.field("total_fen")
    return total is not None and total.value == sum(line.amount_fen for line in found.lines)


def _is_alike(head: Piece, other: Piece) -> bool:
    """Tell whether a piece is of the head's class or says nothing else; a lone page number needs the class."""
    if other.is_sure or not head.total:
        return other.document_class is head.document_class
    return not other.whole.judged.has_title


def _fits(piece: Piece, other: Piece) -> bool:
    return not set(piece.numbers) & set(other.numbers) and not _are_anothers(piece, other)


def _are_anothers(piece: Piece, other: Piece) -> bool:
    return any(is_anothers(piece.seen, page) for page in other.seen)


def _is_one(group: Group) -> bool:
    """Tell whether no two pieces take the same number or name different people."""
    return all(_fits(one, other) for one, other in combinations(group, 2))


def _is_unbroken(group: Group) -> bool:
    numbers = sorted(number for piece in group for number in piece.numbers)
    return numbers == list(range(1, len(numbers) + 1))
