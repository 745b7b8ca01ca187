"""Types the call of a built-in: picks the signature that fits, or says what the function expects."""

from collections.abc import Sequence
from fractions import Fraction

from domain.errors import InputError
from rules.builtin_kinds import ANY, NOTHING, Signature
from rules.builtins import BUILTINS, Builtin
from rules.lexer import ExpressionError
from rules.operations import OPERATIONS
from rules.phrases import Phrase, phrased
from rules.syntax import Call
from rules.typed import Apply, Constant, Typed
from rules.types import DAYS, SimpleType, Type, describe

_READ_ON_SAVE = ("date", "duration")  # their texts are read when the book is saved, so that a wrong one is found then


def check_call(tree: Call, arguments: Sequence[Typed]) -> Typed:
    """Type a call.

    Raises:
        ExpressionError: the number or the types of the arguments do not fit.
    """
    builtin = BUILTINS[tree.function]
    types = [argument.type for argument in arguments]
    signature = fitting(builtin, types, tree)
    type_ = signature.answers(types)
    if builtin.name in _READ_ON_SAVE and all(isinstance(argument, Constant) for argument in arguments):
        return _read_now(tree, builtin.operation(signature), arguments)
    if type_ in (ANY, NOTHING):
        raise ExpressionError(
            tree.at, Phrase("nobody can tell the type of {call}", call=_call(tree)), Phrase("give it a value whose type is known on save")
        )
    return Apply(builtin.operation(signature), tuple(arguments), type_)


def fitting(builtin: Builtin, types: Sequence[Type], tree: Call) -> Signature:
    """Find the signature for arguments of these types.

    Raises:
        ExpressionError: there is none.
    """
    expects = Phrase.joined("; ", (builtin.expects("zh"), builtin.expects("en")))
    if not any(signature.takes(len(types)) for signature in builtin.signatures):
        raise ExpressionError(
            tree.at,
            Phrase("{call} does not take {count} arguments", call=_call(tree), count=len(types)),
            Phrase("write {expects}", expects=expects),
        )
    fits = [signature for signature in builtin.signatures if signature.fits(types)]
    for signature in fits:
        if signature.agrees(types):
            return signature
    if fits:
        first, *rest = types
        odd = next((type_ for type_ in rest if type_ != first), first)
        raise ExpressionError(
            tree.at,
            Phrase("the arguments differ: {first} and {odd}", first=describe(first), odd=describe(odd)),
            Phrase("give arguments of one type: {expects}", expects=expects),
        )
    given = Phrase.joined(", ", map(describe, types))
    raise ExpressionError(
        tree.at, Phrase("{call} does not take ({given})", call=_call(tree), given=given), Phrase("write {expects}", expects=expects)
    )


def _call(tree: Call) -> str:
    builtin = BUILTINS[tree.function]
    return f"{builtin.zh}/{builtin.name}"


def _read_now(tree: Call, operation: str, arguments: Sequence[Typed]) -> Constant:
    values = [argument.value for argument in arguments if isinstance(argument, Constant)]
    try:
        value = OPERATIONS[operation](*values)
    except InputError as error:
        raise ExpressionError(tree.at, phrased(error.what), phrased(error.way_out)) from error
    type_: Type = DAYS if isinstance(value, Fraction) else SimpleType.DATE if tree.function == "date" else SimpleType.MONTHS
    return Constant(value, type_)  # type: ignore[arg-type]  # nothing unknown went in
