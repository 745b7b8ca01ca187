"""Turns a syntax tree into a typed tree: looks up every name, checks every unit, and says the way out where it cannot."""

from rules.builtin_kinds import NOTHING
from rules.call_types import check_call
from rules.lexer import ExpressionError
from rules.memberships import check_membership
from rules.names import Names, resolve_name
from rules.operator_types import calculate, compare, negate, not_of_type, take_property
from rules.phrases import Phrase
from rules.syntax import (
    ITEM,
    Binary,
    Call,
    Comparison,
    Conditional,
    Excluding,
    Expression,
    Item,
    ListOf,
    Literal,
    Membership,
    Name,
    Null,
    Property,
    Quantified,
    Range,
    Select,
    Unary,
)
from rules.typed import Apply, Constant, Local, Loop, Typed
from rules.types import NUMBER, ListType, RecordType, SimpleType, Type, describe

_BOOLEAN = SimpleType.BOOLEAN


def check(tree: Expression, names: Names, expected: Type | None = None) -> Typed:
    """Type an expression; `expected` resolves a bare enum value and is then enforced.

    Raises:
        ExpressionError: an unknown name, or types that do not go together.
    """
    typed = _infer(tree, names, expected)
    if expected is not None and typed.type != expected:
        raise not_of_type(typed, expected, tree.at)
    return typed


def check_items(subject: Typed, items: tuple[Item, ...], names: Names, at: int) -> Typed:
    """Type a membership, as a cell of a decision table or 属于/in asks it: true when one of the items holds for the subject.

    Raises:
        ExpressionError: an unknown name, or an item that cannot be compared with the subject.
    """
    return check_membership(subject, items, lambda tree: _infer(tree, names, subject.type), at)


def _infer(tree: Expression, names: Names, hint: Type | None) -> Typed:
    match tree:
        case Literal():
            return Constant(tree.value, tree.type)
        case Name():
            return resolve_name(tree, names, hint)
        case Unary():
            return _unary(tree, names)
        case Binary():
            return _binary(tree, names)
        case Conditional():
            return _conditional(tree, names, hint)
        case Call():
            return check_call(tree, [_infer(_no_comparison(argument), names, None) for argument in tree.arguments])
        case Membership():
            return check_items(_infer(tree.subject, names, None), tree.items, names, tree.at)
        case ListOf():
            return _list(tree, names, hint)
        case Select():
            return _select(tree, names)
        case Property():
            return take_property(_infer(tree.subject, names, None), tree)
        case Quantified():
            return _quantified(tree, names)
        case Null():
            raise ExpressionError(
                tree.at, Phrase("a book holds no null"), Phrase("leave an element out of what is given: it is unknown then")
            )
        case Range():
            raise ExpressionError(tree.at, Phrase("a range stands alone"), Phrase("ask whether a value lies in it: 属于/in"))


def _unary(tree: Unary, names: Names) -> Typed:
    if tree.operator == "not":
        return Apply("not", (check(tree.operand, names, _BOOLEAN),), _BOOLEAN)
    return negate(_infer(tree.operand, names, None), tree.at)


def _binary(tree: Binary, names: Names) -> Typed:
    if tree.operator not in ("and", "or", "+", "-", "*", "/", "**"):
        return _comparison(tree, names)
    # A chain of operators is a tree as deep as it is long: it is walked down here, not by recursion.
    chain: list[Binary] = []
    first: Expression = tree
    while isinstance(first, Binary) and first.operator in ("and", "or", "+", "-", "*", "/", "**"):
        chain.append(first)
        first = first.left
    typed = check(first, names, _BOOLEAN) if chain[-1].operator in ("and", "or") else _infer(first, names, None)
    for link in reversed(chain):
        typed = _link(link, typed, names)
    return typed


def _link(tree: Binary, left: Typed, names: Names) -> Typed:
    if tree.operator not in ("and", "or"):
        return calculate(tree.operator, left, _infer(tree.right, names, None), tree.at)
    if left.type is not _BOOLEAN:
        raise not_of_type(left, _BOOLEAN, tree.left.at)
    return Apply(tree.operator, (left, check(tree.right, names, _BOOLEAN)), _BOOLEAN)


