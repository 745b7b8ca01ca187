"""Reads the calculation of a responsibility (理算): a closed set of steps, each typed against the balance it finds.

To add a step: one keyword in `keywords.py`, one reader here in `_READERS`, one runner in `waterfall.py`.
"""

from collections.abc import Callable
from dataclasses import replace

from rules.checker import Names
from rules.compiler import Formula
from rules.keywords import Place
from rules.model import Step
from rules.reading import Reading
from rules.source import Position
from rules.strict_yaml import Mapping, Node, Scalar
from rules.types import MONEY, NumberType, Type, describe

_FEN_OF = {"to_fen": 1, "to_jiao": 10, "to_yuan": 100}
_WAYS = ("half_up", "half_even", "up", "down")


def read_steps(reading: Reading, node: Node, names: Names) -> tuple[Step, ...]:
    """Read the steps in order; the first starts, the last leaves an amount of money."""
    items = reading.sequence(node, "理算").items
    steps: list[Step] = []
    for item in items:
        entries = reading.mapping(item, "a step").entries
        if len(entries) != 1:
            raise reading.source.error(item.at, "a step has one keyword", "write one step a line, such as - 减: 免赔额")
        key, body = entries[0]
        kind = reading.key(key, tuple(_READERS), "a step")
        _check_order(reading, key, kind, steps)
        balance: Type = steps[-1].type if steps else MONEY
        steps.append(_READERS[kind](reading, body, names, balance, key.at))
    _check_accumulators(reading, steps)
    _check_end(reading, node, steps)
    return _mark_payout_caps(steps)


def _check_order(reading: Reading, key: Scalar, kind: str, before: list[Step]) -> None:
    if (kind == "start") == bool(before):
        what = f"{key.text} stands in the middle of a calculation" if before else f"a calculation cannot begin with {key.text}"
        raise reading.source.error(key.at, what, "begin with one 起")
    if kind == "round" and any(step.kind == "round" for step in before):
        raise reading.source.error(key.at, "the calculation rounds twice", "round once, where the contract says so")


def _check_accumulators(reading: Reading, steps: list[Step]) -> None:
    seen: dict[str, Step] = {}
    for step in steps:
        if not step.per:
            continue
        if step.label in seen:
            what = f"{step.label} is counted twice in one calculation, first on line {seen[step.label].at.line}"
            raise reading.source.error(step.at, what, "give each 每 its own parameter")
        seen[step.label] = step


def _check_end(reading: Reading, node: Node, steps: list[Step]) -> None:
    if not steps:
        raise reading.source.error(node.at, "the calculation has no step", "begin with - 起: amount")
    if steps[-1].type != MONEY:
        raise reading.source.error(
            steps[-1].at, f"the calculation ends in {describe(steps[-1].type)}", "end it in 元, say by - 乘: 日津贴额"
        )


def _read_operand(reading: Reading, node: Node, names: Names, at: Position) -> Step:
    if not isinstance(node, Mapping):
        typed = reading.expression(node, names, "a step")
        return Step("", reading.scalar(node, "a step").text, Formula.of(typed), typed.type, at)
    fields = reading.fields(node, ("at_most", "per"), "a step", required=("at_most",))
    scalar = reading.scalar(fields["at_most"][1], "至多")
    typed = reading.expression(scalar, names, "至多")
    per = reading.keyword(fields["per"][1], Place.PERIOD, "每") if "per" in fields else ""
    return Step("", scalar.text, Formula.of(typed), typed.type, at, is_at_most=True, per=per)


def _read_start(reading: Reading, node: Node, names: Names, _: Type, at: Position) -> Step:
    typed = reading.expression(node, names, "起")
    if not isinstance(typed.type, NumberType):
        raise reading.source.error(
            node.at, f"a calculation cannot start from {describe(typed.type)}", "start from an amount or a number of days"
        )
    return Step("start", reading.scalar(node, "起").text, Formula.of(typed), typed.type, at)


def _read_subtract(reading: Reading, node: Node, names: Names, balance: Type, at: Position) -> Step:
    return _read_like_balance(reading, node, names, balance, at, "subtract")


def _read_cap(reading: Reading, node: Node, names: Names, balance: Type, at: Position) -> Step:
    return _read_like_balance(reading, node, names, balance, at, "cap")


def _read_like_balance(reading: Reading, node: Node, names: Names, balance: Type, at: Position, kind: str) -> Step:
    step = _read_operand(reading, node, names, at)
    if step.type != balance:
        what = f"the balance is {describe(balance)}, but {step.label} is {describe(step.type)}"
        raise reading.source.error(at, what, f"give {describe(balance)} here")
    return replace(step, kind=kind)


def _read_multiply(reading: Reading, node: Node, names: Names, balance: Type, at: Position) -> Step:
    typed = reading.expression(node, names, "乘")
    if not isinstance(typed.type, NumberType) or not isinstance(balance, NumberType):
        raise reading.source.error(
            node.at, f"{describe(balance)} × {describe(typed.type)} makes no sense", "multiply by a ratio or by 元/天"
        )
    type_ = NumberType(balance.yuan + typed.type.yuan, balance.day + typed.type.day)
    return Step("multiply", reading.scalar(node, "乘").text, Formula.of(typed), type_, at)


def _read_round(reading: Reading, node: Node, _: Names, balance: Type, at: Position) -> Step:
    scalar = reading.scalar(node, "取整")
    words = [reading.keyword(Scalar(word, scalar.at), Place.ROUNDING, "取整") for word in scalar.text.split()]
    if len(words) != 2 or words[0] not in _FEN_OF or words[1] not in _WAYS:
        raise reading.source.error(scalar.at, f"取整 cannot be {scalar.text}", "write how far and which way: 到分 四舍五入")
    if balance != MONEY:
        raise reading.source.error(
            at, f"only 元 is rounded, the balance is {describe(balance)}", "round after the step that makes 元 of it"
        )
    return Step("round", scalar.text, None, balance, at, rounding=(_FEN_OF[words[0]], words[1]))


def _mark_payout_caps(steps: list[Step]) -> tuple[Step, ...]:
    marked, is_open = [], True
    for step in reversed(steps):
        is_open = is_open and step.kind in ("cap", "round")
        marked.append(replace(step, counts_payout=is_open and step.kind == "cap"))
    return tuple(reversed(marked))


_READERS: dict[str, Callable[[Reading, Node, Names, Type, Position], Step]] = {
    "start": _read_start,
    "subtract": _read_subtract,
    "multiply": _read_multiply,
    "cap": _read_cap,
    "round": _read_round,
}
