"""The queue as a file: everything that is asked for, not only the page, for Excel and WPS; it is sent while it is read."""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from tempfile import TemporaryFile

from flask import Blueprint, Response, request, send_file, stream_with_context

from api.context import the_staff, the_system
from api.guard import needs
from api.permissions import Action
from api.workbench.language import say
from api.workbench.queue_asked import asked_of
from api.workbench.queue_rows import COLUMNS, rows_of
from storage.queue import list_claims

blueprint = Blueprint("queue_files", __name__)
_BATCH = 500
_MOST_OF_A_SHEET = 1_048_576  # rows that Excel opens
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/queue.csv")
@needs(Action.VIEW_QUEUE)
def as_csv() -> Response:
    """Give the rows as CSV, with the mark at its beginning by which Excel knows UTF-8."""
    response = Response(stream_with_context(_written(_lines())), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="queue.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/queue.xlsx")
@needs(Action.VIEW_QUEUE)
def as_xlsx() -> Response:
    """Give the rows as a workbook; amounts are numbers with two places."""
    from openpyxl import Workbook  # here, as it takes 0.4 s and no other page needs it

    book, file = Workbook(write_only=True), TemporaryFile()  # noqa: SIM115 - it is open until it was sent
    sheet = book.create_sheet(say("待办"))
    for line in islice(_lines(), _MOST_OF_A_SHEET):
        sheet.append(line)
    book.save(file)
    file.seek(0)
    response = send_file(file, _EXCEL, as_attachment=True, download_name="queue.xlsx")
    response.headers["Cache-Control"] = "no-store"
    return response


def _written(lines: Iterator[list[str | float]]) -> Iterator[bytes]:
    """Write lines as CSV, some hundred at a time."""
    mark = "\ufeff"
    while batch := list(islice(lines, _BATCH)):
        text = io.StringIO()
        csv.writer(text).writerows(batch)
        yield (mark + text.getvalue()).encode()
        mark = ""


def _lines() -> Iterator[list[str | float]]:
    """Give the head and the rows, each as of one moment; the next ones are those behind the last."""
    asked, staff, place = asked_of(request.args), the_staff(), None
    yield [say(COLUMNS[each]) for each in asked.columns]
    with the_system().database.read() as tx:
        now_ms = tx.now_ms()
        query = asked.query(now_ms, staff)
        while found := list_claims(tx, query, _BATCH, behind=place):
            yield from ([_cell(row.cell(each)) for each in asked.columns] for row in rows_of(found, now_ms))
            place = found[-1].place


def _cell(value: str | int | None) -> str | float:
    """Write a cell: fen as yuan; words that a spreadsheet would take for a formula stay words."""
    if value is None:
        return ""
    if isinstance(value, int):
        return value / 100
    return f"'{value}" if value.startswith(_FORMULA) else value
