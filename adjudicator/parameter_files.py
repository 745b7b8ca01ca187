"""Sheets on disk: a table of cells as .xlsx, for Excel and WPS, or as .csv; what a cell means is for `rules/parameter_cells.py`."""

import csv
import io
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.errors import InputError
from rules.parameter_cells import Cell
from rules.parameter_sheet import BASED_ON, VALUE, Line

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Row = Sequence[str | date | None]
MAX_BYTES, MAX_UNPACKED_BYTES, MAX_ROWS, MAX_COLUMNS = 4_000_000, 64_000_000, 20_000, 50
MAX_CELL = 32_767  # characters, of the format
_WIDTHS = (16, 20, 12, 10, 40, 40, 16)
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
_NO_SHEET = "write .xlsx or .csv"


def write_table(path: Path, title: str, rows: Sequence[Row]) -> None:
    """Write a table, its titles first.

    Raises:
        InputError: the file exists already, or is of another kind, or a cell is too long for it.
    """
    if path.exists():
        raise InputError(f"{path} is already there", "name another file, or remove it: somebody may have edited it")
    replace_file(path, table_bytes(path, title, rows))


def table_bytes(path: Path, title: str, rows: Sequence[Row]) -> bytes:
    """Write a table of the kind that a file's name tells; raises as `write_table` does."""
    written = {".xlsx": _xlsx_bytes, ".csv": _csv_bytes}.get(path.suffix.lower())
    if written is None:
        raise InputError(f"{path} is no sheet", _NO_SHEET)
    return written(title, rows)


def read_table(path: Path) -> list[Line]:
    """Read a table.

    Raises:
        InputError: it cannot be read, is too large, or is no sheet.
    """
    _reader_of(path)
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", "check the path and its permissions") from error
    return read_table_bytes(path, content)


def read_table_bytes(path: Path, content: bytes) -> list[Line]:
    """Read a table from the bytes of a file of this name; raises as `read_table` does."""
    read = _reader_of(path)
    if len(content) > MAX_BYTES:
        raise InputError(f"{path} has more than {MAX_BYTES} bytes", "remove what is not part of the table")
    return read(path, content)


def _reader_of(path: Path) -> Callable[[Path, bytes], list[Line]]:
    read: Callable[[Path, bytes], list[Line]] | None = {".xlsx": _read_xlsx, ".csv": _read_csv}.get(path.suffix.lower())
    if read is None:
        raise InputError(f"{path} is no sheet", f"{_NO_SHEET}; save an .xls or .et file as .xlsx first")
    return read


def replace_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; one that is there keeps its permissions."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    written = Path(stream.name)
    written.chmod(path.stat().st_mode if path.exists() else 0o644)
    written.replace(path)


def _csv_bytes(_: str, rows: Sequence[Row]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([_harmless(str("" if cell is None else cell)) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")  # without the mark, Excel takes Chinese for something else


def _harmless(text: str) -> str:
    # A text that begins like a formula would be one, for whoever opens the file: an apostrophe says that it is text.
    return f"'{text}" if text.startswith(_STARTS_FORMULA) else text


def _read_csv(path: Path, content: bytes) -> list[Line]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")  # what Excel in Chinese writes when it saves a CSV file
        except UnicodeDecodeError as error:
            raise InputError(f"{path} is no text", "save it as CSV UTF-8") from error
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise InputError(f"{path} is no CSV file: {error}", "write a new sheet, and make your changes there") from error
    if len(rows) > MAX_ROWS:
        raise InputError(f"{path} has more than {MAX_ROWS} rows", "remove what is not part of the table")
    return [(number, [_csv_cell(text) for text in row]) for number, row in enumerate(rows, 1)]


def _csv_cell(text: str) -> Cell:
    return Cell(text.removeprefix("'"), is_formula=text.lstrip().startswith("="))


def _xlsx_bytes(title: str, rows: Sequence[Row]) -> bytes:
    from openpyxl import Workbook  # here, as it takes 0.4 s and no other command needs it
    from openpyxl.styles import Font
    from openpyxl.utils.exceptions import IllegalCharacterError

    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            try:
                _fill(sheet.cell(number, column), value)
            except IllegalCharacterError as error:
                raise InputError(f"row {number}: {value!r} holds a character that no sheet can", "mend it in the book") from error
        if number > 1 and not row[BASED_ON]:
            _open_to_edits(sheet.cell(number, VALUE + 1))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDEFG", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    sheet.protection.enable()  # without a password: it guards against a slip, and whoever must can lift it
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(cell: Any, value: str | date | None) -> None:
    if isinstance(value, date):
        cell.value, cell.number_format = value, "yyyy-mm-dd"
        return
    if value is not None and len(value) > MAX_CELL:
        raise InputError(f"{value[:40]}… is too long for a cell", "write the sheet as .csv")
    cell.value = value
    if value is not None:
        cell.data_type, cell.number_format, cell.quotePrefix = "s", "@", True  # text stays text, whatever it begins with


def _open_to_edits(cell: Any) -> None:
    from openpyxl.styles import PatternFill, Protection

    cell.protection = Protection(locked=False)
    cell.fill = PatternFill("solid", start_color="FFF2CC")


def _read_xlsx(path: Path, content: bytes) -> list[Line]:
    from openpyxl import load_workbook  # here, as it takes 0.4 s and no other command needs it

    damaged = InputError(f"{path} is no .xlsx file, or a damaged or locked one", "save it anew as .xlsx, without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED_BYTES:
                raise InputError(f"{path} unpacks to more than {MAX_UNPACKED_BYTES} bytes", "remove what is not part of the table")
        book = load_workbook(io.BytesIO(content), data_only=False)
    except InputError:
        raise
    except Exception as error:  # openpyxl raises whatever the damage leads to
        raise damaged from error
    if not book.worksheets:
        raise damaged
    sheet = book.worksheets[0]
    if sheet.max_row > MAX_ROWS or sheet.max_column > MAX_COLUMNS:
        told = f"{path} has {sheet.max_row} rows and {sheet.max_column} columns"
        raise InputError(told, f"remove the empty ones below and beside the table: at most {MAX_ROWS} and {MAX_COLUMNS} are read")
    return list(_lines_of(sheet))


def _lines_of(sheet: "Worksheet") -> Iterator[Line]:
    for number, row in enumerate(sheet.iter_rows(), 1):
        yield (
            number,
            [
                Cell(
                    value=cell.value if isinstance(cell.value, (str, int, float, date, type(None))) else str(cell.value),
                    is_formula=cell.data_type == "f",
                    is_percent="%" in (cell.number_format or ""),
                    is_error=cell.data_type == "e",
                )
                for cell in row
            ],
        )
