"""Types 属于/in: whether a value is one of several, lies in a range, keeps a comparison, or belongs to a set of disease codes."""

from collections.abc import Callable

from rules.icd import CodeSet
from rules.lexer import ExpressionError
from rules.operator_types import compare
from rules.phrases import Phrase
from rules.syntax import Comparison, Excluding, Expression, Item, ListOf, Literal, Range
from rules.typed import Apply, Constant, Typed
from rules.types import ListType, SimpleType, describe

_BOOLEAN = SimpleType.BOOLEAN
Infer = Callable[[Expression], Typed]  # types an expression that stands beside the subject: a bare name may be a value of its enum


def check_membership(subject: Typed, items: tuple[Item, ...], infer: Infer, at: int) -> Typed:
    """Type a membership: true when one of the items holds for the subject.

    Raises:
        ExpressionError: an item that cannot be compared with the subject.
    """
    codes: list[tuple[str, str]] = []
    tests: list[Typed] = []
    for item in _members(subject, items):
        if isinstance(item, Literal) and isinstance(item.value, CodeSet):
            codes += item.value.ranges
        elif isinstance(item, Literal) and item.type is SimpleType.CODE and item.value:
            codes.append((str(item.value), str(item.value)))
        else:
            tests.append(_item(subject, item, infer))
    if codes:
        _need_codes(subject, at)
        tests.insert(0, Apply("in codes", (subject, Constant(CodeSet(tuple(codes)), SimpleType.CODES)), _BOOLEAN))
    return tests[0] if len(tests) == 1 else Apply("or", tuple(tests), _BOOLEAN)


def _members(subject: Typed, items: tuple[Item, ...]) -> list[Item]:
    # [a, b] stands for its items, unless the subject is a list itself.
    if isinstance(subject.type, ListType):
        return list(items)
    return [member for item in items for member in (_members(subject, item.items) if isinstance(item, ListOf) else [item])]


def _item(subject: Typed, item: Item, infer: Infer) -> Typed:
    if isinstance(item, Excluding):
        return Apply("not", (check_membership(subject, item.items, infer, item.at),), _BOOLEAN)
    if isinstance(item, Comparison):
        return compare(item.operator, subject, infer(item.operand), item.at)
    if isinstance(item, Range):
        low, high = infer(item.low), infer(item.high)
        above = compare(">=" if item.with_low else ">", subject, low, item.at)
        below = compare("<=" if item.with_high else "<", subject, high, item.at)
        return Apply("and", (above, below), _BOOLEAN)
    typed = infer(item)
    if typed.type is SimpleType.CODES:
        _need_codes(subject, item.at)
        return Apply("in codes", (subject, typed), _BOOLEAN)
    if typed.type == ListType(subject.type):
        return Apply("list contains", (typed, subject), _BOOLEAN)
    return compare("=", subject, typed, item.at)


def _need_codes(subject: Typed, at: int) -> None:
    if subject.type is not SimpleType.CODE:
        what = Phrase("only an ICD10 code can lie in a code set, but this is {subject}", subject=describe(subject.type))
        raise ExpressionError(at, what, Phrase("compare an element of 类型: ICD10"))
