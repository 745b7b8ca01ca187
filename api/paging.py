"""Lists in pages: a page ends with the cursor of the next one, which stays right while rows are added before it."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import TypeVar

from pydantic import Field

from api.answers.base import Answer
from api.channels.fields import Payload
from domain.errors import InputError

_MOST = 200
_Item = TypeVar("_Item")


class PageQuery(Payload):
    """Which page of a list is wanted."""

    limit: int = Field(50, ge=1, le=_MOST, description="how many at most")
    cursor: str = Field("", max_length=256, description="`next` of the page before; nothing for the first page")


class Page(Answer):
    """What every page of a list has."""

    next: str | None = Field(None, description="the cursor of the next page; null on the last one")


def cursor_of(*place: str | int) -> str:
    """Write the place after which a page goes on."""
    return base64.urlsafe_b64encode(json.dumps(place, ensure_ascii=False).encode()).decode().rstrip("=")


def place_of(cursor: str, *form: type) -> tuple[str | int, ...] | None:
    """Read a cursor back; None for the first page.

    Raises:
        InputError: it was not made here for this list.
    """
    if not cursor:
        return None
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        place = None
    if not isinstance(place, list) or [type(each) for each in place] != list(form) or any(_is_strange(each) for each in place):
        raise InputError("this cursor was not made by this list", "send `next` of the page before, or none", field="cursor")
    return tuple(place)


def page_of(every: Sequence[_Item], query: PageQuery, name: Callable[[_Item], str]) -> tuple[tuple[_Item, ...], str | None]:
    """Cut a page out of a list that is there as a whole, and give the cursor of the next; names are unique in it.

    Raises:
        InputError: the cursor was not made by this list, or its place is gone.
    """
    place, names = place_of(query.cursor, str), [name(each) for each in every]
    if place and place[0] not in names:
        raise InputError("the place of this cursor is gone", "begin again without one", field="cursor")
    start = names.index(str(place[0])) + 1 if place else 0
    shown = tuple(every[start : start + query.limit])
    return shown, cursor_of(names[start + len(shown) - 1]) if start + len(shown) < len(every) else None


def _is_strange(part: str | int) -> bool:
    return not part.isprintable() if isinstance(part, str) else not 0 <= part < 2**63
