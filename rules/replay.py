"""Replay (重放): a stored decision worked out again from its book, its elements and the limits used before, and compared bit for bit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from typing import Any

from domain.assessment import AccumulatorKey, Assessment
from rules.coordination import coordinate
from rules.engine import adjudicate
from rules.model import Book
from rules.types import SimpleType
from rules.values import ElementValue

_COST, _PAID_BY_OTHERS = "合理医疗费用", "医保已付"


@dataclass(frozen=True)
class Snapshot:
    """What one policy's answer was made from: plan, elements as they are stored, limits used before."""

    policy_number: str
    plan: str
    book_hash: str
    elements: Mapping[str, Any]
    used: Mapping[AccumulatorKey, Fraction]


def replay(snapshots: Sequence[Snapshot], books: Mapping[str, Book]) -> tuple[Assessment, ...]:
    """Work a decision out again, its policies in their order; `books` are found by hash.

    Raises:
        MingbaiError: whatever `adjudicate` and `coordinate` raise.
    """
    alone = tuple(
        adjudicate(books[each.book_hash], each.plan, opened(books[each.book_hash], each.elements), each.used) for each in snapshots
    )
    if len(alone) == 1:
        return alone
    return coordinate(alone, _told(snapshots, _COST), _told(snapshots, _PAID_BY_OTHERS))


def _told(snapshots: Sequence[Snapshot], name: str) -> int:
    return next((each.elements[name] for each in snapshots if each.elements.get(name)), 0)


def opened(book: Book, stored: Mapping[str, Any]) -> dict[str, ElementValue]:
    """Bring stored elements into the form that the engine takes: days as dates, what nobody told left out."""
    return {name: _open(book, name, value) for name, value in stored.items() if value is not None and name in book.elements}


def _open(book: Book, name: str, value: Any) -> ElementValue:
    is_day = book.elements[name].type is SimpleType.DATE and isinstance(value, str)
    opened_: ElementValue = date.fromisoformat(value) if is_day else value
    return opened_


def differences(stored: object, again: object, where: str = "") -> list[str]:
    """List where two values differ, down to the single field; empty when they are equal in every bit."""
    if type(stored) is not type(again):
        return [f"{where}: {stored!r} → {again!r}"]
    if isinstance(stored, tuple) and isinstance(again, tuple):
        if len(stored) != len(again):
            return [f"{where}: {len(stored)} → {len(again)} entries"]
        return [each for index, pair in enumerate(zip(stored, again, strict=True)) for each in differences(*pair, f"{where}[{index}]")]
    if hasattr(stored, "__dataclass_fields__"):
        names = [field.name for field in fields(stored)]  # type: ignore[arg-type]  # a dataclass, as its fields show
        return [each for name in names for each in differences(getattr(stored, name), getattr(again, name), f"{where}.{name}".lstrip("."))]
    return [] if stored == again else [f"{where}: {stored!r} → {again!r}"]
