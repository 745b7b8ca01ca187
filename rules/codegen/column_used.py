# ruff: noqa: D102 – what a method writes is promised by AccountsWriter
"""Finds what is used of accounts by earlier claims, in columns."""

from dataclasses import dataclass, field

from rules.accounts import account_name
from rules.codegen.calculation import AccountsWriter
from rules.codegen.column import ColumnWriter
from rules.codegen.column_inputs import MAX_COLUMN_FEN
from rules.codegen.pieces import Piece, number
from rules.model import Step
from rules.types import NumberType


@dataclass
class ColumnAccounts(AccountsWriter):
    """Finds what is used of accounts in the columns given, and what responsibilities before used in this claim."""

    writer: ColumnWriter
    used: frozenset[str]  # the accounts with a column; of all others nothing is used
    responsibility: str = ""
    spent: dict[str, Piece] = field(default_factory=dict)

    def before(self, step: Step) -> Piece:
        name = account_name(self.responsibility, step)
        given = self._given(name, is_gap=step.kind == "interval")
        if step.kind == "interval":
            same_day = Piece(f"({given.code} == 0)")
            return self.writer.hold(self.writer.choose(same_day, number(1), number(0), NumberType()))
        earlier = self.spent.get(name)
        return given if earlier is None else self.writer.hold(self.writer.sum_of([given, earlier]))

    def is_far(self, step: Step, days: Piece) -> Piece:
        given = self._given(account_name(self.responsibility, step), is_gap=True)
        near = self.writer.compare("<", *self.writer.common([given, days]))
        return Piece(f"(({given.code} < 0) | logical_not({near.code}))")

    def _given(self, name: str, *, is_gap: bool) -> Piece:
        if name not in self.used:
            return number(-1) if is_gap else number(0)
        code = f"used[{self.writer.program.keep(name)}]"
        return self.writer.hold(Piece(code, bound=MAX_COLUMN_FEN, is_natural=not is_gap, is_wide=True))
