"""Layer one, elements (要素): the closed dictionary of facts that an expression may name."""

from rules.keywords import Place
from rules.model import Element
from rules.reading import Reading
from rules.strict_yaml import Node, Scalar
from rules.types import DAYS, MONEY, NUMBER, EnumType, SimpleType, Type
from rules.unknown import Known

_SIMPLE: dict[str, Type] = {
    "date": SimpleType.DATE,
    "boolean": SimpleType.BOOLEAN,
    "icd10": SimpleType.CODE,
    "money": MONEY,
    "days": DAYS,
    "number": NUMBER,
    "ratio": NUMBER,
    "text": SimpleType.TEXT,
}


def read_elements(reading: Reading, node: Node) -> dict[str, Element]:
    """Read the whole dictionary; what is wrong with one element is noted, and the others are read on."""
    elements: dict[str, Element] = {}
    for name, body in reading.mapping(node, "要素").entries:
        with reading.problems.collect():
            elements[name.text] = _read_element(reading, name, body)
    return elements


def _read_element(reading: Reading, name: Scalar, node: Node) -> Element:
    what = f"element {name.text}"
    fields = reading.fields(node, ("type", "values", "missing", "ask_for"), what, required=("type",))
    word = reading.keyword(fields["type"][1], Place.TYPE, "类型")
    if word in ("enum", "ordered") and "values" not in fields:
        raise reading.source.error(node.at, f"{what} lists no values", "add 取值: [one, another]")
    type_ = _read_type(reading, word, fields.get("values"), what)
    default: Known | None = None
    if "missing" in fields:
        default = _read_default(reading, fields["missing"][1], type_)
    return Element(name.text, type_, name.at, default, reading.text(fields, "ask_for"))


def _read_type(reading: Reading, word: str, values: tuple[Scalar, Node] | None, what: str) -> Type:
    if values is None:
        return _SIMPLE[word]
    if word not in ("enum", "ordered"):
        raise reading.source.error(values[0].at, f"{what}: only 枚举 and 序列 list their values", "remove the list, or change the type")
    words = [reading.scalar(item, "取值") for item in reading.sequence(values[1], "取值").items]
    for index, each in enumerate(words):
        if each.text in {earlier.text for earlier in words[:index]}:
            raise reading.source.error(each.at, f"{each.text} stands twice", "keep one of the two")
    return EnumType(tuple(each.text for each in words), ordered=word == "ordered")


def _read_default(reading: Reading, node: Node, type_: Type) -> Known | None:
    if reading.is_word(node, "unknown"):
        return None
    return read_value(reading, node, type_, "缺失")


def read_value(reading: Reading, node: Node, type_: Type, what: str) -> Known:
    """Read a value of a given type as a rule file writes it."""
    if isinstance(type_, EnumType):
        scalar = reading.scalar(node, what)
        if scalar.text not in type_.values:
            raise reading.unknown_name(scalar, list(type_.values), "value")
        return scalar.text
    if type_ is SimpleType.TEXT:
        return reading.scalar(node, what).text
    return reading.literal(node, what, type_)[0]
