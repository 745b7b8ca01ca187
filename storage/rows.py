"""Writes and reads rows in bulk past what SQLAlchemy does around each of them: a statement is compiled once for the columns it is given.

Events, errors and transactions are those of the connection, as ever.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Executable

_Prepare = Callable[[Sequence[Mapping[str, Any]]], Any]


def write_rows(connection: Connection, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    """Execute a statement for each of its rows, all of the same columns."""
    sql, prepare = _compiled(statement, tuple(rows[0]), connection.dialect)
    connection.exec_driver_sql(sql, prepare(rows))


def read_rows(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Read all rows of a statement as the driver gives them: a day is ISO text on SQLite and a `date` on PostgreSQL (`day_reader`)."""
    with connection.execute(statement, values) as result:
        cursor: Any = result.cursor
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def day_reader(connection: Connection) -> Callable[[Any], date]:
    """Give what makes a day of what `read_rows` read."""
    return date.fromisoformat if connection.dialect.name == "sqlite" else _same_day


def _same_day(day: date) -> date:
    return day


@lru_cache(maxsize=512)
def _compiled(statement: Any, columns: tuple[str, ...], dialect: Dialect) -> tuple[str, _Prepare]:
    """Give a statement's text, and what brings rows into the form that the driver takes."""
    compiled = statement.compile(dialect=dialect, column_keys=list(columns))
    named = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
    own = {name: bind.value for name, bind in compiled.binds.items() if name not in columns}  # what the statement brings itself
    processed = {name: process for name, process in named.items() if process}
    if not compiled.positiontup:
        return compiled.string, lambda rows: [_filled(own, row, processed) for row in rows]
    take = itemgetter(*compiled.positiontup)
    if not processed and not own:
        return compiled.string, lambda rows: [take(row) for row in rows]
    return compiled.string, lambda rows: [take(_filled(own, row, processed)) for row in rows]


def _filled(own: Mapping[str, Any], row: Mapping[str, Any], processed: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    filled = {**own, **row}
    for name, process in processed.items():
        filled[name] = process(filled[name])
    return filled
