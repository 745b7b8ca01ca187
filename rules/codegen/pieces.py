"""What a program under construction is made of: pieces of code that stand for values, and the program's lines."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction

from domain.errors import MingbaiError
from rules.unknown import Known


class NotCoveredError(Exception):
    """Something that a generator cannot write yet; the reference engine answers instead."""


class LeaveError(Exception):
    """Raised by a generated program on a claim that it cannot answer; the reference engine answers instead."""


LEFT = (LeaveError, MingbaiError, ArithmeticError, LookupError, ValueError)  # what a claim may meet in a program


@dataclass(frozen=True)
class Piece:
    """Code for a value; a number is `code` / `den`.

    Columns also know that its code lies within ±`bound`, and whether it surely counts in 64 bits (else in 32 or 64).
    """

    code: str
    den: int = 1
    bound: int = 0
    constant: Known | None = None
    is_natural: bool = False  # known to be zero or more
    is_wide: bool = False
    is_whole: bool = False  # its code is surely an `int`; one claim may bring fractions
    over: tuple[str, ...] = ()  # columns: what else it stands over, row by row; it then counts in whole numbers of any size

    @property
    def is_atom(self) -> bool:
        """Tell whether the code may stand anywhere without brackets and cost."""
        return self.code.isidentifier() or self.code.isdigit()


def number(value: Fraction | int) -> Piece:
    """Write an exact number."""
    exact = Fraction(value)
    top = exact.numerator
    return Piece(str(top) if top >= 0 else f"({top})", exact.denominator, abs(top), exact, top >= 0, is_whole=True)


@dataclass
class Program:
    """The lines written so far, and the objects that they name; names are made here and never taken from a book."""

    lines: list[str] = field(default_factory=list)
    objects: dict[str, object] = field(default_factory=dict)
    made: int = 0
    indent: int = 1
    function: int = 0  # the line that the present function starts with
    held_codes: dict[str, str] = field(default_factory=dict)

    def write(self, line: str) -> None:
        """Add a line at the present depth."""
        self.lines.append("    " * self.indent + line)

    def fresh(self) -> str:
        """Make a name that is not yet taken."""
        self.made += 1
        return f"t{self.made}"

    def define(self, head: str) -> None:
        """Start a function."""
        self.function = len(self.lines)
        self.lines.append(f"def {head}:")
        self.held_codes.clear()

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Write what stands under a head."""
        self.write(f"{head}:")
        self.indent += 1
        yield
        self.indent -= 1

    def held(self, code: str) -> str:
        """Compute something here, or name it where it was computed before: no name made here ever changes its value."""
        if code not in self.held_codes:
            name = self.fresh()
            self.write(f"{name} = {code}")
            if self.indent > 1:
                return name  # beyond this branch it is not known
            self.held_codes[code] = name
        return self.held_codes[code]

    def keep(self, value: object) -> str:
        """Give an object a name that the program can call it by."""
        for name, known in self.objects.items():
            if known is value or (type(known) is type(value) and isinstance(value, (str, int, tuple)) and known == value):
                return name
        name = f"k{len(self.objects)}"
        self.objects[name] = value
        return name
