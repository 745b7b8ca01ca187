"""A plan's parameters (参数): plain values, lists of disease codes, or values that change on dates."""

from datetime import date

from rules.icd import CodeSet
from rules.model import Parameter
from rules.phrases import Phrase
from rules.reading import NO_NAMES, Reading
from rules.strict_yaml import Mapping, Node, Scalar, Sequence
from rules.typed import Constant
from rules.types import SimpleType, Type, describe
from rules.unknown import Known


def read_parameters(reading: Reading, node: Node) -> dict[str, Parameter]:
    """Read one plan's own parameters; what is wrong with one is noted, and the others are read on."""
    found: dict[str, Parameter] = {}
    for name, body in reading.mapping(node, "参数").entries:
        with reading.problems.collect():
            found[name.text] = _read_parameter(reading, name, body)
        if name.text not in found:
            reading.broken.add(name.text)
    return found


def check_parameter_types(reading: Reading, plans: dict[str, dict[str, Parameter]]) -> dict[str, Type]:
    """Insist that a parameter has one type in all plans, and answer the types by name."""
    first: dict[str, tuple[str, Parameter]] = {}
    for plan, parameters in plans.items():
        for name, parameter in parameters.items():
            other_plan, other = first.setdefault(name, (plan, parameter))
            if other.type != parameter.type:
                what = Phrase(
                    "{name} is {parameter} here, but {other} in plan {other_plan} (line {line})",
                    name=name,
                    parameter=describe(parameter.type),
                    other=describe(other.type),
                    other_plan=other_plan,
                    line=other.at.line,
                )
                with reading.problems.collect():
                    raise reading.source.error(parameter.at, what, Phrase("give a parameter one unit everywhere"))
    return {name: parameter.type for name, (_, parameter) in first.items()}


def _read_parameter(reading: Reading, name: Scalar, node: Node) -> Parameter:
    if isinstance(node, Mapping):
        return _read_dated(reading, name, node)
    value, type_ = read_value(reading, node, name.text)
    return Parameter(name.text, type_, ((None, value),), name.at)


def _read_dated(reading: Reading, name: Scalar, node: Mapping) -> Parameter:
    values: list[tuple[date | None, Known]] = []
    types: list[Type] = []
    for key, body in node.entries:
        start = _read_date(reading, key)
        before = values[-1][0] if values else None
        if before is not None and start <= before:
            raise reading.source.error(
                key.at,
                Phrase("{start} does not follow {before}", start=start, before=before),
                Phrase("write the dates in order, earliest first"),
            )
        value, type_ = read_value(reading, body, name.text)
        values.append((start, value))
        types.append(type_)
        if type_ != types[0]:
            what = Phrase(
                "{name} is {type} from {start}, but {before} before",
                name=name.text,
                type=describe(type_),
                start=start,
                before=describe(types[0]),
            )
            raise reading.source.error(body.at, what, Phrase("give a parameter one unit at all times"))
    if not values:
        raise reading.source.error(node.at, Phrase("{name} has no value", name=name.text), Phrase("write date: value"))
    return Parameter(name.text, types[0], tuple(values), name.at)


def _read_date(reading: Reading, key: Scalar) -> date:
    try:
        return date.fromisoformat(key.text)
    except ValueError:
        raise reading.source.error(
            key.at, Phrase("{key} is no date", key=key.text), Phrase("write the first day of each value as 2024-01-01")
        ) from None


def _named_set(reading: Reading, item: Node) -> CodeSet | None:
    """Find a code set of the medical base by its name, and note that the book stands on the base."""
    if not isinstance(item, Scalar) or item.text not in reading.medical.sets:
        return None
    reading.base = reading.medical.sha256
    return reading.medical.sets[item.text]


def read_value(reading: Reading, node: Node, name: str) -> tuple[Known, Type]:
    """Read one value of a parameter, and tell its type.

    Raises:
        DiagnosticError: it is no plain value, and no list of codes.
    """
    if not isinstance(node, Sequence):
        value, type_ = reading.literal(node, name)
        if type_ is SimpleType.CODE and value:
            return CodeSet(((str(value), str(value)),)), SimpleType.CODES
        return value, type_
    ranges: list[tuple[str, str]] = []
    for item in node.items:
        named = _named_set(reading, item)
        if named is not None:
            ranges += named.ranges
            continue
        typed = reading.expression(item, NO_NAMES, name)
        if not isinstance(typed, Constant) or typed.type not in (SimpleType.CODE, SimpleType.CODES):
            raise reading.source.error(item.at, Phrase("a list holds disease codes"), Phrase("write codes and ranges: [C00-C97, I21]"))
        ranges += typed.value.ranges if isinstance(typed.value, CodeSet) else [(str(typed.value), str(typed.value))]
    return CodeSet(tuple(ranges)), SimpleType.CODES
