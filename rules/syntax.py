"""The syntax tree of an expression as it is written: names not yet looked up, types not yet known.

`at` is the offset of the node in its text, in characters.
"""

from dataclasses import dataclass

from rules.types import Type
from rules.unknown import Known


@dataclass(frozen=True)
class Literal:
    """A value written out: 1万元, 30天, 60%, 2024-03-01, K35.8, 是."""

    value: Known
    type: Type
    at: int


@dataclass(frozen=True)
class Name:
    """A name of an element, a parameter, a rule or an enum value."""

    text: str
    at: int


@dataclass(frozen=True)
class Unary:
    """`-x` or `not x`."""

    operator: str
    operand: "Expression"
    at: int


@dataclass(frozen=True)
class Binary:
    """Arithmetic, a comparison, `and` or `or`."""

    operator: str
    left: "Expression"
    right: "Expression"
    at: int


@dataclass(frozen=True)
class Conditional:
    """`if c then a else b`."""

    condition: "Expression"
    then: "Expression"
    otherwise: "Expression"
    at: int


@dataclass(frozen=True)
class Call:
    """A built-in applied to arguments."""

    function: str
    arguments: "tuple[Expression, ...]"
    at: int


@dataclass(frozen=True)
class Range:
    """`[low..high]`; a round bracket, or one that faces away, leaves its end out."""

    low: "Expression"
    high: "Expression"
    with_low: bool
    with_high: bool
    at: int


@dataclass(frozen=True)
class Comparison:
    """A test without its subject: `>= 二级`."""

    operator: str
    operand: "Expression"
    at: int


@dataclass(frozen=True)
class Membership:
    """`subject in [item, item]`: true when one item holds."""

    subject: "Expression"
    items: "tuple[Item, ...]"
    at: int


Expression = Literal | Name | Unary | Binary | Conditional | Call | Membership
Item = Expression | Range | Comparison
