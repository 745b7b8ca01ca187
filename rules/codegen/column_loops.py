# ruff: noqa: D102 – what a method writes is promised by Spelling
"""Spells loops on columns: the items of all claims stand one behind the other, and are calculated all at once."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction

from rules.codegen.column_functions import any_of_lines, line_at, spread, total_of
from rules.codegen.column_numbers import ColumnNumbers
from rules.codegen.names import Item, Names
from rules.codegen.pieces import NotCoveredError, Piece, number
from rules.line_work import LineWork
from rules.typed import Apply, Constant, Loop, Typed
from rules.types import NumberType, RecordType, SimpleType, Type
from rules.values import MAX_LINES


@dataclass(frozen=True)
class Listed:
    """A list of every claim: the lines it is made of, which of them a filter kept, and a value for each."""

    lines: str  # the name of the Lines
    item: Item
    kept: Piece | None = None
    value: Piece | None = None  # of every line, where the list is one of values


@dataclass
class ColumnLoops(ColumnNumbers):
    """Writes loops and line rules; `lists` tells what the name of a list stands for."""

    lists: dict[str, Listed] = field(default_factory=dict)

    def add_list(self, code: str, type_: Type, fields: Sequence[tuple[str, Piece]]) -> Piece:
        """Name a list of the claim; a plain list has one field without a name."""
        pieces = dict(fields)
        single = None if isinstance(type_, RecordType) else pieces[""]
        self.lists[code] = Listed(code, Item(single or Piece(code), pieces), value=single)
        return Piece(code)

    def inside(self, piece: Piece, names: Names) -> Piece:
        if not names.items or piece.constant is not None:
            return piece
        if piece.over or piece.code in self.lists:
            raise NotCoveredError("a list, or a division, inside a loop over columns")
        (item,) = names.items.values()
        return replace(piece, code=self.program.held(f"{self.program.keep(spread)}({piece.code}, {item.where})"))

    def loop(self, tree: Loop, names: Names) -> Piece:
        listed = self._listed(tree.subject, names)
        with self._marking(listed):
            inner = names.looping(tree.variable, replace(listed.item, where=listed.lines))
            holds = self.hold(self.expression(tree.body, inner))
        if tree.kind == "filter":
            return self._keep(replace(listed, kept=holds if listed.kept is None else self.hold(self.all_of([listed.kept, holds]))))
        looked_for = holds if tree.kind == "some" else self.negated(holds)
        if listed.kept is not None:
            looked_for = self.all_of([listed.kept, looked_for])
        found = self.hold(Piece(f"{self.program.keep(any_of_lines)}({looked_for.code}, {listed.lines})"))
        return found if tree.kind == "some" else self.negated(found)

    def review(self, work: LineWork, names: Names) -> Piece:
        listed = self._listed(work.lines, names)
        with self._marking(listed):
            left = self.review_line(work, names.looping(work.variable, replace(listed.item, where=listed.lines)))
        return self._total(listed, left)

    def adjusted(self, condition: Piece | None, reduced: Callable[[], Piece], balance: Piece) -> Piece:
        if condition is None:
            return self.hold(reduced())
        with self.branch(condition, is_then=True):
            after = reduced()
        return self.hold(self.choose(condition, after, balance, NumberType()))

    def list_operation(self, tree: Apply, pieces: Sequence[Piece]) -> Piece:
        """Write an operation on a list.

        Raises:
            NotCoveredError: it is none of those that columns know.
        """
        listed = self.lists.get(pieces[0].code)
        if listed is None:
            raise NotCoveredError(f"the operation {tree.operator} on columns")
        match tree.operator, tree.arguments[1:]:
            case "fields", (Constant(value=str() as name),):
                return self._keep(replace(listed, value=listed.item.fields[name]))
            case "sum#1", () if listed.value is not None and isinstance(tree.type, NumberType):
                return self._total(listed, listed.value)
            case "count", ():
                if listed.kept is None:
                    return Piece(f"{listed.lines}.counts", bound=MAX_LINES, is_natural=True, is_wide=True)
                return self._total(replace(listed, kept=None), Piece(listed.kept.code, bound=1, is_natural=True))
            case "item", (Constant(value=Fraction() as place),) if listed.value is not None and listed.kept is None:
                if tree.type in (SimpleType.CODE, SimpleType.TEXT) or place.denominator != 1 or not place:
                    raise NotCoveredError("an item of a list of words")
                name, keep = self.program.fresh(), self.program.keep
                self.program.write(f"{name} = {keep(line_at)}({listed.value.code}, {listed.lines}, {int(place)})")
                self.mark(f"{listed.lines}.counts < {abs(int(place))}")
                return replace(listed.value, code=name)
        raise NotCoveredError(f"the operation {tree.operator} on columns")

    def _listed(self, subject: Typed, names: Names) -> Listed:
        if names.items:
            raise NotCoveredError("a loop inside a loop over columns")
        piece = self.expression(subject, names)
        if piece.code not in self.lists:
            raise NotCoveredError("a loop over a list that is no element")
        return self.lists[piece.code]

    def _keep(self, listed: Listed) -> Piece:
        name = self.program.fresh()
        self.lists[name] = listed
        return Piece(name)

    def _total(self, listed: Listed, values: Piece) -> Piece:
        with self._marking(listed):
            values = self.hold(self.within(values, MAX_LINES))
            if listed.kept is not None:
                values = self.hold(self.choose(listed.kept, values, number(0), NumberType()))
        if values.over:
            raise NotCoveredError("lines that are divided by an element")
        code = f"{self.program.keep(total_of)}({values.code}, {listed.lines})"
        return self.hold(Piece(code, values.den, values.bound * MAX_LINES, is_natural=values.is_natural, is_wide=True))

    @contextmanager
    def _marking(self, listed: Listed) -> Iterator[None]:
        # A line that cannot be calculated makes its claim one that is answered by itself.
        outer, taken, place = self.bad, self.under, len(self.program.lines)
        self.bad, self.under = self.program.fresh(), []
        self.program.write(f"{self.bad} = zeros(len({listed.lines}.owner), bool)")
        yield
        inner, (self.bad, self.under) = self.bad, (outer, taken)
        if any(f"{inner} |=" in line or f" {inner})" in line for line in self.program.lines[place + 1 :]):
            self.mark(f"{self.program.keep(any_of_lines)}({inner}, {listed.lines})")
        else:
            del self.program.lines[place]
