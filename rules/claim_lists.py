"""Checks the lists of a claim, such as the lines of an invoice, field by field, and brings them into a program's form."""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from rules.codegen.scalar_lists import to_held
from rules.icd import is_code
from rules.model import Element
from rules.types import DAYS, EnumType, ListType, NumberType, RecordType, SimpleType, Type
from rules.unknown import NO_CODE, Known
from rules.values import FIRST_DAY, LAST_DAY, MAX_DAYS, MAX_FEN, MAX_LINES

_is_code = lru_cache(4096)(is_code)
Check = Callable[[Sequence[Any]], bool]


@dataclass(frozen=True)
class ListReader:
    """Reads one list; None where anything is missing, or is not plainly what it should be: it is then read value by value."""

    names: tuple[str, ...]
    checks: tuple[Check, ...]  # of each field, over all lines; a TypeError means no
    defaults: tuple[object, ...]  # of fields that a line may leave out; None: it may not
    pick: Callable[[Any], tuple[Any, ...]]

    @classmethod
    def of(cls, element: Element) -> "ListReader":
        """Make the reader of an element."""
        assert isinstance(element.type, ListType)  # noqa: S101 – the caller asks for lists alone
        if not isinstance(element.type.item, RecordType):
            return cls((), (_check_of(element.type.item),), (None,), tuple)
        names = tuple(each.name for each in element.fields)
        defaults = tuple(_default(each.type, each.default) for each in element.fields)
        pick = operator.itemgetter(*names) if len(names) > 1 else lambda line: (line[names[0]],)
        return cls(names, tuple(_check_of(each.type) for each in element.fields), defaults, pick)

    def read(self, given: object) -> list[Any] | None:
        """Give the items, or the lines as tuples of their fields."""
        if type(given) is not list or len(given) > MAX_LINES:
            return None
        try:
            if not self.names:
                return given if not given or self.checks[0](given) else None
            try:
                lines = list(map(self.pick, given))
            except KeyError:
                return self._read_with_defaults(given)
            # A line with a field more would have to be refused: somebody may have misspelt one.
            complete = sum(map(len, given)) == len(given) * len(self.names)
            return lines if complete and self._all_fit(lines) else None
        except TypeError:  # a line that is no mapping, or a value that cannot be compared with the others
            return None

    def _read_with_defaults(self, given: list[Any]) -> list[Any] | None:
        lines = []
        for line in given:
            if type(line) is not dict or not line.keys() <= set(self.names):
                return None
            lines.append(tuple(map(line.get, self.names, self.defaults)))
        return lines if self._all_fit(lines) else None

    def _all_fit(self, lines: list[tuple[Any, ...]]) -> bool:
        return all(map(operator.call, self.checks, zip(*lines, strict=True)))


def _default(type_: Type, default: Known | None) -> object:
    return None if default is None or default == NO_CODE else to_held(type_)(default)


def _check_of(type_: Type) -> Check:
    """Make the check of all values of one field; what depends on the type alone is settled here, once."""
    if isinstance(type_, NumberType):
        kinds = frozenset({int, Fraction}) if type_ == NumberType() else frozenset({int})
        most = MAX_DAYS if type_ == DAYS else MAX_FEN
        return lambda column: kinds.issuperset(map(type, column)) and min(column) >= 0 and max(column) <= most
    if isinstance(type_, EnumType):
        return frozenset(type_.values).issuperset
    if type_ is SimpleType.DATE:
        return lambda column: {*map(type, column)} == {date} and min(column) >= FIRST_DAY and max(column) <= LAST_DAY
    if type_ is SimpleType.CODE:
        return lambda column: {*map(type, column)} == {str} and all(map(_is_code, column))
    only = {bool if type_ is SimpleType.BOOLEAN else str}
    return lambda column: {*map(type, column)} == only
