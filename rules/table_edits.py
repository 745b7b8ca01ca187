"""Small changes of a decision table that leave it complete: a boundary moves in all rows at once, an answer becomes another row's.

A change of one cell alone would open a gap or make an overlap. The proof of the table refuses such a book when it is
saved, so these changes are never made here.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from rules.phrases import Phrase
from rules.source import Position
from rules.tree_edits import FLIPS, is_amount, nodes_of, rewritten, tree_edits, value_edits
from rules.typed import Apply, Constant, Row, Table, Typed

TableEdit = tuple[str, Position, Table]


def table_edits(table: Table) -> Iterator[TableEdit]:
    """List every small change of a table, with what it changes and where."""
    for column in range(len(table.rows[0].conditions)):
        yield from _moved_boundaries(table, column)
    for index, row in enumerate(table.rows):
        for what, answer in _other_answers(table, index):
            yield Phrase("第{row}行 {what}", row=index + 1, what=what), row.at, _with_row(table, index, replace(row, answer=answer))


def _moved_boundaries(table: Table, column: int) -> Iterator[TableEdit]:
    cells = [row.conditions[column] for row in table.rows]
    ends: dict[Typed, Position] = {}
    for row, cell in zip(table.rows, cells, strict=True):
        for node in nodes_of(cell):
            if isinstance(node, Apply) and node.operator in ("<", "<=", ">", ">="):
                ends.setdefault(node.arguments[1], row.at)
    for end, at in ends.items():
        if isinstance(end, Constant) and is_amount(end.value, end.type):
            for what, other in value_edits(end.value, end.type):
                yield what, at, _in_column(table, column, _replacing(end, replace(end, value=other)))
        yield Phrase("边界值归上一行还是下一行"), at, _in_column(table, column, _flipping(end))


def _replacing(old: Typed, new: Typed) -> Callable[[Typed], Typed]:
    return lambda node: new if node == old else node


def _flipping(end: Typed) -> Callable[[Typed], Typed]:
    def change(node: Typed) -> Typed:
        is_end = isinstance(node, Apply) and node.operator in ("<", "<=", ">", ">=") and node.arguments[1] == end
        return replace(node, operator=FLIPS[node.operator]) if is_end and isinstance(node, Apply) else node

    return change


def _in_column(table: Table, column: int, change: Callable[[Typed], Typed]) -> Table:
    rows = []
    for row in table.rows:
        cells = (*row.conditions[:column], rewritten(row.conditions[column], change), *row.conditions[column + 1 :])
        rows.append(replace(row, conditions=cells))
    return Table(tuple(rows))


def _other_answers(table: Table, index: int) -> Iterator[tuple[str, Typed]]:
    answer = table.rows[index].answer
    yield from tree_edits(answer)
    others = [row.answer for row in (*table.rows[index + 1 :], *table.rows[:index]) if row.answer != answer]
    if others:
        yield Phrase("的答案 → 另一行的答案"), others[0]


def _with_row(table: Table, index: int, row: Row) -> Table:
    return Table((*table.rows[:index], row, *table.rows[index + 1 :]))
