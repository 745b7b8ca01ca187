"""A book's parameters as a sheet (参数表): what is written out, and which changes come back; one wrong cell, and nothing is taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.errors import InputError
from rules.keywords import Language
from rules.parameter_cells import Cell, CellError, cell_text, day_of, read_cell, value_node
from rules.parameter_rows import Key, ParameterRow
from rules.phrases import Phrase
from rules.source import suggest
from rules.strict_yaml import Node

_TITLES: dict[Language, tuple[str, ...]] = {
    "zh": ("方案", "参数", "起始日", "单位", "值", "导出时的值", "基于"),
    "en": ("plan", "parameter", "from", "unit", "value", "value at export", "based on"),
}
PLAN, NAME, START, UNIT, VALUE, EXPORTED, BASED_ON = range(7)
Line = tuple[int, Sequence[Cell]]  # its number in the sheet, from 1, and its cells


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a sheet, and the way out."""

    row: int
    column: str
    value: str
    what: Phrase
    way_out: Phrase

    def __str__(self) -> str:
        return self.whole

    @property
    def whole(self) -> Phrase:
        """Write it on one line, with its place."""
        place = Phrase("row {row}, {column}", row=self.row, column=self.column) if self.row else Phrase("the sheet")
        return Phrase("{place}  {value}  {what}  |  {way_out}", place=place, value=self.value, what=self.what, way_out=self.way_out)


