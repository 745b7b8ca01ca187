"""Puts a file's pages together into documents: what continues what, and in which order.

Pages that tell their class come first; a page that does not joins the one document that it surely continues, or
stays alone. Joining wrongly would mix two people's papers, staying alone costs a person a look.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.document import DocumentClass
from ocr.classify import Judgement
from ocr.page_mark import PageMark

_C = DocumentClass
_CARDS = frozenset({_C.BANK_CARD, _C.ID_CARD})  # what else stands beside them never continues them
_PERSON = re.compile(r"(?:患者姓名|病人姓名|姓\s*名|被鉴定人|交款人)\s*[：:]?\s*([\u4e00-\u9fff·]{2,4})(?![\u4e00-\u9fff])")
_BILL = re.compile(r"票据号码\s*[：:]?\s*(\d{6,})")
_ID_FRONT = re.compile(r"公民身份号码|身份号码")
_ID_BACK = re.compile(r"签\s*发\s*机\s*关")
_LIST_END = re.compile(r"(?:费用合计|费用总计|金额合计|总\s*计)\s*[：:]?\s*[¥￥]?\s*\d")


@dataclass(frozen=True)
class SeenPage:
    """One page, or one paper of a picture, as far as it was read: its place among those with text, what it seems to be."""

    place: int
    text: str
    judged: Judgement
    mark: PageMark | None = None

    @property
    def person(self) -> str:
        """Whose page it is; "" when it names nobody."""
        match = _PERSON.search(self.text)
        return match[1] if match else ""

    @property
    def bill(self) -> str:
        """The number of the invoice; "" when none is printed."""
        match = _BILL.search(self.text)
        return match[1] if match else ""

    @property
    def is_id_front(self) -> bool:
        """Tell the side with the number from the side with the issuing office."""
        return _ID_FRONT.search(self.text) is not None


Group = tuple[SeenPage, ...]


def arrange(pages: Sequence[SeenPage], confidence_min: float) -> tuple[Group, ...]:
    """Join pages to documents, in the order in which they begin in the file; each document's pages in reading order."""
    groups: list[Group] = []
    for page in (each for each in pages if _is_sure(each, confidence_min)):
        home = next((group for group in reversed(groups) if _belongs(group, page)), None)
        _put(groups, home, page)
    for page in (each for each in pages if not _is_sure(each, confidence_min)):
        homes = [group for group in groups if _is_sure(group[0], confidence_min) and _continues(group, page)]
        homes = [group for group in homes if _fits_by_number(group, page)] or homes
        beside = [group for group in homes if _follows(group, page)]
        _put(groups, homes[0] if len(homes) == 1 else next(iter(beside), None), page)
    return tuple(_in_order(group) for group in sorted(groups, key=lambda group: min(page.place for page in group)))


def is_id_back(text: str) -> bool:
    """Tell the side of an ID card that names the issuing office (国徽面)."""
    return _ID_BACK.search(text) is not None


def missing_pages(group: Group) -> tuple[int, ...]:
    """Name the pages, counted from 1, that the printed page numbers promise and that are not there."""
    totals = {page.mark.total for page in group if page.mark and page.mark.total}
    if len(totals) != 1 or any(page.mark is None for page in group):
        return ()
    there = {page.mark.number for page in group if page.mark}
    return tuple(number for number in range(1, totals.pop() + 1) if number not in there)


def is_anothers(group: Group, page: SeenPage) -> bool:
    """Tell whether a page names another person or another invoice than the document."""
    is_other_person = bool(page.person) and any(each.person and each.person != page.person for each in group)
    return is_other_person or (bool(page.bill) and any(each.bill and each.bill != page.bill for each in group))


def is_closed_list(group: Group) -> bool:
    """Tell whether a list of charges came to its total: what follows is another list."""
    return group[0].judged.document_class is _C.EXPENSE_LIST and any(_LIST_END.search(page.text) for page in group)


def _put(groups: list[Group], home: Group | None, page: SeenPage) -> None:
    if home is None:
        groups.append((page,))
    else:
        groups[groups.index(home)] = (*home, page)


def _is_sure(page: SeenPage, confidence_min: float) -> bool:
    return page.judged.document_class is not None and page.judged.confidence >= confidence_min


def _belongs(group: Group, page: SeenPage) -> bool:
    """Tell whether a page of a sure class is more of a document that is there already."""
    document_class = page.judged.document_class
    if group[0].judged.document_class is not document_class or is_anothers(group, page):
        return False
    if document_class is _C.ID_CARD:
        return len(group) == 1 and group[0].is_id_front != page.is_id_front
    if document_class in _CARDS:
        return False
    if page.mark and any(each.mark for each in group):
        return _fits_by_number(group, page)
    if document_class is _C.MEDICAL_INVOICE:
        return bool(page.bill) and any(each.bill == page.bill for each in group)
    return _follows(group, page) and (_is_open_list(group) or not page.judged.has_title)


def _continues(group: Group, page: SeenPage) -> bool:
    """Tell whether a page that does not say what it is continues a document."""
    document_class = group[0].judged.document_class
    if document_class in _CARDS or is_anothers(group, page):
        return False
    if page.mark and any(each.mark for each in group):
        return _fits_by_number(group, page)
    if page.mark:
        return _follows(group, page) and page.mark.number == len(group) + 1
    return _follows(group, page) and page.judged.document_class is document_class and not is_closed_list(group)


def _fits_by_number(group: Group, page: SeenPage) -> bool:
    """Tell whether the printed numbers leave room for a page: as many in all, and its own number not yet taken."""
    marks = [each.mark for each in group if each.mark]
    own = page.mark
    return (
        own is not None and own.total != 1 and bool(marks) and all(each.total == own.total and each.number != own.number for each in marks)
    )


def _follows(group: Group, page: SeenPage) -> bool:
    return any(each.place == page.place - 1 for each in group)


def _is_open_list(group: Group) -> bool:
    return group[0].judged.document_class is _C.EXPENSE_LIST and not is_closed_list(group)


def _in_order(group: Group) -> Group:
    """Order pages by their printed numbers where every page has one, an ID card with its front first, others as they came."""
    if group[0].judged.document_class is _C.ID_CARD:
        return tuple(sorted(group, key=lambda page: (not page.is_id_front, page.place)))
    if all(page.mark for page in group):
        return tuple(sorted(group, key=lambda page: page.mark.number if page.mark else 0))
    return tuple(sorted(group, key=lambda page: page.place))
