"""Every operation a typed tree may name: the operators, and the built-ins by the signature that was chosen."""

from collections.abc import Callable

from rules.builtin_kinds import Signature
from rules.builtins import BUILTINS
from rules.operators import OPERATORS
from rules.sameness import same
from rules.unknown import Items, Unknown, Value, causes_of

Operation = Callable[..., Value]


def strict(function: Operation) -> Operation:
    """Answer unknown as soon as an argument, or an item of one, is; the function then sees known values only."""

    def operation(*arguments: Value) -> Value:
        looked_at = [value for each in arguments for value in (each.values if isinstance(each, Items) else (each,))]
        if any(isinstance(value, Unknown) for value in looked_at):
            return Unknown(causes_of(looked_at))
        return function(*arguments)

    return operation


def _arguments_known(function: Operation) -> Operation:
    def operation(*arguments: Value) -> Value:
        if any(isinstance(value, Unknown) for value in arguments):
            return Unknown(causes_of(arguments))
        return function(*arguments)

    return operation


# A list is rearranged without looking at its items.
_BLIND = {"append", "concatenate", "reverse", "sublist", "insert before", "remove", "flatten"}


def operation_of(name: str, signature: Signature) -> Operation:
    """Make the operation of a built-in: unknown arguments are kept from a function that knows nothing of them."""
    if signature.knows_unknown:
        return signature.function
    return _arguments_known(signature.function) if name in _BLIND else strict(signature.function)


OPERATIONS: dict[str, Operation] = {
    **OPERATORS,
    "same": lambda left, right: answer if (answer := same(left, right)) is not None else False,
    **{
        builtin.operation(signature): operation_of(builtin.name, signature)
        for builtin in BUILTINS.values()
        for signature in builtin.signatures
    },
}
