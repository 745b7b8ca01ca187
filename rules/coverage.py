"""Proves a decision table complete: no case without a row, no case with two answers, no row that can never be hit.

Every column is cut at the values its cells name, and one sample is taken from each piece and from each
side of each cut; whole units (分, 天, days) make these samples speak for every value.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise, product
from math import prod

from rules.compiler import Scope, compile_tree
from rules.icd import CodeSet
from rules.phrases import Phrase
from rules.source import Position
from rules.typed import Apply, Constant, Reference, RuleAnswer, Table, Typed
from rules.types import DAYS, MONEY, EnumType, NumberType, SimpleType
from rules.unknown import NO_CODE, Known, Value

MAX_CASES = 20_000
Fault = tuple[Position, Phrase, Phrase]  # place, what, way out


def find_table_faults(table: Table, heads: tuple[Typed, ...], parameters: Mapping[str, Known]) -> list[Fault]:
    """List the faults of a table as place, what, way out, under given parameter values."""
    first = table.rows[0].at
    columns = [[_replace(row.conditions[index], head, index) for row in table.rows] for index, head in enumerate(heads)]
    samples = [_samples(head, column, parameters) for head, column in zip(heads, columns, strict=True)]
    if prod(len(each) for each in samples) > MAX_CASES:
        return [
            (
                first,
                Phrase("the table distinguishes more than {most} cases", most=MAX_CASES),
                Phrase("split it into rules that name one another"),
            )
        ]
    hits = [
        [{index for index, sample in enumerate(picked) if _holds(cell, column, sample, parameters)} for cell in cells]
        for column, (cells, picked) in enumerate(zip(columns, samples, strict=True))
    ]
    return _judge(table, heads, samples, hits)


def _judge(table: Table, heads: tuple[Typed, ...], samples: list[Sequence[Known]], hits: list[list[set[int]]]) -> list[Fault]:
    faults: list[Fault] = []
    reached: set[int] = set()
    reported: set[tuple[int, int]] = set()
    has_gap = False
    for case in product(*(range(len(each)) for each in samples)):
        rows = [row for row in range(len(table.rows)) if all(index in hits[column][row] for column, index in enumerate(case))]
        if not rows and not has_gap:
            has_gap = True
            what = Phrase("the table has a gap: no row covers {case}", case=_tell(heads, samples, case))
            faults.append((table.rows[-1].at, what, Phrase("add a row for it, or widen a cell to 任意")))
        reached.update(rows[:1])
        for row in rows[1:]:
            pair = (rows[0], row)
            if table.rows[row].answer != table.rows[rows[0]].answer and pair not in reported:
                reported.add(pair)
                what = Phrase(
                    "rows {first} and {second} overlap: both cover {case}, with different answers",
                    first=rows[0] + 1,
                    second=row + 1,
                    case=_tell(heads, samples, case),
                )
                faults.append((table.rows[row].at, what, Phrase("narrow one of the two rows")))
    for index, each in enumerate(table.rows):
        if index not in reached:
            what = Phrase("row {row} can never be hit: the rows above cover all it covers", row=index + 1)
            faults.append((each.at, what, Phrase("remove it, or narrow them")))
    return faults


def _tell(heads: tuple[Typed, ...], samples: list[Sequence[Known]], case: tuple[int, ...]) -> Phrase:
    return Phrase.joined(
        "，",
        (Phrase("{head} = {value}", head=_label(head), value=_show(samples[column][case[column]])) for column, head in enumerate(heads)),
    )


def _holds(cell: Typed, column: int, sample: Known, parameters: Mapping[str, Known]) -> bool:
    values: dict[str, Value] = {**parameters, _slot(column): sample}
    return compile_tree(cell)(Scope(values, {})) is True


def _slot(column: int) -> str:
    return f"#{column}"


def _replace(tree: Typed, head: Typed, column: int) -> Typed:
    if tree == head:
        return Reference(_slot(column), head.type)
    if isinstance(tree, Apply):
        return Apply(tree.operator, tuple(_replace(argument, head, column) for argument in tree.arguments), tree.type)
    return tree


def _samples(head: Typed, cells: list[Typed], parameters: Mapping[str, Known]) -> Sequence[Known]:
    if head.type is SimpleType.BOOLEAN:
        return [True, False]
    if isinstance(head.type, EnumType):
        return list(head.type.values)
    named = [value for cell in cells for value in _values_in(cell, parameters)]
    if head.type is SimpleType.CODE:
        return _code_samples(named)
    if head.type is SimpleType.DATE:
        days = {each for each in named if isinstance(each, date)} or {date(2024, 1, 1)}
        return sorted({day + timedelta(days=step) for day in days for step in (-1, 0, 1)})
    if isinstance(head.type, NumberType):
        return _number_samples(head, {each for each in named if isinstance(each, Fraction)})
    return [*{each for each in named if isinstance(each, str)}, Phrase("another text")]


def _number_samples(head: Typed, cuts: set[Fraction]) -> Sequence[Known]:
    points = sorted(cuts | {Fraction(0)})
    if head.type in (DAYS, MONEY):
        near = {point + step for point in points for step in (-1, 0, 1)}
    else:
        near = {*points, points[0] - 1, points[-1] + 1, *((low + high) / 2 for low, high in pairwise(points))}
    is_never_negative = isinstance(head, Reference)
    return sorted(each for each in near if each >= 0 or not is_never_negative)


def _code_samples(named: Iterable[Known]) -> list[Known]:
    ends = {end for each in named if isinstance(each, CodeSet) for limits in each.ranges for end in limits}
    ends |= {each for each in named if isinstance(each, str) and each}
    others = {f"{letter}{number}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for number in ("00", "50", "99")}
    return [NO_CODE, *sorted(ends | others)]


def _values_in(tree: Typed, parameters: Mapping[str, Known]) -> list[Known]:
    if isinstance(tree, Constant):
        return [tree.value]
    if isinstance(tree, Reference):
        return [parameters[tree.name]] if tree.name in parameters else []
    return [value for argument in tree.arguments for value in _values_in(argument, parameters)] if isinstance(tree, Apply) else []


def _label(head: Typed) -> str:
    if isinstance(head, Reference):
        return head.name
    return head.rule if isinstance(head, RuleAnswer) else Phrase("the column")


def _show(value: Known) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value if isinstance(value, str) else str(value)
