"""Reads the calculation of a responsibility (理算): a closed set of steps, each typed against the balance it finds.

To add a step: one keyword in `keywords.py`, one reader in `READERS`, one runner in `waterfall.py`.
"""

from collections.abc import Callable
from dataclasses import replace

from rules.accounts import account_name
from rules.compiler import Formula
from rules.keywords import Place
from rules.model import Step, all_steps
from rules.names import Names
from rules.phrases import Phrase
from rules.reading import Reading
from rules.source import Position
from rules.step_operands import read_amount
from rules.step_tables import read_banded, read_in_turn, read_interval, read_times
from rules.strict_yaml import Node, Scalar
from rules.types import MONEY, NumberType, Type, describe

_FEN_OF = {"to_fen": 1, "to_jiao": 10, "to_yuan": 100}
_WAYS = ("half_up", "half_even", "up", "down")
_BEGINNINGS = ("start", "parts")
_KEEP_PAYOUT = ("cap", "round", "times", "interval")  # what follows a cap without changing what it means


def read_steps(reading: Reading, node: Node, names: Names) -> tuple[Step, ...]:
    """Read the steps in order; the first starts, the last leaves an amount of money."""
    steps = _read_sequence(reading, node, names)
    _check_accounts(reading, steps)
    return _mark_payout_caps(steps)


def _read_sequence(reading: Reading, node: Node, names: Names) -> list[Step]:
    items = reading.sequence(node, "理算").items
    steps: list[Step] = []
    for item in items:
        entries = reading.mapping(item, Phrase("a step")).entries
        if len(entries) != 1:
            raise reading.source.error(item.at, Phrase("a step has one keyword"), Phrase("write one step a line, such as - 减: 免赔额"))
        key, body = entries[0]
        kind = reading.key(key, tuple(READERS), Phrase("a step"))
        _check_order(reading, key, kind, steps)
        balance: Type = steps[-1].type if steps else MONEY
        steps.append(READERS[kind](reading, body, names, balance, key.at))
    _check_end(reading, node, steps)
    return steps


def _check_order(reading: Reading, key: Scalar, kind: str, before: list[Step]) -> None:
    if (kind in _BEGINNINGS) == bool(before):
        what = (
            Phrase("{key} stands in the middle of a calculation", key=key.text)
            if before
            else Phrase("a calculation cannot begin with {key}", key=key.text)
        )
        raise reading.source.error(key.at, what, Phrase("begin with one 起"))
    if kind == "round" and any(step.kind == "round" for step in before):
        raise reading.source.error(key.at, Phrase("the calculation rounds twice"), Phrase("round once, where the contract says so"))


def _check_accounts(reading: Reading, steps: list[Step]) -> None:
    seen: dict[str, Step] = {}
    for step in all_steps(tuple(steps)):
        if not step.per:
            continue
        name = account_name("", step)
        if name in seen:
            what = Phrase(
                "{label} is counted twice in one calculation, first on line {line}",
                label=step.shared or step.label,
                line=seen[name].at.line,
            )
            raise reading.source.error(step.at, what, Phrase("give each 每 its own parameter"))
        seen[name] = step


def _check_end(reading: Reading, node: Node, steps: list[Step]) -> None:
    if not steps:
        raise reading.source.error(node.at, Phrase("the calculation has no step"), Phrase("begin with - 起: amount"))
    if steps[-1].type != MONEY:
        raise reading.source.error(
            steps[-1].at,
            Phrase("the calculation ends in {unit}", unit=describe(steps[-1].type)),
            Phrase("end it in 元, say by - 乘: 日津贴额"),
        )


def _read_start(reading: Reading, node: Node, names: Names, _: Type, at: Position) -> Step:
    typed = reading.expression(node, names, "起")
    if not isinstance(typed.type, NumberType):
        raise reading.source.error(
            node.at,
            Phrase("a calculation cannot start from {unit}", unit=describe(typed.type)),
            Phrase("start from an amount or a number of days"),
        )
    return Step("start", reading.scalar(node, "起").text, Formula.of(typed), typed.type, at)


def _read_parts(reading: Reading, node: Node, names: Names, _: Type, at: Position) -> Step:
    parts = reading.mapping(node, "分项").entries
    if len(parts) < 2:
        raise reading.source.error(
            at, Phrase("分项 adds up at least two calculations"), Phrase("write each as name: [steps], or begin with 起")
        )
    read = tuple((name.text, tuple(_read_sequence(reading, body, names))) for name, body in parts)
    return Step("parts", " + ".join(name for name, _ in read), None, MONEY, at, parts=read)


def _read_subtract(reading: Reading, node: Node, names: Names, balance: Type, at: Position) -> Step:
    return read_amount(reading, node, names, balance, at, "subtract")


def _read_cap(reading: Reading, node: Node, names: Names, balance: Type, at: Position) -> Step:
    return read_amount(reading, node, names, balance, at, "cap")


def _read_multiply(reading: Reading, node: Node, names: Names, balance: Type, at: Position) -> Step:
    typed = reading.expression(node, names, "乘")
    if not isinstance(typed.type, NumberType) or not isinstance(balance, NumberType):
        raise reading.source.error(
            node.at,
            Phrase("{balance} × {type} makes no sense", balance=describe(balance), type=describe(typed.type)),
            Phrase("multiply by a ratio or by 元/天"),
        )
    type_ = NumberType(balance.yuan + typed.type.yuan, balance.day + typed.type.day)
    return Step("multiply", reading.scalar(node, "乘").text, Formula.of(typed), type_, at)


def _read_round(reading: Reading, node: Node, _: Names, balance: Type, at: Position) -> Step:
    scalar = reading.scalar(node, "取整")
    words = [reading.keyword(Scalar(word, scalar.at), Place.ROUNDING, "取整") for word in scalar.text.split()]
    if len(words) != 2 or words[0] not in _FEN_OF or words[1] not in _WAYS:
        raise reading.source.error(
            scalar.at, Phrase("取整 cannot be {word}", word=scalar.text), Phrase("write how far and which way: 到分 四舍五入")
        )
    if balance != MONEY:
        raise reading.source.error(
            at,
            Phrase("only 元 is rounded, the balance is {balance}", balance=describe(balance)),
            Phrase("round after the step that makes 元 of it"),
        )
    return Step("round", scalar.text, None, balance, at, rounding=(_FEN_OF[words[0]], words[1]))


def _mark_payout_caps(steps: list[Step]) -> tuple[Step, ...]:
    marked, is_open = [], True
    for step in reversed(steps):
        is_open = is_open and step.kind in _KEEP_PAYOUT
        counts = is_open and step.kind == "cap"
        also = tuple(replace(other, counts_payout=counts) for other in step.also)
        marked.append(replace(step, counts_payout=counts, also=also))
    return tuple(reversed(marked))


READERS: dict[str, Callable[[Reading, Node, Names, Type, Position], Step]] = {
    "start": _read_start,
    "parts": _read_parts,
    "subtract": _read_subtract,
    "multiply": _read_multiply,
    "banded": read_banded,
    "in_turn": read_in_turn,
    "cap": _read_cap,
    "times": read_times,
    "interval": read_interval,
    "round": _read_round,
}
