"""Reads the page number (页码) that is printed on a page: 第2页/共3页, 共3页 第2页, 2/3, Page 2 of 3, 第2页."""

import re
import unicodedata
from dataclasses import dataclass

_OF = r"[页頁贝][，,/／、()（）.·\-—\s]*"
_WITH_TOTAL = (
    re.compile(rf"第\s*(?P<number>\d{{1,2}})\s*{_OF}共\s*(?P<total>\d{{1,2}})\s*[页頁贝]"),
    re.compile(rf"共\s*(?P<total>\d{{1,2}})\s*{_OF}第\s*(?P<number>\d{{1,2}})\s*[页頁贝]"),
    re.compile(r"page\s*(?P<number>\d{1,2})\s*(?:of|/)\s*(?P<total>\d{1,2})", re.IGNORECASE),
    re.compile(r"页码\s*[：:]?\s*(?P<number>\d{1,2})\s*/\s*(?P<total>\d{1,2})"),
    re.compile(r"^[\s\-—(（]*(?P<number>\d{1,2})\s*/\s*(?P<total>\d{1,2})[\s\-—)）]*$"),  # alone in its row: no share, no quantity
)
_ANY = re.compile(r"[页頁贝/]|page", re.IGNORECASE)  # without any of these there is none
_ALONE = re.compile(r"第\s*(?P<number>\d{1,2})\s*[页頁]")


@dataclass(frozen=True)
class PageMark:
    """The number of a page, counted from 1, and how many there are; `total` is 0 where only the number is printed."""

    number: int
    total: int = 0


def read_page_mark(text: str) -> PageMark | None:
    """Find the page number in a page's text; None when none is printed or two contradict each other."""
    plain = unicodedata.normalize("NFKC", text)
    if not _ANY.search(plain):
        return None
    rows = plain.replace("\t", " ").split("\n")
    printed = [match for row in rows for pattern in _WITH_TOTAL for match in pattern.finditer(row)]
    found = {PageMark(int(match["number"]), int(match["total"])) for match in printed}
    if not printed:
        found = {PageMark(int(match["number"])) for row in rows for match in _ALONE.finditer(row) if int(match["number"])}
    mark = found.pop() if len(found) == 1 else None
    return mark if mark and (1 <= mark.number <= mark.total or mark.total == 0) else None
