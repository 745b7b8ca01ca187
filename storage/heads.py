"""Keyed hashes and sums of files are found by their first sixteen characters: an index of these is a third of one of all 64.

Every claim is entered in a dozen such indexes, each time at another place. Once they are larger than a machine's memory, each
entry reads a page from the disk and writes one, so their size is what a claim costs beside millions of others (docs/operators.md).
A head is shared by chance once in 2⁴⁸ at the worst, under a later key: the whole value is compared with what it finds.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, literal_column

_LENGTH = 16
_LATER = 8  # after the kind that an entity's name begins with


def head_of(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Give what the index of a column of hashes holds; written out, not bound, so that the planners know their index again."""
    return func.substr(column, literal_column("1"), literal_column(str(_LENGTH)))


def is_among(column: ColumnElement[Any], values: Collection[str]) -> ColumnElement[bool]:
    """Give the condition that a column of hashes holds one of some values."""
    return and_(head_of(column).in_(sorted({each[:_LENGTH] for each in values})), _whole(column).in_(sorted(values)))


def among(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Give the same condition for a statement that is written once, and run with `asked(values)`."""
    return and_(head_of(column).in_(bindparam("heads", expanding=True)), _whole(column).in_(bindparam("values", expanding=True)))


def asked(values: Collection[str]) -> dict[str, list[str]]:
    """Give the parameters of `among`."""
    return {"heads": sorted({each[:_LENGTH] for each in values}), "values": sorted(values)}


def group_head(component: ColumnElement[Any]) -> ColumnElement[str]:
    """Give what the index of the entities of one group holds: sixteen characters of the group's name, behind its kind."""
    return func.substr(component, literal_column(str(_LATER + 1)), literal_column(str(_LENGTH)))


def is_group(component: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[bool]:
    """Give the condition that two entities are of one group."""
    return and_(group_head(component) == group_head(other), _whole(component) == other)


def _whole(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Give a column as no index knows it: SQLite would put the one value it may have into the head, too, and forget the head's index."""
    return column.concat(literal_column("''"))