def _comparison(tree: Binary, names: Names) -> Typed:
    # The side that is no bare name, or a known one, tells what a bare enum value on the other side means.
    if isinstance(tree.left, Name) and names.find(tree.left.text) is None:
        if isinstance(tree.right, Name) and names.find(tree.right.text) is None:
            resolve_name(tree.left, names, None)
        right = _infer(tree.right, names, None)
        return compare(tree.operator, _infer(tree.left, names, right.type), right, tree.at)
    left = _infer(tree.left, names, None)
    return compare(tree.operator, left, _infer(tree.right, names, left.type), tree.at)


def _no_comparison(item: Item) -> Expression:
    if isinstance(item, (Comparison, Excluding)):
        raise ExpressionError(item.at, Phrase("a comparison without its left side"), Phrase("write it after 属于/in, or complete it"))
    return item


def _list(tree: ListOf, names: Names, hint: Type | None) -> Typed:
    wanted = hint.item if isinstance(hint, ListType) else None
    items = [_infer(_no_comparison(item), names, wanted) for item in tree.items]
    for item, written in zip(items[1:], tree.items[1:], strict=True):
        if item.type != items[0].type:
            what = Phrase("the items differ: {items} and {item}", items=describe(items[0].type), item=describe(item.type))
            raise ExpressionError(written.at, what, Phrase("let a list hold one type"))
    return Apply("list", tuple(items), ListType(items[0].type if items else NOTHING))


def _listed(tree: Expression, names: Names) -> tuple[Typed, Type]:
    typed = _infer(tree, names, None)
    if not isinstance(typed.type, ListType):
        raise ExpressionError(
            tree.at, Phrase("a list is needed here, but this is {type}", type=describe(typed.type)), Phrase("name a list, or write [a, b]")
        )
    return typed, typed.type.item


def _select(tree: Select, names: Names) -> Typed:
    subject, item_type = _listed(tree.subject, names)
    variable = f"{ITEM}@{names.loops}"
    item = Local(variable, item_type)
    fields = item_type.fields if isinstance(item_type, RecordType) else ()
    inside: dict[str, Typed] = {name: Apply("field", (item, Constant(name, SimpleType.TEXT)), type_) for name, type_ in fields}
    # A field that is called as something else is could mean both: it is asked for as 本项.field.
    inside = {name: typed for name, typed in inside.items() if names.find(name) is None}
    selector = _infer(tree.selector, names.looping({**inside, ITEM: item}), None)
    if selector.type is _BOOLEAN:
        return Loop("filter", variable, subject, selector, subject.type)
    place = check(tree.selector, names, NUMBER)
    return Apply("item", (subject, place), item_type)


def _quantified(tree: Quantified, names: Names) -> Typed:
    subject, item_type = _listed(tree.subject, names)
    if names.find(tree.variable) is not None:
        raise ExpressionError(
            tree.at, Phrase("{variable} is already a name", variable=tree.variable), Phrase("call the item something else")
        )
    variable = f"{tree.variable}@{names.loops}"
    condition = check(tree.condition, names.looping({tree.variable: Local(variable, item_type)}), _BOOLEAN)
    return Loop(tree.quantifier, variable, subject, condition, _BOOLEAN)


def _conditional(tree: Conditional, names: Names, hint: Type | None) -> Typed:
    condition = check(tree.condition, names, _BOOLEAN)
    then, otherwise = _infer(tree.then, names, hint), _infer(tree.otherwise, names, hint)
    if then.type != otherwise.type:
        what = Phrase("the two branches differ: {then} and {otherwise}", then=describe(then.type), otherwise=describe(otherwise.type))
        raise ExpressionError(tree.otherwise.at, what, Phrase("let both branches answer the same type"))
    return Apply("if", (condition, then, otherwise), then.type)
