"""Turns a syntax tree into a typed tree: looks up every name, checks every unit, and says the way out where it cannot."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from rules.builtin_kinds import NOTHING
from rules.call_types import check_call
from rules.icd import CodeSet
from rules.lexer import ExpressionError, glued_word
from rules.overloads import (
    ClashError,
    check_comparable,
    properties_of,
    resolve_arithmetic,
    resolve_negation,
    resolve_property,
)
from rules.parser import ITEM
from rules.source import AlreadyReportedError, nearest, suggest
from rules.syntax import (
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
from rules.typed import Apply, Constant, Local, Loop, Reference, RuleAnswer, Typed
from rules.types import NUMBER, EnumType, ListType, RecordType, SimpleType, Type, describe

_BOOLEAN = SimpleType.BOOLEAN


@dataclass(frozen=True)
class Names:
    """What an expression may name; a rule's type is asked for when needed, so that rules may stand in any order."""

    elements: Mapping[str, Type]
    parameters: Mapping[str, Type]
    rule_type: Callable[[str], Type | None]
    rule_names: tuple[str, ...] = ()
    broken: frozenset[str] = frozenset()  # declared, but in error
    items: Mapping[str, Typed] = field(default_factory=dict)  # what a loop calls its item, and its fields
    loops: int = 0  # how many loops stand around

    def find(self, name: str) -> Typed | None:
        """Look a name up."""
        if name in self.items:
            return self.items[name]
        if name in self.elements:
            return Reference(name, self.elements[name])
        if name in self.parameters:
            return Reference(name, self.parameters[name])
        type_ = self.rule_type(name)
        return None if type_ is None else RuleAnswer(name, type_)

    def known(self) -> list[str]:
        """List every name."""
        return [*self.items, *self.elements, *self.parameters, *self.rule_names]

    def looping(self, items: Mapping[str, Typed]) -> "Names":
        """Add what a loop calls its item."""
        return replace(self, items={**self.items, **items}, loops=self.loops + 1)


def check(tree: Expression, names: Names, expected: Type | None = None) -> Typed:
    """Type an expression; `expected` resolves a bare enum value and is then enforced.

    Raises:
        ExpressionError: an unknown name, or types that do not go together.
    """
    typed = _infer(tree, names, expected)
    if expected is not None and typed.type != expected:
        raise _not_of_type(typed.type, expected, tree.at)
    return typed


def _not_of_type(found: Type, expected: Type, at: int) -> ExpressionError:
    return ExpressionError(at, f"{describe(expected)} is needed here, but this is {describe(found)}", "bring it to that type")


def check_items(subject: Typed, items: tuple[Item, ...], names: Names, at: int) -> Typed:
    """Type a membership: true when one of the items holds for the subject."""
    codes: list[tuple[str, str]] = []
    tests: list[Typed] = []
    for item in _members(subject, items):
        if isinstance(item, Literal) and isinstance(item.value, CodeSet):
            codes += item.value.ranges
        elif isinstance(item, Literal) and item.type is SimpleType.CODE and item.value:
            codes.append((str(item.value), str(item.value)))
        else:
            tests.append(_item(subject, item, names))
    if codes:
        _need_codes(subject, at)
        tests.insert(0, Apply("in codes", (subject, Constant(CodeSet(tuple(codes)), SimpleType.CODES)), _BOOLEAN))
    return tests[0] if len(tests) == 1 else Apply("or", tuple(tests), _BOOLEAN)


def _members(subject: Typed, items: tuple[Item, ...]) -> list[Item]:
    # [a, b] stands for its items, unless the subject is a list itself.
    if isinstance(subject.type, ListType):
        return list(items)
    return [member for item in items for member in (_members(subject, item.items) if isinstance(item, ListOf) else [item])]


