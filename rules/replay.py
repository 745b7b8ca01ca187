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
from rules.types import NumberType, SimpleType, Type
from rules.values import ElementValue, PlainValue


@dataclass(frozen=True)
class Snapshot:
    """What one policy's answer was made from: plan, book, elements as they are stored, limits used before.

    `shared_cost` is what the claim's payers were coordinated over: what was charged, and what others than our policies
    paid of it, in fen; None where nothing was shared.
    """

    policy_number: str
    plan: str
    book: Book  # the very one, on the very base
    elements: Mapping[str, Any]
    used: Mapping[AccumulatorKey, Fraction]
    shared_cost: tuple[int, int] | None = None


def replay(snapshots: Sequence[Snapshot]) -> tuple[Assessment, ...]:
    """Work a decision out again, its policies in their order.

    Raises:
        MingbaiError: whatever `adjudicate` and `coordinate` raise.
    """
    alone = tuple(adjudicate(each.book, each.plan, opened(each.book, each.elements), each.used) for each in snapshots)
    shared = snapshots[0].shared_cost if snapshots else None
    return alone if shared is None else coordinate(alone, *shared)


def opened(book: Book, stored: Mapping[str, Any]) -> dict[str, ElementValue]:
    """Bring stored elements into the form that the engine takes: days as dates, what nobody told left out."""
    return {name: _open(book, name, value) for name, value in stored.items() if value is not None and name in book.elements}


def _open(book: Book, name: str, value: Any) -> ElementValue:
    element = book.elements[name]
    if not element.fields:
        return _open_one(element.type, value)
    types = {each.name: each.type for each in element.fields}
    return [{field: _open_one(types[field], told) for field, told in line.items()} for line in value]


def _open_one(type_: Type, value: Any) -> PlainValue:
    if isinstance(value, str) and type_ is SimpleType.DATE:
        return date.fromisoformat(value)
    plain: PlainValue = Fraction(value) if isinstance(value, str) and isinstance(type_, NumberType) else value
    return plain


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