class SheetError(InputError):
    """A sheet that cannot be taken, with everything that is wrong in it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        listed = Phrase.joined("\n", (each.whole for each in faults))
        several = Phrase("nothing was written: {count} faults\n{listed}", count=len(faults), listed=listed)
        super().__init__(several if len(faults) != 1 else Phrase("nothing was written\n{listed}", listed=listed))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class ParameterChange:
    """A new value for one parameter: `node` as the book will hold it, `text` as the sheet has it."""

    row: ParameterRow
    text: str
    node: Node
    sheet_row: int


def titles(language: Language) -> tuple[str, ...]:
    """Give the titles of the columns."""
    return _TITLES[language]


def cells_of(row: ParameterRow) -> tuple[str | date | None, ...]:
    """Give a row as its cells, under the titles."""
    return row.plan, row.name, row.start, row.unit, row.value, row.value, row.inherited_from


def read_sheet(language: Language, rows: Sequence[ParameterRow], lines: Sequence[Line]) -> tuple[ParameterChange, ...]:
    """List the changes that a sheet asks for; `rows` is what the book holds now, `lines` the sheet with its titles.

    Raises:
        SheetError: something in it cannot be taken; every fault is named.
    """
    return _SheetReader(language, {row.key: row for row in rows}).read(lines)


class _SheetReader:
    def __init__(self, language: Language, rows: dict[Key, ParameterRow]) -> None:
        self.language, self.rows = language, rows
        self.titles = titles(language)
        self.faults: list[Fault] = []

    def read(self, lines: Sequence[Line]) -> tuple[ParameterChange, ...]:
        filled = [(number, cells) for number, cells in lines if any(cell.value not in (None, "") for cell in cells)]
        places = self._places(filled[0][1] if filled else ())
        seen: dict[Key, int] = {}
        changes: dict[Key, ParameterChange] = {}
        for number, cells in filled[1:]:
            line = _Line(self.titles, self.language, number, [cells[place] if place < len(cells) else Cell(None) for place in places])
            try:
                row = line.row(self.rows)
                if row.key in seen:
                    raise line.fault(
                        NAME, row.name, Phrase("stands twice, first in row {row}", row=seen[row.key]), Phrase("keep one of the two rows")
                    )
                seen[row.key] = number
                change = line.change(row)
            except SheetError as error:
                self.faults += error.faults
                continue
            if change is not None:
                changes[row.key] = change
        self._note_missing(seen)
        self._check_inherited(changes)
        if self.faults:
            raise SheetError(self.faults)
        return tuple(change for change in changes.values() if not change.row.inherited_from)

    def _places(self, cells: Sequence[Cell]) -> list[int]:
        found = [str(cell.value or "").strip() for cell in cells]
        missing = [title for title in self.titles if title not in found]
        if missing:
            what = Phrase("the first row has no {listed}", listed="、".join(missing))
            raise SheetError(
                [
                    Fault(
                        1,
                        Phrase("titles"),
                        "、".join(found),
                        what,
                        Phrase("keep the titles as exported: {listed}", listed="、".join(self.titles)),
                    )
                ]
            )
        return [found.index(title) for title in self.titles]

    def _note_missing(self, seen: dict[Key, int]) -> None:
        if any(each.column in self.titles[: START + 1] for each in self.faults):
            return  # a row whose names cannot be read is perhaps the one that seems to be missing
        for key, row in self.rows.items():
            if key not in seen:
                start = f" {row.start}" if row.start else ""
                what = Phrase("has no row: a parameter is not removed by deleting its row")
                self.faults.append(
                    Fault(0, "", f"{row.plan} {row.name}{start}", what, Phrase("put the row back; take a parameter out in the book"))
                )

    def _check_inherited(self, changes: dict[Key, ParameterChange]) -> None:
        for key, change in changes.items():
            row = change.row
            owner = changes.get((row.inherited_from, key[1], key[2]))
            if row.inherited_from and (owner is None or owner.node != change.node):
                what = Phrase("is inherited from {inherited_from}", inherited_from=row.inherited_from)
                way_out = Phrase(
                    "change it in the row of {inherited_from}, or write {name} into {plan} in the book first",
                    inherited_from=row.inherited_from,
                    name=row.name,
                    plan=row.plan,
                )
                self.faults.append(Fault(change.sheet_row, self.titles[VALUE], change.text, what, way_out))


class _Line:
    """One row of the sheet; what is wrong with it is raised as a fault."""

    def __init__(self, titles: Sequence[str], language: Language, number: int, cells: Sequence[Cell]) -> None:
        self.titles, self.language, self.number, self.cells = titles, language, number, cells

    def fault(self, column: int, value: str, what: Phrase, way_out: Phrase) -> SheetError:
        return SheetError([Fault(self.number, self.titles[column], value, what, way_out)])

    def text(self, column: int) -> str:
        """Read a cell."""
        try:
            return cell_text(self.cells[column], self.language)
        except CellError as error:
            raise self.fault(column, str(self.cells[column].value), error.what, error.way_out) from error

    def row(self, rows: dict[Key, ParameterRow]) -> ParameterRow:
        """Find which parameter the line is about."""
        plan, name, start = self.text(PLAN), self.text(NAME), self.text(START)
        plans = list(dict.fromkeys(key[0] for key in rows))
        if plan not in plans:
            raise self.fault(PLAN, plan, Phrase("there is no such plan in the book"), suggest(plan, plans, Phrase("plan")))
        names = list(dict.fromkeys(key[1] for key in rows if key[0] == plan))
        if name not in names:
            raise self.fault(NAME, name, Phrase("{plan} has no such parameter", plan=plan), suggest(name, names, Phrase("parameter")))
        try:
            day = day_of(start) if start else None
        except CellError as error:
            raise self.fault(START, start, error.what, error.way_out) from error
        if (plan, name, day) not in rows:
            told = Phrase.joined("、", (key[2] or Phrase("an empty cell") for key in rows if key[:2] == (plan, name)))
            raise self.fault(
                START,
                start,
                Phrase("{plan} {name} has no value from this day", plan=plan, name=name),
                Phrase("days are changed in the book; here it has {told}", told=told),
            )
        return rows[plan, name, day]

    def change(self, row: ParameterRow) -> ParameterChange | None:
        """Tell what the line changes; None when nothing."""
        unit, text, exported, based_on = (self.text(column) for column in (UNIT, VALUE, EXPORTED, BASED_ON))
        if unit != row.unit:
            raise self.fault(
                UNIT,
                unit,
                Phrase("the unit of {name} is {unit}", name=row.name, unit=row.unit),
                Phrase("leave this column as it was; units are changed in the book"),
            )
        if based_on != row.inherited_from:
            raise self.fault(
                BASED_ON,
                based_on,
                Phrase("the book has {inherited_from} here", inherited_from=row.inherited_from or Phrase("nothing")),
                Phrase("leave this column as it was"),
            )
        if text == exported == row.value:
            return None
        node = self._value(row, VALUE, text)
        if self._value(row, EXPORTED, exported) != self._value(row, EXPORTED, row.value):
            what = Phrase("the book has changed since the sheet was written: {name} is {value} by now", name=row.name, value=row.value)
            raise self.fault(EXPORTED, exported, what, Phrase("write a new sheet, and make your changes there"))
        return None if text in (exported, row.value) else ParameterChange(row, text, node, self.number)

    def _value(self, row: ParameterRow, column: int, text: str) -> Node:
        try:
            if not text:
                raise CellError(
                    Phrase("the cell is empty"), Phrase("write a value of {name}: it was {value}", name=row.name, value=row.value)
                )
            node = value_node(text, row.parameter.type)
            read_cell(node, row.parameter.type, row.unit, row.name, self.language)
        except CellError as error:
            raise self.fault(column, text, error.what, error.way_out) from error
        return node
