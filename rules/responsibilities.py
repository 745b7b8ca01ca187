"""Layer three, responsibilities (责任): when a benefit is due, and how it is calculated."""

from rules.compiler import Formula
from rules.covers import read_covers
from rules.model import Responsibility
from rules.names import Names
from rules.phrases import Phrase
from rules.reading import Fields, Reading
from rules.steps import read_steps
from rules.strict_yaml import Node, Scalar
from rules.types import SimpleType, describe

KEYS = ("trigger", "requires", "excludes", "let", "documents", "covers", "calculate")


def read_responsibilities(reading: Reading, node: Node, names: Names) -> dict[str, Responsibility]:
    """Read every responsibility; what is wrong with one is noted, and the others are read on."""
    found: dict[str, Responsibility] = {}
    for name, body in reading.mapping(node, "责任").entries:
        with reading.problems.collect():
            found[name.text] = _read_responsibility(reading, name, body, names)
    return found


def _read_responsibility(reading: Reading, name: Scalar, node: Node, names: Names) -> Responsibility:
    fields = reading.fields(node, KEYS, Phrase("responsibility {name}", name=name.text), required=("calculate",))
    trigger = fields.get("trigger")
    return Responsibility(
        name=name.text,
        trigger=Formula.of(reading.expression(trigger[1], names, "触发", SimpleType.BOOLEAN)) if trigger else None,
        trigger_at=trigger[0].at if trigger else None,
        requires=_read_conditions(reading, fields, "requires", names),
        excludes=_read_conditions(reading, fields, "excludes", names),
        let=_read_let(reading, fields, names),
        documents=_read_documents(reading, fields),
        steps=read_steps(reading, fields["calculate"][1], names),
        at=name.at,
        covers=read_covers(reading, fields, names),
    )


def _read_conditions(reading: Reading, fields: Fields, word: str, names: Names) -> tuple[str, ...]:
    if word not in fields:
        return ()
    key, node = fields[word]
    named = [reading.scalar(item, key.text) for item in reading.sequence(node, key.text).items]
    for scalar in named:
        # A fault in one condition must not hide the faults below it.
        with reading.problems.collect():
            _check_condition(reading, scalar, key.text, names)
    return tuple(scalar.text for scalar in named)


def _check_condition(reading: Reading, scalar: Scalar, keyword: str, names: Names) -> None:
    type_ = names.rule_type(scalar.text)
    if type_ is None:
        raise reading.unknown_name(scalar, list(names.rule_names), Phrase("rule"))
    if type_ is not SimpleType.BOOLEAN:
        what = Phrase("rule {word} answers {type}", word=scalar.text, type=describe(type_))
        raise reading.source.error(scalar.at, what, Phrase("{keyword} takes rules that answer 是 or 否", keyword=keyword))


def _read_let(reading: Reading, fields: Fields, names: Names) -> tuple[tuple[str, Formula], ...]:
    if "let" not in fields:
        return ()
    bound = []
    for name, node in reading.mapping(fields["let"][1], "令").entries:
        known = {**names.elements, **names.parameters}
        if name.text not in known:
            raise reading.unknown_name(name, list(known), Phrase("element or parameter"))
        bound.append((name.text, Formula.of(reading.expression(node, names, "令", known[name.text]))))
    return tuple(bound)


def _read_documents(reading: Reading, fields: Fields) -> tuple[str, ...]:
    if "documents" not in fields:
        return ()
    return tuple(reading.scalar(item, "要件").text for item in reading.sequence(fields["documents"][1], "要件").items)