def _item(subject: Typed, item: Item, names: Names) -> Typed:
    if isinstance(item, Excluding):
        return Apply("not", (check_items(subject, item.items, names, item.at),), _BOOLEAN)
    if isinstance(item, Comparison):
        return _compare(item.operator, subject, check_side(item.operand, names, subject.type), item.at)
    if isinstance(item, Range):
        low, high = (check_side(end, names, subject.type) for end in (item.low, item.high))
        above = _compare(">=" if item.with_low else ">", subject, low, item.at)
        below = _compare("<=" if item.with_high else "<", subject, high, item.at)
        return Apply("and", (above, below), _BOOLEAN)
    typed = check_side(item, names, subject.type)
    if typed.type is SimpleType.CODES:
        _need_codes(subject, item.at)
        return Apply("in codes", (subject, typed), _BOOLEAN)
    if typed.type == ListType(subject.type):
        return Apply("list contains", (typed, subject), _BOOLEAN)
    return _compare("=", subject, typed, item.at)


def _need_codes(subject: Typed, at: int) -> None:
    if subject.type is not SimpleType.CODE:
        what = f"only an ICD10 code can lie in a code set, but this is {describe(subject.type)}"
        raise ExpressionError(at, what, "compare an element of 类型: ICD10")


def check_side(tree: Expression, names: Names, other: Type) -> Typed:
    """Type one side of a comparison; a bare name may be a value of the other side's enum."""
    return _infer(tree, names, other)


def _infer(tree: Expression, names: Names, hint: Type | None) -> Typed:
    match tree:
        case Literal():
            return Constant(tree.value, tree.type)
        case Name():
            return _name(tree, names, hint)
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
            return _property(tree, names)
        case Quantified():
            return _quantified(tree, names)
        case Null():
            raise ExpressionError(tree.at, "a book holds no null", "leave an element out of what is given: it is unknown then")
        case Range():
            raise ExpressionError(tree.at, "a range stands alone", "ask whether a value lies in it: 属于/in")


def _name(tree: Name, names: Names, hint: Type | None) -> Typed:
    if isinstance(hint, EnumType) and tree.text in hint.values:
        return Constant(tree.text, hint)
    found = names.find(tree.text)
    if found is not None:
        return found
    if tree.text in names.broken:
        raise AlreadyReportedError
    if isinstance(hint, EnumType):
        raise ExpressionError(
            tree.at, f"{tree.text} is none of {describe(hint)}", suggest(tree.text, [*hint.values, *names.known()], "value")
        )
    glued = glued_word(tree.text)
    way_out = f"put spaces around {glued}" if glued else suggest(tree.text, names.known(), "name")
    raise ExpressionError(tree.at, f"nothing is called {tree.text}", way_out, nearest(tree.text, names.known()))


def _unary(tree: Unary, names: Names) -> Typed:
    if tree.operator == "not":
        return Apply("not", (check(tree.operand, names, _BOOLEAN),), _BOOLEAN)
    operand = _infer(tree.operand, names, None)
    try:
        overload = resolve_negation(operand.type)
    except ClashError as clash:
        raise ExpressionError(tree.at, clash.what, clash.way_out) from clash
    if isinstance(operand, Constant) and isinstance(operand.value, Fraction):
        return Constant(-operand.value, operand.type)
    return Apply(overload.operation, (operand,), overload.type)


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
        return _arithmetic(tree.operator, left, _infer(tree.right, names, None), tree.at)
    if left.type is not _BOOLEAN:
        raise _not_of_type(left.type, _BOOLEAN, tree.left.at)
    return Apply(tree.operator, (left, check(tree.right, names, _BOOLEAN)), _BOOLEAN)


def _comparison(tree: Binary, names: Names) -> Typed:
    # The side that is no bare name, or a known one, tells what a bare enum value on the other side means.
    if isinstance(tree.left, Name) and names.find(tree.left.text) is None:
        if isinstance(tree.right, Name) and names.find(tree.right.text) is None:
            _name(tree.left, names, None)
        right = _infer(tree.right, names, None)
        return _compare(tree.operator, check_side(tree.left, names, right.type), right, tree.at)
    left = _infer(tree.left, names, None)
    return _compare(tree.operator, left, check_side(tree.right, names, left.type), tree.at)


