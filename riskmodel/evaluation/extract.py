"""A labelled extract: a CSV file as columns of text, whatever its encoding and its separator."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from domain.errors import InputError

_SEPARATORS = ",;\t|"
_MOST_TOLD = 40  # columns that an error lists


@dataclass(frozen=True)
class Extract:
    """The columns of a file in their order, each with as many texts as there are rows."""

    path: Path
    columns: dict[str, list[str]]

    @property
    def row_count(self) -> int:
        """How many rows there are below the header."""
        return len(next(iter(self.columns.values())))

    def column(self, name: str) -> list[str]:
        """Give a column.

        Raises:
            InputError: there is none of that name; the columns there are are named.
        """
        if name not in self.columns:
            close = get_close_matches(name.casefold(), {each.casefold(): each for each in self.columns}, n=1)
            nearest = next((each for each in self.columns if close and each.casefold() == close[0]), "")
            listed = ", ".join(list(self.columns)[:_MOST_TOLD]) + (" …" if len(self.columns) > _MOST_TOLD else "")
            hint = f"did you mean {nearest}? " if nearest else ""
            raise InputError(f"{self.path} has no column {name}", f"{hint}it has: {listed}", field=name)
        return self.columns[name]

    def at_rows(self, rows: Sequence[int]) -> "Extract":
        """Give the same extract with these rows alone."""
        return Extract(self.path, {name: [values[row] for row in rows] for name, values in self.columns.items()})


def read_extract(path: Path) -> Extract:
    """Read a CSV file: UTF-8, UTF-16 or GB18030; separated by commas, semicolons, tabs or bars; the first line names the columns.

    Raises:
        InputError: no file, no text, no rows, a column without a name or named twice, or a line with too many or too few values.
    """
    text = _decode(path)
    header = text.partition("\n")[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(_SEPARATORS, key=header.count), strict=True)
    ended = 0
    try:
        names = [name.strip() for name in next(lines, [])]
        _check_names(path, names)
        rows, ended = [], lines.line_num
        for line in lines:
            begun, ended = ended + 1, lines.line_num
            if not any(line):
                continue
            if len(line) != len(names):
                raise _uneven(path, begun, ended, len(line), len(names))
            rows.append(line)
    except csv.Error as error:
        told = f"{path}: the row that begins on line {ended + 1} is no CSV: {error}"
        raise InputError(told, "mend its quotation marks, or save it anew from the program it comes from") from error
    if not rows:
        raise InputError(f"{path} has a header and no rows", "export the claims with their labels")
    return Extract(path, {name: [value.strip() for value in values] for name, values in zip(names, zip(*rows, strict=True), strict=True)})


def _uneven(path: Path, begun: int, ended: int, values: int, columns: int) -> InputError:
    if begun == ended:
        return InputError(f"{path}:{begun} has {values} values for {columns} columns", "mend the line, or quote what holds a separator")
    told = f"{path}: the row that begins on line {begun} ends on line {ended} only, and has {values} values for {columns} columns"
    return InputError(told, "close the quotation mark that it opens")


def _decode(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", "give the path of a CSV file") from error
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InputError(f"{path} is no text in UTF-8 or GB18030", "save it as CSV, encoded in UTF-8")


def _check_names(path: Path, names: Sequence[str]) -> None:
    if not any(names):
        raise InputError(f"{path} is empty", "the first line names the columns")
    for position, name in enumerate(names):
        if not name:
            raise InputError(f"column {position + 1} of {path} has no name", "name it in the first line")
        if names.index(name) != position:
            raise InputError(f"{path} has two columns {name}", "name them apart", field=name)
