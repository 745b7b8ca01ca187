"""What a responsibility is cover against (保障): its kinds, and what must be so beyond the standard case of a kind."""

from collections.abc import Mapping as AnyMapping

from domain.cover import CoverKind
from rules.elements import read_value
from rules.keywords import Place, written
from rules.names import Names
from rules.phrases import Phrase
from rules.reading import Fields, Reading
from rules.source import AlreadyReportedError
from rules.strict_yaml import Mapping, Node, Scalar
from rules.types import ListType
from rules.unknown import Known

Covers = AnyMapping[CoverKind, AnyMapping[str, Known]]


def read_covers(reading: Reading, fields: Fields, names: Names) -> Covers | None:
    """Read a list of kinds, or kinds with elements of their cases; 无 is none of the five, and None is not told."""
    if "covers" not in fields:
        return None
    key, node = fields["covers"]
    if reading.is_word(node, "none"):
        return {}
    if isinstance(node, Mapping):
        return {_kind(reading, kind, key.text): _read_case(reading, case, names, kind.text) for kind, case in node.entries}
    kinds: dict[CoverKind, AnyMapping[str, Known]] = {}
    items = reading.sequence(node, key.text).items
    for item in items:
        kind = _kind(reading, item, key.text)
        if kind in kinds:
            raise reading.source.error(
                item.at, Phrase("{word} stands twice", word=reading.scalar(item, key.text).text), Phrase("keep one of the two")
            )
        kinds[kind] = {}
    if not items:
        word = written(Place.WORD, "none", reading.language)
        raise reading.source.error(
            node.at,
            Phrase("{key} names no kind", key=key.text),
            Phrase("write {key}: {word} where it counts for none", key=key.text, word=word),
        )
    return kinds


def _kind(reading: Reading, node: Node, what: str) -> CoverKind:
    return CoverKind(reading.keyword(node, Place.COVER, what))


def _read_case(reading: Reading, node: Node, names: Names, what: str) -> dict[str, Known]:
    case: dict[str, Known] = {}
    for name, body in reading.mapping(node, what).entries:
        case[name.text] = _read_element(reading, name, body, names)
    return case


def _read_element(reading: Reading, name: Scalar, body: Node, names: Names) -> Known:
    if name.text in names.broken:
        raise AlreadyReportedError
    if name.text not in names.elements:
        raise reading.unknown_name(name, list(names.elements), Phrase("element"))
    type_ = names.elements[name.text]
    if isinstance(type_, ListType):
        raise reading.source.error(
            name.at, Phrase("{name} is a list", name=name.text), Phrase("a case gives single values; lines are told by the standard case")
        )
    return read_value(reading, body, type_, name.text)
