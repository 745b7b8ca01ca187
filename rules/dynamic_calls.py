"""Calls of built-ins where no types were declared: the types of the values pick the signature."""

from collections.abc import Sequence

from rules.builtin_kinds import Signature
from rules.builtins import Builtin
from rules.dynamic_values import bare, type_of, with_unit
from rules.operations import Operation, operation_of
from rules.overloads import ClashError
from rules.phrases import Phrase
from rules.types import DAYS, NUMBER, Type, describe
from rules.unknown import Items, Unknown, Value, causes_of

# Built-ins that hand items on or compare them: they see units, and null is an item like any other.
_HANDING_ON = {
    "count",
    "list contains",
    "append",
    "concatenate",
    "union",
    "distinct values",
    "flatten",
    "reverse",
    "index of",
    "sublist",
    "insert before",
    "remove",
}


def as_items(value: Value) -> Value:
    """Take a single value for a list of one, as FEEL does."""
    return value if isinstance(value, (Items, Unknown)) else Items((value,))


def dynamic_call(builtin: Builtin) -> Operation:
    """Make the operation of a built-in; it raises ClashError where no signature fits the values."""

    def run(*values: Value) -> Value:
        for given in (values, _with_lists(builtin, values)):
            types: list[Type] = [type_of(value) for value in given]
            for signature in builtin.signatures:
                # Lists may be mixed here, but what is added up or compared must still be of one type.
                if signature.fits(types) and (builtin.name in _HANDING_ON or signature.agrees(types)):
                    return _answer(builtin, signature, signature.answers(types), given)
        if any(isinstance(value, Unknown) for value in values):
            return Unknown(causes_of(values))
        told = ", ".join(describe(type_of(value)) for value in values)
        raise ClashError(
            Phrase("{builtin} does not take ({told}); write {expects}", builtin=builtin.name, told=told, expects=builtin.expects("en")),
            Phrase(""),
        )

    return run


def _with_lists(builtin: Builtin, values: Sequence[Value]) -> tuple[Value, ...]:
    signature = builtin.signatures[-1]
    return tuple(as_items(value) if signature.kind_of(index).startswith("list") else value for index, value in enumerate(values))


def _answer(builtin: Builtin, signature: Signature, type_: Type, values: Sequence[Value]) -> Value:
    if builtin.name in _HANDING_ON:
        needed = [value for index, value in enumerate(values) if signature.kind_of(index) != "any"]
        if any(isinstance(value, Unknown) for value in needed):
            return Unknown(causes_of(needed))
        return signature.function(*values)
    if builtin.name in ("sum", "mean") and values[0] == Items(()):
        raise ClashError(Phrase("the {builtin} of an empty list has no unit", builtin=builtin.name), Phrase(""))
    answer = operation_of(builtin.name, signature)(*(bare(value) for value in values))
    if builtin.name == "duration":
        return with_unit(answer, NUMBER if isinstance(answer, Unknown) else DAYS)
    return with_unit(answer, type_)