def _compare(operator: str, left: Typed, right: Typed, at: int) -> Typed:
    try:
        check_comparable(operator, left.type, right.type)
    except ClashError as clash:
        raise ExpressionError(at, clash.what, clash.way_out) from clash
    if operator in ("=", "!="):
        is_compound = isinstance(left.type, (ListType, RecordType))
        alike = Apply("same" if is_compound else operator, (left, right), _BOOLEAN)
        return Apply("not", (alike,), _BOOLEAN) if is_compound and operator == "!=" else alike
    if isinstance(left.type, EnumType):
        return Apply(operator, (Apply("rank", (left,), NUMBER), Apply("rank", (right,), NUMBER)), _BOOLEAN)
    return Apply(operator, (left, right), _BOOLEAN)


def _arithmetic(operator: str, left: Typed, right: Typed, at: int) -> Typed:
    try:
        overload = resolve_arithmetic(operator, left.type, right.type)
    except ClashError as clash:
        raise ExpressionError(at, clash.what, clash.way_out) from clash
    return Apply(overload.operation, (left, right), overload.type)


def _no_comparison(item: Item) -> Expression:
    if isinstance(item, (Comparison, Excluding)):
        raise ExpressionError(item.at, "a comparison without its left side", "write it after 属于/in, or complete it")
    return item


def _list(tree: ListOf, names: Names, hint: Type | None) -> Typed:
    wanted = hint.item if isinstance(hint, ListType) else None
    items = [_infer(_no_comparison(item), names, wanted) for item in tree.items]
    for item, written in zip(items[1:], tree.items[1:], strict=True):
        if item.type != items[0].type:
            what = f"the items differ: {describe(items[0].type)} and {describe(item.type)}"
            raise ExpressionError(written.at, what, "let a list hold one type")
    return Apply("list", tuple(items), ListType(items[0].type if items else NOTHING))


def _listed(tree: Expression, names: Names) -> tuple[Typed, Type]:
    typed = _infer(tree, names, None)
    if not isinstance(typed.type, ListType):
        raise ExpressionError(tree.at, f"a list is needed here, but this is {describe(typed.type)}", "name a list, or write [a, b]")
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


def _property(tree: Property, names: Names) -> Typed:
    subject = _infer(tree.subject, names, None)
    if isinstance(subject.type, RecordType):
        return Apply("field", (subject, Constant(tree.name, SimpleType.TEXT)), _field(tree, subject.type))
    if isinstance(subject.type, ListType) and isinstance(subject.type.item, RecordType):
        field_type = _field(tree, subject.type.item)
        return Apply("fields", (subject, Constant(tree.name, SimpleType.TEXT)), ListType(field_type))
    overload = resolve_property(subject.type, tree.property)
    if overload is None:
        raise ExpressionError(
            tree.at, f"{describe(subject.type)} has no {tree.name}", suggest(tree.name, properties_of(subject.type), "property")
        )
    return Apply(overload.operation, (subject,), overload.type)


def _field(tree: Property, record: RecordType) -> Type:
    type_ = record.field(tree.name)
    if type_ is None:
        known = [name for name, _ in record.fields]
        raise ExpressionError(tree.at, f"there is no field {tree.name}", suggest(tree.name, known, "field"), nearest(tree.name, known))
    return type_


def _quantified(tree: Quantified, names: Names) -> Typed:
    subject, item_type = _listed(tree.subject, names)
    if names.find(tree.variable) is not None:
        raise ExpressionError(tree.at, f"{tree.variable} is already a name", "call the item something else")
    variable = f"{tree.variable}@{names.loops}"
    condition = check(tree.condition, names.looping({tree.variable: Local(variable, item_type)}), _BOOLEAN)
    return Loop(tree.quantifier, variable, subject, condition, _BOOLEAN)


def _conditional(tree: Conditional, names: Names, hint: Type | None) -> Typed:
    condition = check(tree.condition, names, _BOOLEAN)
    then, otherwise = _infer(tree.then, names, hint), _infer(tree.otherwise, names, hint)
    if then.type != otherwise.type:
        what = f"the two branches differ: {describe(then.type)} and {describe(otherwise.type)}"
        raise ExpressionError(tree.otherwise.at, what, "let both branches answer the same type")
    return Apply("if", (condition, then, otherwise), then.type)
