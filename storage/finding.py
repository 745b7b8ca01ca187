"""Finds rows past most of what SQLAlchemy does around a statement: one is compiled once for what it is given.

What SQLAlchemy does costs several times what SQLite does with a look-up by a key, and more where a list is looked up. So what is
asked for every claim goes to the driver itself, in the words that SQLAlchemy has written for it once. Transactions and errors are those
of the connection, as ever; who listens to its statements does not hear these (tests/torture/faults.py listens here).
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import starmap
from typing import Any, TypeAlias

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError

_Process: TypeAlias = Callable[[Any], Any]
FoundRow: TypeAlias = Any  # a tuple with the columns by their names, and with `_mapping`, as a row of SQLAlchemy


def find_rows(connection: Connection, statement: Any, values: Mapping[str, Any]) -> list[FoundRow]:
    """Execute a statement that finds rows, and give all of them; a list stands for a parameter that is expanded (`IN`).

    Raises:
        DBAPIError: of the kind that SQLAlchemy raises; a connection that is lost is given up.
    """
    sizes = tuple((name, _next_size(len(value))) for name, value in values.items() if isinstance(value, (list, tuple)))
    sql, fill, build = _finding(statement, sizes, connection.dialect)
    given = fill(values)
    if not connection.in_transaction():
        connection.begin()
    line = connection.connection
    try:
        cursor = line.cursor()
        try:
            cursor.execute(sql, given)
            return build(cursor.fetchall(), cursor.description)
        finally:
            cursor.close()
    except connection.dialect.loaded_dbapi.Error as error:
        is_lost = connection.dialect.is_disconnect(error, line, None)
        if is_lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            sql, None, error, connection.dialect.loaded_dbapi.Error, connection_invalidated=is_lost, dialect=connection.dialect
        ) from error


def _next_size(count: int) -> int:
    """Give the next power of two: lists are filled up with their last value, so that a statement has few forms, which drivers keep."""
    return 1 << max(0, count - 1).bit_length()


@lru_cache(maxsize=1024)
def _finding(
    statement: Any, sizes: tuple[tuple[str, int], ...], dialect: Dialect
) -> tuple[str, Callable[[Mapping[str, Any]], dict[str, Any]], Callable[[Sequence[Any], Sequence[Any]], list[FoundRow]]]:
    """Give a statement's text, what brings its parameters into the driver's form, and what makes rows of what is fetched."""
    named = _named(dialect)
    compiled = statement.compile(dialect=named)
    nothing: dict[str, Any] = {name: None for name, bind in compiled.binds.items() if bind.required}
    expanded = compiled.construct_expanded_state(nothing | {name: [None] * size for name, size in sizes})
    process_of = {name: bind.type.dialect_impl(named).bind_processor(named) for name, bind in compiled.binds.items()}
    lists = expanded.parameter_expansion
    told_as = {key: name for name, keys in lists.items() for key in keys}
    own = dict(expanded.parameters)
    for key, value in own.items():
        process = process_of[told_as.get(key, key)]
        own[key] = process(value) if process and value is not None else value

    def fill(values: Mapping[str, Any]) -> dict[str, Any]:
        if missing := nothing.keys() - values.keys():
            raise TypeError(f"the statement also wants {', '.join(sorted(missing))}")
        filled = own.copy()
        for name, value in values.items():
            process = process_of[name]
            if name in lists:
                given = [process(each) for each in value] if process else value
                last = given[-1] if given else None
                for place, key in enumerate(lists[name]):
                    filled[key] = given[place] if place < len(given) else last
            else:
                filled[name] = process(value) if process else value
        return filled

    columns = list(statement.selected_columns)
    row_of = _row_class(tuple(each.name for each in columns))
    known: list[Sequence[tuple[int, _Process]]] = []

    def build(fetched: Sequence[Any], described: Sequence[Any]) -> list[FoundRow]:
        if not known:  # what the driver gives is known by its own codes of types, from the first time on
            types = [each.type.dialect_impl(named) for each in columns]
            processors = [each.result_processor(named, told[1]) for each, told in zip(types, described, strict=True)]
            known.append([(place, process) for place, process in enumerate(processors) if process])
        used = known[0]
        if not used:
            return list(starmap(row_of, fetched))
        return [row_of(*_processed(list(each), used)) for each in fetched]

    return expanded.statement, fill, build


def _processed(row: list[Any], used: Sequence[tuple[int, _Process]]) -> Iterator[Any]:
    for place, process in used:
        row[place] = process(row[place])
    return iter(row)


@cache
def _named(dialect: Dialect) -> Dialect:
    """Give a dialect like this one whose parameters go by their names: a text is the same in whatever order it names them."""
    if dialect.paramstyle != "qmark":
        return dialect
    other: Dialect = type(dialect)(paramstyle="named")  # type: ignore[call-arg]  # as every dialect does
    return other


@cache
def _row_class(names: tuple[str, ...]) -> Any:
    class Row(namedtuple("Row", names)):  # type: ignore[misc]  # its fields are told at run time
        __slots__ = ()

        @property
        def _mapping(self) -> dict[str, Any]:
            return dict(zip(names, self, strict=True))

    return Row
