"""Reads what a step takes: an amount, or an amount at most with the account it counts on; or several of these at once."""

from dataclasses import replace

from rules.compiler import Formula
from rules.keywords import Place, written
from rules.model import Step
from rules.names import Names
from rules.phrases import Phrase
from rules.reading import Fields, Reading
from rules.source import Position
from rules.strict_yaml import Mapping, Node, Sequence
from rules.types import Type, describe

ACCOUNT_KEYS = ("per", "shared", "by")
# What may stand inside the braces of each step that takes any.
STEP_KEYS: dict[str, tuple[str, ...]] = {
    "subtract": ("at_most", *ACCOUNT_KEYS, "offset"),
    "cap": ("at_most", *ACCOUNT_KEYS),
    "banded": (*ACCOUNT_KEYS, "above"),
    "in_turn": ("multiply", "then", *ACCOUNT_KEYS),
    "times": ("at_most", *ACCOUNT_KEYS),
    "interval": ("at_least", "shared", "by"),
}


def read_amount(reading: Reading, node: Node, names: Names, balance: Type, at: Position, kind: str) -> Step:
    """Read the operand of 减 or 限: one amount in the unit of the balance, or a list of which the smallest binds."""
    if isinstance(node, Sequence):
        if len(node.items) < 2:
            raise reading.source.error(node.at, Phrase("a list of bounds has at least two"), Phrase("write the one bound without brackets"))
        first, *others = (_read_one(reading, item, names, balance, at, kind) for item in node.items)
        return replace(first, also=tuple(others))
    return _read_one(reading, node, names, balance, at, kind)


def _read_one(reading: Reading, node: Node, names: Names, balance: Type, at: Position, kind: str) -> Step:
    step = _read_operand(reading, node, names, at, kind)
    if step.type != balance:
        what = Phrase(
            "the balance is {balance}, but {label} is {step}", balance=describe(balance), label=step.label, step=describe(step.type)
        )
        raise reading.source.error(at, what, Phrase("give {balance} here", balance=describe(balance)))
    return step


def _read_operand(reading: Reading, node: Node, names: Names, at: Position, kind: str) -> Step:
    if not isinstance(node, Mapping):
        typed = reading.expression(node, names, Phrase("a step"))
        return Step(kind, reading.scalar(node, Phrase("a step")).text, Formula.of(typed), typed.type, at)
    fields = reading.fields(node, STEP_KEYS[kind], Phrase("a step"), required=("at_most",))
    scalar = reading.scalar(fields["at_most"][1], "至多")
    typed = reading.expression(scalar, names, "至多")
    step = Step(kind, scalar.text, Formula.of(typed), typed.type, at, is_at_most=True)
    if "offset" in fields:
        step = replace(step, offset=Formula.of(reading.expression(fields["offset"][1], names, "抵", typed.type)))
    return read_account(reading, fields, names, step)


def read_account(reading: Reading, fields: Fields, names: Names, step: Step) -> Step:
    """Read over which stretch a step counts (每), on whose account (共享), and what keeps accounts apart (按)."""
    if "per" not in fields:
        for word in ("shared", "by"):
            if word in fields:
                per = written(Place.KEY, "per", reading.language)
                raise reading.source.error(
                    fields[word][0].at,
                    Phrase("{key} without {per} counts nothing", key=fields[word][0].text, per=per),
                    Phrase("add {per}: …", per=per),
                )
        return step
    by = Formula.of(reading.expression(fields["by"][1], names, "按")) if "by" in fields else None
    shared = reading.text(fields, "shared")
    if "/" in shared:
        raise reading.source.error(
            fields["shared"][1].at, Phrase("an account cannot be called {shared}", shared=shared), Phrase("name it without a stroke")
        )
    return replace(step, per=reading.keyword(fields["per"][1], Place.PERIOD, "每"), by=by, shared=shared)
