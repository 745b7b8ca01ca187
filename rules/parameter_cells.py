"""Reads the cells of a sheet as a rule file would write them: exact, with their unit, and never the result of a formula."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from rules.icd import CodeSet
from rules.keywords import Language, Place, written
from rules.parameters import read_value
from rules.phrases import Phrase, phrased
from rules.reading import Reading
from rules.source import DiagnosticError, Position, Source
from rules.strict_yaml import Node, Scalar, Sequence
from rules.types import SimpleType, Type, describe
from rules.unknown import Known

MAX_DIGITS = 15  # a spreadsheet keeps no more; what shows more was calculated in binary fractions
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_HERE = Position(1, 1)


@dataclass(frozen=True)
class Cell:
    """What one cell holds, and whether it is a formula, shown in percent, or an error of the spreadsheet such as #REF!."""

    value: str | int | float | bool | date | None
    is_formula: bool = False
    is_percent: bool = False
    is_error: bool = False


class CellError(Exception):
    """A cell that cannot be taken, and the way out."""

    def __init__(self, what: Phrase, way_out: Phrase) -> None:
        super().__init__(what)
        self.what, self.way_out = what, way_out


def cell_text(cell: Cell, language: Language) -> str:
    """Write a cell as a rule file would: 1万元, 60%, 2024-01-01, 是; "" when it is empty.

    Raises:
        CellError: a formula, an error, a time of day, or a number that was calculated in binary fractions.
    """
    if cell.is_formula:
        raise CellError(Phrase("a formula is no value"), Phrase("write the value itself (copy the cell, then paste as values)"))
    if cell.is_error:
        raise CellError(Phrase("the spreadsheet shows an error here"), Phrase("write the value itself"))
    value = cell.value
    if isinstance(value, bool):
        return written(Place.WORD, "true" if value else "false", language)
    if isinstance(value, (int, float)):
        return _number_text(value, is_percent=cell.is_percent)
    if isinstance(value, datetime):
        if value.time() != datetime.min.time():
            raise CellError(Phrase("a date with a time of day"), Phrase("write the day alone: 2024-01-01"))
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else (value or "").strip()


def _number_text(value: float, *, is_percent: bool) -> str:
    number = Decimal(repr(value))
    if not number.is_finite() or len(number.normalize().as_tuple().digits) > MAX_DIGITS:
        raise CellError(
            Phrase("{value} has more than {most} digits: it was calculated", value=repr(value), most=MAX_DIGITS),
            Phrase("write the exact value as text, such as 0.3"),
        )
    number = (number * 100 if is_percent else number).normalize()
    return f"{number:f}" + ("%" if is_percent else "")


def day_of(text: str) -> date:
    """Read a day, year first, as 2024-01-01 or as spreadsheets rewrite it: 2024/1/1.

    Raises:
        CellError: it is no day, or could be read in several ways.
    """
    match = _DAY.fullmatch(text)
    try:
        if match:
            return date(*(int(part) for part in match.groups()))
    except ValueError:
        pass
    raise CellError(Phrase("this is no date"), Phrase("write it as 2024-01-01"))


def value_node(text: str, type_: Type) -> Node:
    """Make the node of a rule file out of a cell: a list when it holds several codes, else a scalar.

    Raises:
        CellError: a date that cannot be read.
    """
    if type_ is SimpleType.CODES:
        plain = text.translate(str.maketrans("［］【】，、；;", "[][],,,,"))
        if "," in plain or plain.startswith("["):
            items = (item.strip() for item in plain.removeprefix("[").removesuffix("]").split(","))
            return Sequence(tuple(Scalar(item, _HERE) for item in items if item), _HERE)
    return Scalar(day_of(text).isoformat() if type_ is SimpleType.DATE else text, _HERE)


def read_cell(node: Node, type_: Type, unit: str, name: str, language: Language) -> Known:
    """Read a value as the book will, and insist on its unit.

    Raises:
        CellError: it is no value, or one of another type or unit.
    """
    try:
        value, found = read_value(Reading(Source.of(name, ""), language), node, name)
    except DiagnosticError as error:
        raise CellError(phrased(error.what), phrased(error.way_out)) from error
    if found != type_:
        raise CellError(
            Phrase("this is {found}, but {name} is {type}", found=describe(found), name=name, type=describe(type_)), _with_unit(unit)
        )
    if unit == "%" and isinstance(node, Scalar) and not node.text.endswith(("%", "％")):
        raise CellError(Phrase("{name} is written in %", name=name), Phrase("write the % with the number: 60%"))
    if isinstance(value, CodeSet) and not value.ranges:
        raise CellError(Phrase("a list without a code"), Phrase("write at least one code: [C00-C97, I21]"))
    return value


def _with_unit(unit: str) -> Phrase:
    example = {"元": "1万元", "天": "30天", "元/天": "100元/天", "%": "60%", "数": "3", "是否": "是", "日期": "2024-01-01", "月": "6个月"}
    return (
        Phrase("write it with its unit, such as {example}", example=example[unit])
        if unit in example
        else Phrase("write it as {unit}", unit=unit)
    )
