"""Decision tables (表): read, typed, and checked for gaps, overlaps and rows that can never be hit."""

from rules.checker import check_items
from rules.lexer import ExpressionError
from rules.names import Names
from rules.parser import parse_items
from rules.phrases import Phrase
from rules.reading import Reading
from rules.strict_yaml import Node, Scalar, Sequence
from rules.typed import Constant, Reference, Row, RuleAnswer, Table, Typed, parts_of
from rules.types import SimpleType, Type, describe

HEAD_KEYS = ("gives",)


def read_table(reading: Reading, node: Node, names: Names) -> tuple[Table, tuple[Typed, ...], Type]:
    """Read a table; answers it with the typed heads of its columns and the type of its answers."""
    rows = reading.sequence(node, "表").items
    if len(rows) < 2:
        raise reading.source.error(
            node.at, Phrase("a table needs a head and at least one row"), Phrase("write - [element, …, 得] and rows under it")
        )
    head = reading.sequence(rows[0], Phrase("the head of a table"))
    heads = _read_heads(reading, head, names)
    read = [_read_row(reading, row, heads, names) for row in rows[1:]]
    first = read[0].answer.type
    for row in read[1:]:
        if row.answer.type != first:
            what = Phrase("this row answers {answer}, the first {first}", answer=describe(row.answer.type), first=describe(first))
            raise reading.source.error(row.at, what, Phrase("let every row answer the same type"))
    return Table(tuple(read)), heads, first


def _read_heads(reading: Reading, head: Sequence, names: Names) -> tuple[Typed, ...]:
    cells = [reading.scalar(cell, Phrase("a column's head")) for cell in head.items]
    if len(cells) < 2:
        raise reading.source.error(
            head.at, Phrase("a table needs a column besides 得"), Phrase("write the elements it decides by, then 得")
        )
    reading.key(cells[-1], HEAD_KEYS, Phrase("the last column of a table"))
    return tuple(reading.expression(cell, names, Phrase("a column's head")) for cell in cells[:-1])


def _read_row(reading: Reading, node: Node, heads: tuple[Typed, ...], names: Names) -> Row:
    cells = reading.sequence(node, Phrase("a row")).items
    if len(cells) != len(heads) + 1:
        raise reading.source.error(
            node.at,
            Phrase("this row has {count} cells, the head has {count2}", count=len(cells), count2=len(heads) + 1),
            Phrase("write one cell a column"),
        )
    scalars = [reading.scalar(cell, Phrase("a cell")) for cell in cells]
    conditions = tuple(_read_cell(reading, cell, head, names) for cell, head in zip(scalars, heads, strict=False))
    answer = reading.expression(scalars[-1], names, "得")
    return Row(conditions, answer, tuple(cell.text for cell in scalars[:-1]), node.at)


def _read_cell(reading: Reading, cell: Scalar, head: Typed, names: Names) -> Typed:
    def work() -> Typed:
        items = parse_items(cell.text, reading.language)
        if items is None:
            return Constant(value=True, type=SimpleType.BOOLEAN)
        test = check_items(head, items, names, 0)
        foreign = sorted(_named_besides(test, head) - set(names.parameters))
        if foreign:
            raise ExpressionError(
                0, Phrase("a cell names {foreign}", foreign=foreign[0]), Phrase("give {foreign} a column of its own", foreign=foreign[0])
            )
        return test

    return reading.at(cell, work)


def _named_besides(tree: Typed, head: Typed) -> set[str]:
    # What a cell decides by besides its column: the proof that a table is complete knows the columns only.
    if tree == head:
        return set()
    if isinstance(tree, (Reference, RuleAnswer)):
        return {tree.name if isinstance(tree, Reference) else tree.rule}
    return {name for part in parts_of(tree) for name in _named_besides(part, head)}
