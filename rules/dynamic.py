"""Types an expression whose names have no declared types: the same tree as a book's, with operations that look at values."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from rules.builtins import BUILTINS
from rules.dynamic_values import constant_value
from rules.icd import CodeSet
from rules.lexer import ExpressionError
from rules.phrases import Phrase
from rules.source import nearest, suggest
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
from rules.typed import Apply, Constant, Local, Loop, Reference, Typed
from rules.types import SimpleType
from rules.unknown import Known
from rules.unknown import Null as NullValue

_ANY, _TEXT = SimpleType.ANY, SimpleType.TEXT
NULL = "null"  # the name under which null stands among the values


@dataclass(frozen=True)
class OpenNames:
    """What an expression may name: what is given with it, and the items of the loops around."""

    given: frozenset[str]
    items: Mapping[str, Typed] = field(default_factory=dict)
    owner: Typed | None = None  # the item of the filter around, whose fields may be named
    loops: int = 0


def type_openly(tree: Expression, names: OpenNames) -> Typed:
    """Type an expression; nothing is refused but a name that does not exist and a call with too few or too many arguments.

    Raises:
        ExpressionError: one of the two.
    """
    match tree:
        case Literal():
            return _literal(tree, names)
        case Null():
            return Reference(NULL, _ANY)
        case Name():
            return _name(tree, names)
        case Unary():
            operand = type_openly(tree.operand, names)
            return _apply("not", _apply("dynamic truth", operand)) if tree.operator == "not" else _apply("dynamic neg", operand)
        case Binary():
            return _chain(tree, names)
        case Conditional():
            condition = _apply("dynamic truth", type_openly(tree.condition, names))
            return _apply("if", condition, type_openly(tree.then, names), type_openly(tree.otherwise, names))
        case Call():
            return _call(tree, names)
        case Membership():
            subject = type_openly(tree.subject, names)
            tests = [_test(subject, item, names) for item in tree.items]
            return tests[0] if len(tests) == 1 else _apply("or", *tests)
        case ListOf():
            return _apply("list", *(type_openly(_complete(item), names) for item in tree.items))
        case Range():
            ends = (Constant(tree.with_low, SimpleType.BOOLEAN), Constant(tree.with_high, SimpleType.BOOLEAN))
            return _apply("dynamic range", type_openly(tree.low, names), type_openly(tree.high, names), *ends)
        case Property():
            subject, property_ = type_openly(tree.subject, names), tree.property or tree.name
            operation = "dynamic property" if tree.property else "dynamic field"
            return _apply(operation, subject, Constant(property_, _TEXT))
        case Select():
            return _select(tree, names)
        case Quantified():
            return _quantified(tree, names)


def _apply(operator: str, *arguments: Typed) -> Apply:
    return Apply(operator, arguments, _ANY)


def _literal(tree: Literal, names: OpenNames) -> Typed:
    # A given name may have the shape of a disease code.
    if tree.type is SimpleType.CODE and tree.value in names.given:
        return Reference(str(tree.value), _ANY)
    value = constant_value(tree.value, tree.type)
    return Constant(value, tree.type)  # type: ignore[arg-type]  # a literal is never unknown


def _name(tree: Name, names: OpenNames) -> Typed:
    if tree.text in names.items:
        return names.items[tree.text]
    text = Constant(tree.text, _TEXT)
    if tree.text in names.given:
        reference = Reference(tree.text, _ANY)
        return reference if names.owner is None else _apply("dynamic own or", names.owner, text, reference)
    if names.owner is not None:
        return _apply("dynamic field", names.owner, text)
    known = [*names.items, *names.given]
    raise ExpressionError(
        tree.at, Phrase("nothing is called {name}", name=tree.text), suggest(tree.text, known, Phrase("name")), nearest(tree.text, known)
    )


def _chain(tree: Binary, names: OpenNames) -> Typed:
    # A chain of operators is a tree as deep as it is long: it is walked down here, not by recursion.
    chain: list[Binary] = []
    first: Expression = tree
    while isinstance(first, Binary):
        chain.append(first)
        first = first.left
    typed = type_openly(first, names)
    for link in reversed(chain):
        right = type_openly(link.right, names)
        if link.operator in ("and", "or"):
            typed = _apply(link.operator, _apply("dynamic truth", typed), _apply("dynamic truth", right))
        else:
            typed = _apply(f"dynamic {link.operator}", typed, right)
    return typed


def _call(tree: Call, names: OpenNames) -> Typed:
    builtin = BUILTINS[tree.function]
    if not any(signature.takes(len(tree.arguments)) for signature in builtin.signatures):
        what = Phrase("{builtin} does not take {count} arguments", builtin=builtin.name, count=len(tree.arguments))
        raise ExpressionError(tree.at, what, Phrase("write {expects}", expects=builtin.expects("en")))
    return _apply(f"dynamic call {builtin.name}", *(type_openly(_complete(item), names) for item in tree.arguments))


def _complete(item: Item) -> Expression:
    if isinstance(item, (Comparison, Excluding)):
        raise ExpressionError(item.at, Phrase("a comparison without its left side"), Phrase("write it after 属于/in, or complete it"))
    return item


def _test(subject: Typed, item: Item, names: OpenNames) -> Typed:
    if isinstance(item, Excluding):
        return _apply("not", _apply("or", *(_test(subject, each, names) for each in item.items)))
    if isinstance(item, Comparison):
        return _apply(f"dynamic {item.operator}", subject, type_openly(item.operand, names))
    codes = _codes(item, names)
    if codes:
        return _apply("dynamic in", subject, Constant(CodeSet(codes), SimpleType.CODES))
    if isinstance(item, ListOf) and any(isinstance(each, Comparison) for each in item.items):
        return _apply("or", *(_test(subject, each, names) for each in item.items))
    return _apply("dynamic in", subject, type_openly(item, names))


def _codes(item: Item, names: OpenNames) -> tuple[tuple[str, str], ...]:
    members = item.items if isinstance(item, ListOf) else (item,)
    found: list[tuple[str, str]] = []
    for each in members:
        if not isinstance(each, Literal) or each.value in names.given or each.value == "":
            return ()
        if each.type is SimpleType.CODE:
            found.append((str(each.value), str(each.value)))
        elif isinstance(each.value, CodeSet):
            found += each.value.ranges
        else:
            return ()
    return tuple(found)


def _select(tree: Select, names: OpenNames) -> Typed:
    subject = _apply("dynamic items", type_openly(tree.subject, names))
    if _is_place(tree.selector):
        return _apply("dynamic item", subject, type_openly(tree.selector, names))
    item = Local(f"{ITEM}@{names.loops}", _ANY)
    inside = replace(names, items={**names.items, ITEM: item}, owner=item, loops=names.loops + 1)
    return Loop("select", item.name, subject, type_openly(tree.selector, inside), _ANY)


def _is_place(selector: Expression) -> bool:
    # Any other selector tells by its answers whether it is a place or a condition.
    if isinstance(selector, Unary):
        return selector.operator == "-"
    return isinstance(selector, Literal) and not isinstance(selector.value, bool)


def _quantified(tree: Quantified, names: OpenNames) -> Typed:
    subject = _apply("dynamic items", type_openly(tree.subject, names))
    item = Local(f"{tree.variable}@{names.loops}", _ANY)
    inside = replace(names, items={**names.items, tree.variable: item}, loops=names.loops + 1)
    return Loop(tree.quantifier, item.name, subject, _apply("dynamic truth", type_openly(tree.condition, inside)), _ANY)


def values_with_null(values: Mapping[str, Known | NullValue]) -> dict[str, Known | NullValue]:
    """Add null to what an expression may look up."""
    return {**values, NULL: NullValue(frozenset({NULL}))}
