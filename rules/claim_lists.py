"""Checks the lists of a claim, such as the lines of an invoice, field by field, and brings them into a program's form."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from operator import itemgetter
from typing import Any

from rules.codegen.scalar_lists import to_held
from rules.icd import is_code
from rules.model import Element
from rules.types import DAYS, EnumType, ListType, NumberType, RecordType, SimpleType, Type
from rules.unknown import NO_CODE, Known
from rules.values import FIRST_DAY, LAST_DAY, MAX_DAYS, MAX_FEN, MAX_LINES

_is_code = lru_cache(4096)(is_code)
Read = Callable[[object], list[Any] | None]


@dataclass(frozen=True)
class ListReader:
    """Reads one list; None where anything is missing, or is not plainly what it should be: it is then read value by value."""

    names: tuple[str, ...]
    types: tuple[Type, ...]
    defaults: tuple[object, ...]  # of fields that a line may leave out; None: it may not
    pick: Callable[[Any], tuple[Any, ...]]

    @classmethod
    def of(cls, element: Element) -> "ListReader":
        """Make the reader of an element."""
        assert isinstance(element.type, ListType)  # noqa: S101 – the caller asks for lists alone
        if not isinstance(element.type.item, RecordType):
            return cls((), (element.type.item,), (None,), tuple)
        names = tuple(each.name for each in element.fields)
        defaults = tuple(_default(each.type, each.default) for each in element.fields)
        pick = itemgetter(*names) if len(names) > 1 else lambda line: (line[names[0]],)
        return cls(names, tuple(each.type for each in element.fields), defaults, pick)

    def read(self, given: object) -> list[Any] | None:
        """Give the items, or the lines as tuples of their fields."""
        if type(given) is not list or len(given) > MAX_LINES:
            return None
        if not self.names:
            return given if not given or _fits(self.types[0], given) else None
        try:
            lines = list(map(self.pick, given))
            complete = sum(map(len, given)) == len(given) * len(self.names)
        except (KeyError, TypeError):
            return self._read_with_defaults(given)
        columns = list(zip(*lines, strict=True))
        return lines if complete and all(map(_fits, self.types, columns)) else None

    def _read_with_defaults(self, given: list[Any]) -> list[Any] | None:
        lines = []
        for line in given:
            if type(line) is not dict or not line.keys() <= set(self.names):
                return None
            lines.append(tuple(map(line.get, self.names, self.defaults)))
        return lines if all(map(_fits, self.types, zip(*lines, strict=True))) else None


def _default(type_: Type, default: Known | None) -> object:
    return None if default is None or default == NO_CODE else to_held(type_)(default)


def _fits(type_: Type, column: Sequence[Any]) -> bool:
    kinds = set(map(type, column))
    if isinstance(type_, NumberType):
        plain = kinds == {int} or (type_ == NumberType() and kinds <= {int, Fraction})
        return plain and min(column) >= 0 and max(column) <= (MAX_DAYS if type_ == DAYS else MAX_FEN)
    if isinstance(type_, EnumType):
        return kinds == {str} and set(column) <= set(type_.values)
    if type_ is SimpleType.DATE:
        return kinds == {date} and min(column) >= FIRST_DAY and max(column) <= LAST_DAY
    if type_ is SimpleType.CODE:
        return kinds == {str} and all(map(_is_code, column))
    return kinds == {bool if type_ is SimpleType.BOOLEAN else str}
