"""What the functions of a program for one claim take: elements and parameters."""

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from rules.codegen.names import Names
from rules.codegen.pieces import NotCoveredError, Piece, number
from rules.codegen.scalar import ScalarWriter
from rules.model import Parameter
from rules.unknown import Known, Months


@dataclass(frozen=True)
class Inputs:
    """The names that a responsibility takes as arguments: elements, and dated parameters."""

    names: dict[str, str]  # name of the book -> name in the program
    fixed: dict[str, Piece]  # parameters that never change
    denominators: dict[str, int]  # of dated parameters
    unpacked: tuple[str, ...]  # all elements of the book, where most of them are taken
    whole: frozenset[str]  # elements that are money or days

    @property
    def arguments(self) -> list[str]:
        """List what the function takes: the claim's values in one piece where most of them are used, else one by one."""
        if not self.unpacked:
            return list(self.names.values())
        return ["values", *(code for code in self.names.values() if code not in self.unpacked)]

    def outer(self) -> Names:
        """Give the scope in which a responsibility starts."""
        # A caller's numbers are zero or more; those of a dated parameter need not be.
        pieces = {
            name: Piece(
                code,
                self.denominators.get(name, 1),
                is_natural=name not in self.denominators,
                is_whole=name in self.denominators or name in self.whole,
            )
            for name, code in self.names.items()
        }
        return Names({**pieces, **self.fixed})


def dated_values(parameter: Parameter) -> tuple[tuple[object, ...], int]:
    """Bring the values of a dated parameter to whole numbers over one denominator.

    Raises:
        NotCoveredError: its dates do not ascend, or it has values that the generators do not know.
    """
    starts = [start for start, _ in parameter.values if start is not None]
    if starts != sorted(starts):
        raise NotCoveredError(f"the dates of {parameter.name}")
    values = [value for _, value in parameter.values]
    numbers = [value for value in values if isinstance(value, Fraction)]
    if len(numbers) < len(values):
        return tuple(values), 1
    den = lcm(*(value.denominator for value in numbers))
    return tuple(int(value * den) for value in numbers), den


def fixed_value(writer: ScalarWriter, parameter: Parameter) -> Piece:
    """Write a parameter that never changed."""
    value: Known = parameter.values[0][1]
    if isinstance(value, Months):
        return writer.constant(value, parameter.type)
    return number(value) if isinstance(value, Fraction) else writer.constant(value, parameter.type)
