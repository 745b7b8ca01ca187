"""The syntax tree of an expression as it is written: names not yet looked up, types not yet known.

`at` is the offset of the node in its text, in characters.
"""

from dataclasses import dataclass, field

from rules.types import Type
from rules.unknown import Known

ITEM = "item"  # what a filter calls the item it stands at, in either language


@dataclass(frozen=True)
class Literal:
    """A value written out: 1万元, 30天, 60%, 2024-03-01, K35.8, 是."""

    value: Known
    type: Type
    at: int = field(compare=False)


@dataclass(frozen=True)
class Name:
    """A name of an element, a parameter, a rule or an enum value."""

    text: str
    at: int = field(compare=False)


@dataclass(frozen=True)
class Unary:
    """`-x` or `not x`."""

    operator: str
    operand: "Expression"
    at: int = field(compare=False)


@dataclass(frozen=True)
class Binary:
    """Arithmetic, a comparison, `and` or `or`."""

    operator: str
    left: "Expression"
    right: "Expression"
    at: int = field(compare=False)


@dataclass(frozen=True)
class Conditional:
    """`if c then a else b`."""

    condition: "Expression"
    then: "Expression"
    otherwise: "Expression"
    at: int = field(compare=False)


@dataclass(frozen=True)
class Call:
    """A built-in applied to arguments."""

    function: str
    arguments: "tuple[Item, ...]"  # a comparison among them is refused by the checker
    at: int = field(compare=False)


@dataclass(frozen=True)
class Range:
    """`[low..high]`; a round bracket, or one that faces away, leaves its end out."""

    low: "Expression"
    high: "Expression"
    with_low: bool
    with_high: bool
    at: int = field(compare=False)


@dataclass(frozen=True)
class Comparison:
    """A test without its subject: `>= 二级`."""

    operator: str
    operand: "Expression"
    at: int = field(compare=False)


@dataclass(frozen=True)
class Membership:
    """`subject in [item, item]`: true when one item holds."""

    subject: "Expression"
    items: "tuple[Item, ...]"
    at: int = field(compare=False)


@dataclass(frozen=True)
class Null:
    """`null`: nobody knows; only `rules eval` takes it, a book never writes it."""

    at: int = field(compare=False)


@dataclass(frozen=True)
class ListOf:
    """`[item, item]`; after `in` an item may also be a comparison."""

    items: "tuple[Item, ...]"
    at: int = field(compare=False)


@dataclass(frozen=True)
class Select:
    """`list[condition]` keeps the items that it holds for, `list[2]` takes one, counted from 1 or, when negative, from the end."""

    subject: "Expression"
    selector: "Expression"
    at: int = field(compare=False)


@dataclass(frozen=True)
class Property:
    """`subject.field`; `property` is the canonical name when the field is called as a property of dates or durations is."""

    subject: "Expression"
    name: str
    property: str
    at: int = field(compare=False)


@dataclass(frozen=True)
class Quantified:
    """`some x in list satisfies condition`, or `every`."""

    quantifier: str
    variable: str
    subject: "Expression"
    condition: "Expression"
    at: int = field(compare=False)


Expression = Literal | Name | Unary | Binary | Conditional | Call | Membership | Null | ListOf | Select | Property | Quantified | Range


@dataclass(frozen=True)
class Excluding:
    """`not (item, item)` in a cell of a decision table: none of them holds."""

    items: "tuple[Item, ...]"
    at: int = field(compare=False)


Item = Expression | Comparison | Excluding
