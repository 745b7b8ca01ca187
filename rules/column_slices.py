"""Cuts columns into slices that stay in a processor's cache."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.codegen.column_functions import EPOCH, any_of_lines
from rules.codegen.column_inputs import bound_of
from rules.codegen.column_lines import Lines
from rules.column_claims import AnyColumn, Column, fields_of
from rules.icd import is_code
from rules.model import Element
from rules.types import EnumType, SimpleType, Type
from rules.unknown import NO_CODE
from rules.values import FIRST_DAY, LAST_DAY, MAX_LINES


def slice_of(element: Element, column: AnyColumn, part: slice, marks: NDArray[np.bool_]) -> Any:
    """Cut a slice of claims out of a column; rows with values that a program cannot count with are marked."""
    if isinstance(column, Column):
        return _slice_single(element.type, column, part, marks)
    counts = column.counts[part]
    lines = slice(int(column.ends[part.start]), int(column.ends[part.start + len(counts)]))
    bad = np.zeros(lines.stop - lines.start, np.bool_)
    for each in column.fields:
        if each.known is not None:
            bad |= ~each.known[lines]
    fields = tuple(_slice_single(each.type, told, lines, bad) for each, told in zip(fields_of(element), column.fields, strict=True))
    made = Lines(counts, fields)
    marks |= counts > MAX_LINES
    if bad.any():
        marks |= any_of_lines(bad, made)
    return made


def _slice_single(type_: Type, column: Column, part: slice, marks: NDArray[np.bool_]) -> Any:
    values = column.values[part]
    if type_ in (SimpleType.CODE, SimpleType.TEXT):
        no_codes = _no_codes(column.words) if type_ is SimpleType.CODE else None
        if no_codes is not None:
            marks |= no_codes[values]
        return values, column.words
    if type_ is SimpleType.BOOLEAN:
        return values
    least, most = 0, bound_of(type_, column.den)
    if isinstance(type_, EnumType):
        most = len(type_.values) - 1
    elif type_ is SimpleType.DATE:
        least, most = FIRST_DAY.toordinal() - EPOCH, LAST_DAY.toordinal() - EPOCH
    is_fine = column.ends[0] >= least and column.ends[1] <= most
    return values if is_fine else within(values, most, marks, least=least)


def within(values: NDArray[Any], most: int, marks: NDArray[np.bool_], least: int = 0) -> NDArray[Any]:
    """Mark the rows that lie outside of two ends, and calculate on with a harmless value in their place."""
    if not len(values) or (values.min() >= least and values.max() <= most):
        return values
    out = (values < least) | (values > most)
    marks |= out
    return np.where(out, max(least, 0), values)


@lru_cache(256)
def _no_codes(words: tuple[str, ...]) -> NDArray[np.bool_] | None:
    """Tell which words are no disease codes; None when all are."""
    found = np.fromiter((word != NO_CODE and not is_code(word) for word in words), np.bool_, len(words))
    return found if found.any() else None
