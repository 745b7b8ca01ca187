"""The queue as a file: everything that is asked for, not only the page, for Excel and WPS."""

import csv
import io
from collections.abc import Iterator

from flask import Blueprint, Response, request

from api.context import the_staff, the_system
from api.guard import needs
from api.permissions import Action
from api.workbench.language import say
from api.workbench.queue_asked import asked_of
from api.workbench.queue_rows import COLUMNS, rows_of
from storage.queue import list_claims

blueprint = Blueprint("queue_files", __name__)
_BATCH, _MOST = 1_000, 100_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@blueprint.get("/queue.csv")
@needs(Action.VIEW_QUEUE)
def as_csv() -> Response:
    """Give the rows as CSV, with the mark at its beginning by which Excel knows UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows(_lines())
    return _file(("\ufeff" + text.getvalue()).encode(), "text/csv; charset=utf-8", "csv")


@blueprint.get("/queue.xlsx")
@needs(Action.VIEW_QUEUE)
def as_xlsx() -> Response:
    """Give the rows as a workbook; amounts are numbers with two places."""
    from openpyxl import Workbook  # here, as it takes 0.4 s and no other page needs it

    book, stream = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet(say("待办"))
    for line in _lines():
        sheet.append(line)
    book.save(stream)
    return _file(stream.getvalue(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")


def _lines() -> Iterator[list[str | float]]:
    asked = asked_of(request.args)
    yield [say(COLUMNS[each]) for each in asked.columns]
    with the_system().database.read() as tx:
        now_ms = tx.now_ms()
        query = asked.query(now_ms, the_staff())
        for offset in range(0, _MOST, _BATCH):
            rows = rows_of(list_claims(tx, query, _BATCH, offset), now_ms)
            yield from ([_cell(row.cell(each)) for each in asked.columns] for row in rows)
            if len(rows) < _BATCH:
                return


def _cell(value: str | int | None) -> str | float:
    """Write a cell: fen as yuan; words that a spreadsheet would take for a formula stay words."""
    if value is None:
        return ""
    if isinstance(value, int):
        return value / 100
    return f"'{value}" if value.startswith(_FORMULA) else value


def _file(content: bytes, media_type: str, ending: str) -> Response:
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="queue.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response
