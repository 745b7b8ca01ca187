"""Types operators on operands that are typed already: comparisons, arithmetic, signs, properties of a value."""

from fractions import Fraction

from rules.lexer import ExpressionError
from rules.overloads import ClashError, check_comparable, properties_of, resolve_arithmetic, resolve_negation, resolve_property
from rules.phrases import Phrase
from rules.source import nearest, suggest
from rules.syntax import Property
from rules.typed import Apply, Constant, Reference, RuleAnswer, Typed
from rules.types import NUMBER, EnumType, ListType, RecordType, SimpleType, Type, describe

_BOOLEAN = SimpleType.BOOLEAN


def _naming(way_out: Phrase, *operands: Typed) -> Phrase:
    """Add to a way out what each name is: the mistake may be where it is declared."""
    names = [
        (each.name if isinstance(each, Reference) else each.rule, each.type)
        for each in operands
        if isinstance(each, Reference | RuleAnswer)
    ]
    known = [Phrase("{name} is {type}", name=name, type=describe(type_)) for name, type_ in names]
    return Phrase("{way_out}; here {known}", way_out=way_out, known=Phrase.joined(", ", known)) if known else way_out


def not_of_type(found: Typed, expected: Type, at: int) -> ExpressionError:
    """Make the error that something is of another type than its place needs."""
    way_out = _naming(Phrase("bring it to that type"), found)
    return ExpressionError(
        at,
        Phrase("{expected} is needed here, but this is {found}", expected=describe(expected), found=describe(found.type)),
        way_out,
    )


def compare(operator: str, left: Typed, right: Typed, at: int) -> Typed:
    """Type a comparison.

    Raises:
        ExpressionError: the two sides cannot be compared so.
    """
    try:
        check_comparable(operator, left.type, right.type)
    except ClashError as clash:
        raise ExpressionError(at, clash.what, _naming(clash.way_out, left, right)) from clash
    if operator in ("=", "!="):
        is_compound = isinstance(left.type, (ListType, RecordType))
        alike = Apply("same" if is_compound else operator, (left, right), _BOOLEAN)
        return Apply("not", (alike,), _BOOLEAN) if is_compound and operator == "!=" else alike
    if isinstance(left.type, EnumType):
        return Apply(operator, (Apply("rank", (left,), NUMBER), Apply("rank", (right,), NUMBER)), _BOOLEAN)
    return Apply(operator, (left, right), _BOOLEAN)


def calculate(operator: str, left: Typed, right: Typed, at: int) -> Typed:
    """Type `+ - * / **`.

    Raises:
        ExpressionError: the units do not go together.
    """
    try:
        overload = resolve_arithmetic(operator, left.type, right.type)
    except ClashError as clash:
        raise ExpressionError(at, clash.what, _naming(clash.way_out, left, right)) from clash
    return Apply(overload.operation, (left, right), overload.type)


def negate(operand: Typed, at: int) -> Typed:
    """Type a minus sign; that of a constant is worked out at once.

    Raises:
        ExpressionError: nothing of this type has a negative.
    """
    try:
        overload = resolve_negation(operand.type)
    except ClashError as clash:
        raise ExpressionError(at, clash.what, clash.way_out) from clash
    if isinstance(operand, Constant) and isinstance(operand.value, Fraction):
        return Constant(-operand.value, operand.type)
    return Apply(overload.operation, (operand,), overload.type)


def take_property(subject: Typed, tree: Property) -> Typed:
    """Type what stands after a dot: the field of a line or of every line of a list, or a property such as a date's year.

    Raises:
        ExpressionError: the subject has no such field or property.
    """
    if isinstance(subject.type, RecordType):
        return Apply("field", (subject, Constant(tree.name, SimpleType.TEXT)), _field(tree, subject.type))
    if isinstance(subject.type, ListType) and isinstance(subject.type.item, RecordType):
        field_type = _field(tree, subject.type.item)
        return Apply("fields", (subject, Constant(tree.name, SimpleType.TEXT)), ListType(field_type))
    overload = resolve_property(subject.type, tree.property)
    if overload is None:
        raise ExpressionError(
            tree.at,
            Phrase("{subject} has no {name}", subject=describe(subject.type), name=tree.name),
            suggest(tree.name, properties_of(subject.type), Phrase("property")),
        )
    return Apply(overload.operation, (subject,), overload.type)


def _field(tree: Property, record: RecordType) -> Type:
    type_ = record.field(tree.name)
    if type_ is None:
        known = [name for name, _ in record.fields]
        raise ExpressionError(
            tree.at,
            Phrase("there is no field {name}", name=tree.name),
            suggest(tree.name, known, Phrase("field")),
            nearest(tree.name, known),
        )
    return type_
