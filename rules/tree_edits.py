"""Small changes of typed values and trees, one at a time: a number one more or less, a comparison that takes its boundary in or out.

What is changed is the checked tree and never text, so that every change is well typed.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from rules.figures import show
from rules.icd import CodeSet
from rules.phrases import Phrase
from rules.typed import Apply, Constant, Loop, Typed
from rules.types import DAYS, MONEY, EnumType, NumberType, Type
from rules.unknown import Known, Months

Edit = tuple[str, Typed]
YUAN, PERCENT = Fraction(100), Fraction(1, 100)
FLIPS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "!=", "!=": "="}
_JOINS = {"and": "or", "or": "and"}
_WORDS = {"and": "且", "or": "或", "=": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}


def value_edits(value: Known, type_: Type) -> Iterator[tuple[str, Known]]:
    """Change a value by the least that a contract would: 1 元, 1 天, one percentage point, one code, one grade."""
    for other in _others(value, type_):
        yield Phrase("{one} → {other}", one=show(value, type_), other=show(other, type_)), other


def _others(value: Known, type_: Type) -> Iterator[Known]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, Fraction) and isinstance(type_, NumberType):
        step = _step_of(value, type_)
        yield from (value + step, value - step) if value >= step else (value + step,)
    elif isinstance(value, date):
        yield from (value + timedelta(days=1), value - timedelta(days=1))
    elif isinstance(value, Months):
        yield from (Months(value.count + 1), Months(value.count - 1))
    elif isinstance(value, CodeSet):
        yield from _smaller_sets(value)
    elif isinstance(type_, EnumType) and value in type_.values:
        place = type_.values.index(str(value))
        yield from (type_.values[other] for other in (place - 1, place + 1) if 0 <= other < len(type_.values))


def _step_of(value: Fraction, type_: NumberType) -> Fraction:
    if type_.yuan:
        return YUAN
    is_count = type_ == DAYS or (value.denominator == 1 and value > 1)
    return Fraction(1) if is_count else PERCENT


def _smaller_sets(codes: CodeSet) -> Iterator[Known]:
    """Leave a single code out, or the first or the last code of a range."""
    for index, (low, high) in enumerate(codes.ranges):
        rest = codes.ranges[:index], codes.ranges[index + 1 :]
        if low == high:
            yield CodeSet((*rest[0], *rest[1]))
        for ends in ((_moved(low, 1), high), (low, _moved(high, -1))) if low != high else ():
            if all(ends):
                yield CodeSet((*rest[0], ends, *rest[1]))


def _moved(code: str, by: int) -> str:
    """Give the next or the last three-character code of the same letter; "" when there is none."""
    if len(code) != 3 or not code[1:].isdigit() or not 0 <= int(code[1:]) + by <= 99:
        return ""
    return f"{code[0]}{int(code[1:]) + by:02d}"


def tree_edits(tree: Typed) -> Iterator[Edit]:
    """List every small change of an expression, each with what it says before and after."""
    match tree:
        case Constant(value=value, type=type_):
            for what, other in value_edits(value, type_):
                yield what, replace(tree, value=other)
        case Apply(operator=operator, arguments=arguments):
            for what, arguments_ in _one_of(arguments):
                yield what, replace(tree, arguments=arguments_)
            turned = FLIPS.get(operator) or _JOINS.get(operator)
            if turned is not None:
                yield Phrase("{one} → {other}", one=_WORDS[operator], other=_WORDS[turned]), replace(tree, operator=turned)
            if operator == "not":
                yield Phrase("非 … → …"), arguments[0]
        case Loop(subject=subject, body=body):
            for what, changed in tree_edits(subject):
                yield what, replace(tree, subject=changed)
            for what, changed in tree_edits(body):
                yield what, replace(tree, body=changed)


def _one_of(trees: tuple[Typed, ...]) -> Iterator[tuple[str, tuple[Typed, ...]]]:
    for index, tree in enumerate(trees):
        for what, changed in tree_edits(tree):
            yield what, (*trees[:index], changed, *trees[index + 1 :])


def rewritten(tree: Typed, change: Callable[[Typed], Typed]) -> Typed:
    """Apply a change to every node of a tree, from the leaves up."""
    if isinstance(tree, Apply):
        tree = replace(tree, arguments=tuple(rewritten(each, change) for each in tree.arguments))
    elif isinstance(tree, Loop):
        tree = replace(tree, subject=rewritten(tree.subject, change), body=rewritten(tree.body, change))
    return change(tree)


def nodes_of(tree: Typed) -> Iterator[Typed]:
    """List a tree and all trees in it."""
    yield tree
    children = tree.arguments if isinstance(tree, Apply) else (tree.subject, tree.body) if isinstance(tree, Loop) else ()
    for child in children:
        yield from nodes_of(child)


def is_amount(value: Known, type_: Type) -> bool:
    """Tell whether a value is one whose change moves a boundary: a number, a date, a span."""
    is_number = isinstance(value, Fraction) and isinstance(type_, NumberType)
    return is_number or type_ in (MONEY, DAYS) or isinstance(value, (date, Months))
