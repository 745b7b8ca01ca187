"""Columns of claims: one array for each element, a mask of what is known, and back again row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.codegen.column_functions import EPOCH, NARROW
from rules.keywords import Place, written
from rules.model import Book, Element
from rules.types import EnumType, ListType, NumberType, SimpleType
from rules.unknown import NO_CODE
from rules.values import ElementValue, PlainValue


@dataclass(frozen=True)
class Column:
    """The values of one element, a row a claim; nothing changes them afterwards.

    Amounts are whole fen, days whole days, pure numbers whole over `den`, dates days since 1970, words of an enum
    their places in its list, disease codes and texts places in `words`; 无 of a code is "". `known` is None when all are.
    """

    values: NDArray[Any]
    known: NDArray[np.bool_] | None = None
    words: tuple[str, ...] = ()
    den: int = 1

    @cached_property
    def ends(self) -> tuple[int, int]:
        """What all rows lie between; 0 where there is none."""
        values = self.values
        if not len(values):
            return 0, 0
        if values.dtype.kind == "i":
            # Read without their signs, negative numbers are the largest of all: one look tells that there is none.
            most = int(values.view(values.dtype.str.replace("i", "u")).max())
            if most <= np.iinfo(values.dtype).max:
                return 0, most
        return int(values.min()), int(values.max())


@dataclass(frozen=True)
class ListColumn:
    """The lists of one element, such as invoice lines: how many items each claim has, and all items one behind the other.

    `fields` has a column for each field of a line, or one for the items of a plain list.
    """

    counts: NDArray[np.int64]
    fields: tuple[Column, ...]
    known: NDArray[np.bool_] | None = None

    @cached_property
    def ends(self) -> NDArray[np.int64]:
        """Where each claim's items end, and before them where the first ones start."""
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(self.counts)])


AnyColumn = Column | ListColumn


def rows_of(column: AnyColumn) -> int:
    """Count the claims of a column."""
    return len(column.counts if isinstance(column, ListColumn) else column.values)


def columns_of(book: Book, claims: Sequence[Mapping[str, ElementValue]]) -> dict[str, AnyColumn]:
    """Put claims into columns; an element that no column can hold, such as a list of lists, is left out."""
    held = {name: element for name, element in book.elements.items() if is_held(element)}
    return {name: _any_column(book, element, [claim.get(name) for claim in claims]) for name, element in held.items()}


def is_held(element: Element) -> bool:
    """Tell whether a column can hold an element."""
    if isinstance(element.type, ListType):
        return all(is_held(each) for each in fields_of(element))
    plain = (SimpleType.BOOLEAN, SimpleType.DATE, SimpleType.CODE, SimpleType.TEXT)
    return isinstance(element.type, (NumberType, EnumType)) or element.type in plain


def fields_of(element: Element) -> tuple[Element, ...]:
    """List the fields of a list's items; the items of a plain list are one field without a name."""
    assert isinstance(element.type, ListType)  # noqa: S101 – the caller asks for lists alone
    return element.fields or (Element("", element.type.item, element.at),)


def _any_column(book: Book, element: Element, given: list[ElementValue]) -> AnyColumn:
    if not isinstance(element.type, ListType):
        return _column(book, element, given)
    lists: list[Sequence[Any]] = [value if isinstance(value, (list, tuple)) else () for value in given]
    items = [item for each in lists for item in each]
    told = [[item.get(each.name) for item in items] if each.name else items for each in fields_of(element)]
    known = np.array([value is not None for value in given], dtype=np.bool_)
    fields = tuple(_column(book, each, values) for each, values in zip(fields_of(element), told, strict=True))
    return ListColumn(np.array([len(each) for each in lists], np.int64), fields, None if known.all() else known)


def _column(book: Book, element: Element, given: list[ElementValue]) -> Column:
    if any(value is None for value in given) and element.default is not None:
        default = (
            element.default.numerator if isinstance(element.default, Fraction) and element.default.denominator == 1 else element.default
        )
        given = [default if value is None else value for value in given]  # type: ignore[misc]  # a default is such a value
    known = np.array([value is not None for value in given], dtype=np.bool_)
    mask = None if known.all() else known
    if element.type in (SimpleType.CODE, SimpleType.TEXT):
        none = written(Place.WORD, "none", book.language) if element.type is SimpleType.CODE else None
        texts = [NO_CODE if value is None or value == none else str(value) for value in given]
        words = tuple(dict.fromkeys(texts))
        places = {word: place for place, word in enumerate(words)}
        return Column(np.array([places[text] for text in texts], dtype=np.int32), mask, words)
    if element.type is SimpleType.BOOLEAN:
        return Column(np.array([bool(value) for value in given], dtype=np.bool_), mask)
    den = lcm(*(value.denominator for value in given if isinstance(value, Fraction)))
    whole = [_whole(element, value, den) for value in given]
    if isinstance(element.type, EnumType):
        return Column(np.array(whole, dtype=np.int8), mask, den=den)
    # Half as many bytes are twice as many claims in a processor's cache.
    is_small = all(-NARROW <= value <= NARROW for value in whole)
    return Column(np.array(whole, dtype=np.int32 if is_small else np.int64), mask, den=den)


def _whole(element: Element, value: ElementValue, den: int) -> int:
    if isinstance(element.type, EnumType):
        return element.type.values.index(str(value)) if value is not None else 0
    if isinstance(value, date):
        return value.toordinal() - EPOCH
    return int(value * den) if isinstance(value, (int, Fraction)) else 0


def claim_at(book: Book, columns: Mapping[str, AnyColumn], row: int) -> dict[str, ElementValue]:
    """Read one claim out of columns."""
    return {name: _any_value_at(book, book.elements[name], column, row) for name, column in columns.items()}


def _any_value_at(book: Book, element: Element, column: AnyColumn, row: int) -> ElementValue:
    if isinstance(column, Column):
        return _value_at(book, element, column, row)
    if column.known is not None and not column.known[row]:
        return None
    fields = list(zip(fields_of(element), column.fields, strict=True))
    places = range(column.ends[row], column.ends[row + 1])
    if not element.fields:
        return [_value_at(book, *fields[0], place) for place in places]
    return [{each.name: _value_at(book, each, values, place) for each, values in fields} for place in places]


def _value_at(book: Book, element: Element, column: Column, row: int) -> PlainValue:
    if column.known is not None and not column.known[row]:
        return None
    value: int = column.values[row].item()
    if isinstance(element.type, EnumType):
        return element.type.values[value]
    if element.type is SimpleType.DATE:
        return date.fromordinal(value + EPOCH)
    if column.words:
        word = column.words[value]
        return written(Place.WORD, "none", book.language) if element.type is SimpleType.CODE and word == NO_CODE else word
    return Fraction(value, column.den) if column.den != 1 else value
