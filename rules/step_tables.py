"""Reads the steps that hold a small table: bands (分级), turns (依次), counts (限次) and intervals (间隔) between claims."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from rules.compiler import Formula
from rules.keywords import Place, written
from rules.model import Step
from rules.names import Names
from rules.phrases import Phrase
from rules.reading import Fields, Reading
from rules.source import Position
from rules.step_operands import ACCOUNT_KEYS, STEP_KEYS, read_account
from rules.strict_yaml import Node, Scalar
from rules.typed import Constant
from rules.types import DAYS, NUMBER, Type, describe


def read_banded(reading: Reading, node: Node, names: Names, balance: Type, at: Position) -> Step:
    """Read bands, each with its own ratio: {1000元: 50%, 5000元: 60%, 以上: 90%}; the last has no end."""
    options: Fields = {}
    bands: list[tuple[Formula | None, Formula]] = []
    scalars: list[Scalar] = []
    for key, body in reading.mapping(node, "分级").entries:
        word = reading.key_word(key, STEP_KEYS["banded"])
        if word in ACCOUNT_KEYS:
            options[word] = (key, body)
            continue
        if bands and bands[-1][0] is None:
            raise reading.source.error(
                key.at, Phrase("{key} stands after the band without end", key=key.text), Phrase("write the band without end last")
            )
        up_to = None if word == "above" else Formula.of(reading.expression(key, names, Phrase("the end of a band")))
        if up_to is not None and up_to.tree.type != balance:
            what = Phrase(
                "the balance is {balance}, but {key} is {end}", balance=describe(balance), key=key.text, end=describe(up_to.tree.type)
            )
            raise reading.source.error(key.at, what, Phrase("end a band with {balance}", balance=describe(balance)))
        bands.append((up_to, _read_ratio(reading, body, names)))
        scalars.append(key)
    if not bands or bands[-1][0] is not None:
        above = written(Place.KEY, "above", reading.language)
        raise reading.source.error(
            node.at, Phrase("the bands come to an end, larger amounts have no ratio"), Phrase("add {above}: 0% or its ratio", above=above)
        )
    _check_ascending(reading, bands, scalars)
    return read_account(reading, options, names, Step("banded", "分级累进", None, balance, at, bands=tuple(bands)))


def _check_ascending(reading: Reading, bands: list[tuple[Formula | None, Formula]], scalars: list[Scalar]) -> None:
    known = [
        (scalar, end.tree.value)
        for scalar, (end, _) in zip(scalars, bands, strict=True)
        if end is not None and isinstance(end.tree, Constant) and isinstance(end.tree.value, Fraction)
    ]
    for (_, lower), (scalar, upper) in pairwise(known):
        if upper <= lower:
            raise reading.source.error(
                scalar.at,
                Phrase("the band up to {word} does not follow the one before", word=scalar.text),
                Phrase("write the ends in ascending order"),
            )


def _read_ratio(reading: Reading, node: Node, names: Names) -> Formula:
    typed = reading.expression(node, names, Phrase("a ratio"), NUMBER)
    if isinstance(typed, Constant) and isinstance(typed.value, Fraction) and typed.value < 0:
        raise reading.source.error(node.at, Phrase("a ratio is negative"), Phrase("write a ratio of zero or more"))
    return Formula.of(typed)


def read_in_turn(reading: Reading, node: Node, names: Names, balance: Type, at: Position) -> Step:
    """Read the ratio of the first claim of a stretch, of the second and so on (依次); 其后 is that of all later ones."""
    fields = reading.fields(node, STEP_KEYS["in_turn"], "依次", required=("multiply", "per"))
    ratios = tuple(_read_ratio(reading, item, names) for item in reading.sequence(fields["multiply"][1], "乘").items)
    if not ratios:
        raise reading.source.error(node.at, Phrase("依次 lists no ratio"), Phrase("write the ratio of the first claim, of the second …"))
    later = _read_ratio(reading, fields["then"][1], names) if "then" in fields else None
    return read_account(reading, fields, names, Step("in_turn", "依次", None, balance, at, turns=ratios, after_turns=later))


def read_times(reading: Reading, node: Node, names: Names, balance: Type, at: Position) -> Step:
    """Read how many claims of a stretch are paid at all (限次)."""
    fields = reading.fields(node, STEP_KEYS["times"], "限次", required=("at_most", "per"))
    scalar = reading.scalar(fields["at_most"][1], "至多")
    formula = Formula.of(reading.expression(scalar, names, "至多", NUMBER))
    return read_account(reading, fields, names, Step("times", f"限次 {scalar.text}", formula, balance, at, is_at_most=True))


def read_interval(reading: Reading, node: Node, names: Names, balance: Type, at: Position) -> Step:
    """Read how many days must lie between two claims that are paid (间隔)."""
    fields = reading.fields(node, STEP_KEYS["interval"], "间隔", required=("at_least",))
    scalar = reading.scalar(fields["at_least"][1], "至少")
    formula = Formula.of(reading.expression(scalar, names, "至少", DAYS))
    step = Step("interval", f"间隔 {scalar.text}", formula, balance, at)
    by = Formula.of(reading.expression(fields["by"][1], names, "按")) if "by" in fields else None
    return replace(step, per="occurrence", by=by, shared=reading.text(fields, "shared"))
