# ruff: noqa: D102 – what a method writes is promised by Spelling
"""Spells loops and line rules for one claim as Python loops."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rules.codegen.names import Item, Names
from rules.codegen.pieces import LeaveError, Piece
from rules.codegen.writer import Writer
from rules.compiler import MAX_VISITS
from rules.line_work import LineWork
from rules.typed import Loop
from rules.types import DAYS, MONEY, ListType, NumberType, RecordType, Type

_MARGIN = 8  # a trace visits the items more often than a program does
_VISITS_OF_A_LINE = 2
_LOOP_STARTS = {"some": "False", "every": "True", "filter": "[]"}
_LOOP_HITS = {"some": "{result} = True", "every": "{result} = False", "filter": "{result}.append({item})"}


@dataclass
class ScalarLoops(Writer):
    """Writes loops for one claim."""

    def is_whole(self, piece: Piece) -> bool:
        return piece.den == 1 and piece.is_whole

    def loop(self, tree: Loop, names: Names) -> Piece:
        subject, program = self.hold(self.expression(tree.subject, names)), self.program
        assert isinstance(tree.subject.type, ListType)  # noqa: S101 – the checker lets no other subject through
        result, item = program.fresh(), program.fresh()
        program.write(f"{result} = {_LOOP_STARTS[tree.kind]}")
        with self._visiting(item, subject, 1):
            inner = names.looping(tree.variable, self._item(item, tree.subject.type.item))
            condition = self.expression(tree.body, inner)
            program.write(f"if {'not ' if tree.kind == 'every' else ''}{condition.code}:")
            program.write(f"    {_LOOP_HITS[tree.kind].format(result=result, item=item)}")
        return Piece(result)

    def review(self, work: LineWork, names: Names) -> Piece:
        lines, program = self.expression(work.lines, names), self.program
        assert isinstance(work.lines.type, ListType)  # noqa: S101 – the checker lets no other list through
        total, item = program.fresh(), program.fresh()
        program.write(f"{total} = 0")
        with self._visiting(item, lines, _VISITS_OF_A_LINE):
            left = self.review_line(work, names.looping(work.variable, self._item(item, work.lines.type.item)))
            program.write(f"{total} += {left.code}")
        return Piece(total, is_natural=True, is_whole=True)

    def adjusted(self, condition: Piece | None, reduced: Callable[[], Piece], balance: Piece) -> Piece:
        if condition is None:
            return self.hold(reduced())
        program, after = self.program, self.program.fresh()
        program.write(f"{after} = {balance.code}")
        with program.block(f"if {condition.code}"):
            program.write(f"{after} = {reduced().code}")
        return Piece(after, is_natural=True, is_whole=True)

    @contextmanager
    def _visiting(self, item: str, items: Piece, visits: int) -> Iterator[None]:
        # The reference refuses to visit too many items; a claim that comes near is its own.
        program = self.program
        start = "    visits = 0"
        if program.lines[program.function + 1] != start:
            program.lines.insert(program.function + 1, start)
        program.write(f"visits += len({items.code}) * {visits}")
        program.write(f"if visits > {MAX_VISITS // _MARGIN}:")
        program.write(f"    raise {program.keep(LeaveError)}")
        with program.block(f"for {item} in {items.code}"):
            yield

    def _item(self, item: str, type_: Type) -> Item:
        if not isinstance(type_, RecordType):
            return Item(_given(item, type_))
        made = [(name, _given(self.program.fresh(), each)) for name, each in type_.fields]
        self.program.write(f"{', '.join(piece.code for _, piece in made)}, = {item}")
        return Item(Piece(item), dict(made))


def _given(code: str, type_: Type) -> Piece:
    """Name an item or a field that a claim brings: a number of zero or more, whole where it is money or days."""
    return Piece(code, is_natural=isinstance(type_, NumberType), is_whole=type_ in (MONEY, DAYS))
