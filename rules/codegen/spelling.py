"""What a back end has to spell: every operation that the walk through the typed tree asks for."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace

from rules.codegen.names import Names
from rules.codegen.pieces import Piece, Program
from rules.line_work import LineWork
from rules.model import Rule
from rules.typed import Apply, Loop
from rules.types import Type


@dataclass
class Spelling(ABC):
    """Spells operations into a program."""

    rules: Mapping[str, Rule]
    program: Program = field(default_factory=Program)

    def hold(self, piece: Piece) -> Piece:
        """Compute a piece here and now, so that it may be named several times."""
        if piece.is_atom or piece.constant is not None:
            return piece
        return replace(piece, code=self.program.held(piece.code))

    def branch(self, condition: Piece, *, is_then: bool) -> AbstractContextManager[None]:  # noqa: ARG002 – columns look at it
        """Write what is only looked at where a condition holds, or does not."""
        return nullcontext()

    def everywhere(self) -> AbstractContextManager[None]:
        """Write what may be looked at from anywhere."""
        return nullcontext()

    def inside(self, piece: Piece, names: Names) -> Piece:  # noqa: ARG002 – columns look at them
        """Bring what stands around a loop into it."""
        return piece

    @abstractmethod
    def is_whole(self, piece: Piece) -> bool:
        """Tell whether a number is surely whole."""

    @abstractmethod
    def loop(self, tree: Loop, names: Names) -> Piece:
        """Write a loop over a list; the rules that it asks are answered."""

    @abstractmethod
    def review(self, work: LineWork, names: Names) -> Piece:
        """Write what is allowed of all lines together; the rules that it asks are answered."""

    @abstractmethod
    def adjusted(self, condition: Piece | None, reduced: Callable[[], Piece], balance: Piece) -> Piece:
        """Write an item of a review: what is left where its condition holds, or always where it has none."""

    @abstractmethod
    def constant(self, value: object, type_: Type) -> Piece:
        """Write a known value that is no number."""

    @abstractmethod
    def within(self, piece: Piece, factor: int) -> Piece:
        """Make sure that `factor` times a number can still be counted."""

    @abstractmethod
    def choose(self, condition: Piece, then: Piece, otherwise: Piece, type_: Type) -> Piece:
        """Write a choice between two values of one type."""

    @abstractmethod
    def all_of(self, pieces: Sequence[Piece]) -> Piece:
        """Write an and; what follows a decisive answer may be left out."""

    @abstractmethod
    def any_of(self, pieces: Sequence[Piece]) -> Piece:
        """Write an or; what follows a decisive answer may be left out."""

    @abstractmethod
    def every_cell(self, pieces: Sequence[Piece]) -> Piece:
        """Write an and that looks at everything."""

    @abstractmethod
    def negated(self, piece: Piece) -> Piece:
        """Write a not."""

    @abstractmethod
    def compare(self, operator: str, left: Piece, right: Piece) -> Piece:
        """Write a comparison of numbers over one denominator, of dates, or of booleans."""

    @abstractmethod
    def same_word(self, left: Piece, right: Piece, types: Sequence[Type], *, is_same: bool) -> Piece:
        """Write whether two words, codes or texts are the same, or differ."""

    @abstractmethod
    def rank(self, piece: Piece, type_: Type) -> Piece:
        """Write a word's place in its list."""

    def running(self, total: Piece) -> Piece:
        """Keep the total of what was added so far."""
        return total

    def counted(self, pieces: Sequence[Piece], bound: int) -> list[Piece]:  # noqa: ARG002 – columns look at it
        """Make sure that a result of that size can be counted with these operands."""
        return list(pieces)

    @abstractmethod
    def extreme(self, pieces: Sequence[Piece], *, is_least: bool) -> Piece:
        """Write the smallest, or the largest, of numbers."""

    @abstractmethod
    def divided(self, left: Piece, right: Piece) -> Piece:
        """Write a division by what is not known beforehand."""

    @abstractmethod
    def operation(self, tree: Apply, pieces: Sequence[Piece]) -> Piece:
        """Write any other operation."""

    @abstractmethod
    def at_most_one(self, conditions: Sequence[Piece]) -> None:
        """Leave the program where two of several conditions hold."""

    @abstractmethod
    def one_hit(self, hits: Sequence[Piece], answers: Sequence[Piece], type_: Type, *, is_sure: bool) -> Piece:
        """Write the answer of the row that is hit; leave the program where none is, unless it is sure that one is."""

    @abstractmethod
    def rounded(self, piece: Piece, granularity: int, way: str) -> Piece:
        """Write a number rounded to a whole multiple."""
