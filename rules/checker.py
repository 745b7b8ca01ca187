"""Turns a syntax tree into a typed tree: looks up every name, checks every unit, and says the way out where it cannot."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from rules.icd import CodeSet
from rules.lexer import ExpressionError, glued_word
from rules.source import AlreadyReportedError, suggest
from rules.syntax import Binary, Call, Comparison, Conditional, Expression, Item, Literal, Membership, Name, Range, Unary
from rules.typed import Apply, Constant, Reference, RuleAnswer, Typed
from rules.types import DAYS, EnumType, NumberType, SimpleType, Type, describe

_BOOLEAN = SimpleType.BOOLEAN


@dataclass(frozen=True)
class Names:
    """What an expression may name; a rule's type is asked for when needed, so that rules may stand in any order."""

    elements: dict[str, Type]
    parameters: dict[str, Type]
    rule_type: Callable[[str], Type | None]
    rule_names: tuple[str, ...] = ()
    broken: frozenset[str] = frozenset()  # declared, but in error

    def find(self, name: str) -> Reference | RuleAnswer | None:
        """Look a name up."""
        if name in self.elements:
            return Reference(name, self.elements[name])
        if name in self.parameters:
            return Reference(name, self.parameters[name])
        type_ = self.rule_type(name)
        return None if type_ is None else RuleAnswer(name, type_)

    def known(self) -> list[str]:
        """List every name."""
        return [*self.elements, *self.parameters, *self.rule_names]


def check(tree: Expression, names: Names, expected: Type | None = None) -> Typed:
    """Type an expression; `expected` resolves a bare enum value and is then enforced.

    Raises:
        ExpressionError: an unknown name, or types that do not go together.
    """
    typed = _infer(tree, names, expected)
    if expected is not None and typed.type != expected:
        raise ExpressionError(tree.at, f"{describe(expected)} is needed here, but this is {describe(typed.type)}", "bring it to that type")
    return typed


def check_items(subject: Typed, items: tuple[Item, ...], names: Names, at: int) -> Typed:
    """Type a membership: true when one of the items holds for the subject."""
    codes: list[tuple[str, str]] = []
    tests: list[Typed] = []
    for item in items:
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


def _item(subject: Typed, item: Item, names: Names) -> Typed:
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
            return _call(tree, names)
        case Membership():
            return check_items(_infer(tree.subject, names, None), tree.items, names, tree.at)


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
    raise ExpressionError(tree.at, f"nothing is called {tree.text}", way_out)


def _unary(tree: Unary, names: Names) -> Typed:
    if tree.operator == "not":
        return Apply("not", (check(tree.operand, names, _BOOLEAN),), _BOOLEAN)
    operand = _infer(tree.operand, names, None)
    if not isinstance(operand.type, NumberType):
        raise ExpressionError(tree.at, f"{describe(operand.type)} has no negative", "negate a number")
    if isinstance(operand, Constant) and isinstance(operand.value, Fraction):
        return Constant(-operand.value, operand.type)
    return Apply("neg", (operand,), operand.type)


def _binary(tree: Binary, names: Names) -> Typed:
    if tree.operator in ("and", "or"):
        sides = (check(tree.left, names, _BOOLEAN), check(tree.right, names, _BOOLEAN))
        return Apply(tree.operator, sides, _BOOLEAN)
    if tree.operator in ("+", "-", "*", "/"):
        return _arithmetic(tree.operator, _infer(tree.left, names, None), _infer(tree.right, names, None), tree.at)
    return _comparison(tree, names)


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
    if left.type != right.type:
        what = f"{describe(left.type)} cannot be compared with {describe(right.type)}"
        raise ExpressionError(at, what, "compare like with like; a bare number needs its unit (1万元, 30天)")
    if left.type in (SimpleType.CODES, SimpleType.MONTHS):
        raise ExpressionError(
            at, f"{describe(left.type)} cannot be compared", "ask whether a code lies in a set (属于), or add months to a date"
        )
    if operator in ("=", "!="):
        return Apply(operator, (left, right), _BOOLEAN)
    if isinstance(left.type, EnumType) and left.type.ordered:
        return Apply(operator, (Apply("rank", (left,), NumberType()), Apply("rank", (right,), NumberType())), _BOOLEAN)
    if not isinstance(left.type, NumberType) and left.type is not SimpleType.DATE:
        raise ExpressionError(at, f"{describe(left.type)} has no order", "declare it as 序列, or compare with = and 属于")
    return Apply(operator, (left, right), _BOOLEAN)


def _arithmetic(operator: str, left: Typed, right: Typed, at: int) -> Typed:
    result = _result_type(operator, left.type, right.type)
    if result is None:
        what = f"{describe(left.type)} {operator} {describe(right.type)} makes no sense"
        raise ExpressionError(at, what, _arithmetic_way_out(operator, left.type, right.type))
    name = operator
    if left.type is SimpleType.DATE:
        name = {DAYS: "date{}days", SimpleType.MONTHS: "date{}months", SimpleType.DATE: "date{}date"}[right.type].format(operator)
    return Apply(name, (left, right), result)


def _result_type(operator: str, left: Type, right: Type) -> Type | None:
    if isinstance(left, NumberType) and isinstance(right, NumberType):
        if operator in ("+", "-"):
            return left if left == right else None
        sign = 1 if operator == "*" else -1
        return NumberType(left.yuan + sign * right.yuan, left.day + sign * right.day)
    if left is SimpleType.DATE and operator in ("+", "-") and right in (DAYS, SimpleType.MONTHS):
        return SimpleType.DATE
    return DAYS if left is right is SimpleType.DATE and operator == "-" else None


def _arithmetic_way_out(operator: str, left: Type, right: Type) -> str:
    numbers = isinstance(left, NumberType) and isinstance(right, NumberType)
    if numbers and operator in ("+", "-"):
        return "both sides need the same unit: 元 with 元, 天 with 天; 天 × 元/天 = 元"
    if SimpleType.DATE in (left, right):
        return "a date takes + or - 天 or 个月, and a date less a date is 天"
    return "calculate with numbers"


def _conditional(tree: Conditional, names: Names, hint: Type | None) -> Typed:
    condition = check(tree.condition, names, _BOOLEAN)
    then, otherwise = _infer(tree.then, names, hint), _infer(tree.otherwise, names, hint)
    if then.type != otherwise.type:
        what = f"the two branches differ: {describe(then.type)} and {describe(otherwise.type)}"
        raise ExpressionError(tree.otherwise.at, what, "let both branches answer the same type")
    return Apply("if", (condition, then, otherwise), then.type)


def _call(tree: Call, names: Names) -> Typed:
    arguments = [_infer(argument, names, None) for argument in tree.arguments]
    first = arguments[0].type
    if not isinstance(first, NumberType) and first is not SimpleType.DATE:
        raise ExpressionError(tree.at, f"{describe(first)} has no smallest and largest", "give numbers or dates")
    for argument, written in zip(arguments, tree.arguments, strict=True):
        if argument.type != first:
            what = f"the arguments differ: {describe(first)} and {describe(argument.type)}"
            raise ExpressionError(written.at, what, "give arguments of one type")
    return Apply(tree.function, tuple(arguments), first)
