"""Layer one, elements (要素): the closed dictionary of facts that an expression may name."""

from fractions import Fraction

from rules.keywords import Place, written
from rules.model import Element
from rules.phrases import Phrase
from rules.reading import Fields, Reading
from rules.strict_yaml import Node, Scalar
from rules.types import DAYS, MONEY, NUMBER, EnumType, ListType, RecordType, SimpleType, Type
from rules.unknown import Items, Known, Record, Unknown, Value

KEYS = ("type", "values", "missing", "ask_for", "item", "fields")
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
    what = Phrase("element {name}", name=name.text)
    fields = reading.fields(node, KEYS, what, required=("type",))
    word = reading.keyword(fields["type"][1], Place.TYPE, "类型")
    if word == "list":
        return _read_list(reading, name, fields)
    for only in ("item", "fields"):
        if only in fields:
            raise reading.source.error(
                fields[only][0].at,
                Phrase("{what}: only 列表 has {key}", what=what, key=fields[only][0].text),
                Phrase("remove it, or change the type"),
            )
    if word in ("enum", "ordered") and "values" not in fields:
        raise reading.source.error(node.at, Phrase("{what} lists no values", what=what), Phrase("add 取值: [one, another]"))
    type_ = _read_type(reading, word, fields.get("values"), what)
    default: Known | None = None
    if "missing" in fields:
        default = _read_default(reading, fields["missing"][1], type_)
    return Element(name.text, type_, name.at, default, reading.text(fields, "ask_for"))


def _read_list(reading: Reading, name: Scalar, fields: Fields) -> Element:
    """Read a list: of single values (项), or of lines with named fields (字段)."""
    what = Phrase("element {name}", name=name.text)
    if ("item" in fields) == ("fields" in fields):
        item, lines = (written(Place.KEY, word, reading.language) for word in ("item", "fields"))
        raise reading.source.error(
            name.at,
            Phrase("{what} needs either {item} or {lines}", what=what, item=item, lines=lines),
            Phrase("write {item}: {{type}} or {lines}: {{name: {{type}}}}", item=item, lines=lines),
        )
    if "missing" in fields and not reading.is_word(fields["missing"][1], "unknown"):
        raise reading.source.error(
            fields["missing"][1].at,
            Phrase("{what}: a list that is missing is unknown", what=what),
            Phrase("give an empty list where there is none"),
        )
    ask_for = reading.text(fields, "ask_for")
    if "item" in fields:
        item_type = _read_element(reading, name, fields["item"][1]).type
        return Element(name.text, ListType(item_type), name.at, None, ask_for)
    inner = tuple(_read_element(reading, key, body) for key, body in reading.mapping(fields["fields"][1], "字段").entries)
    if not inner or any(isinstance(each.type, ListType) for each in inner):
        raise reading.source.error(
            fields["fields"][1].at, Phrase("{what}: a line has at least one field, and no list", what=what), Phrase("write name: {类型: …}")
        )
    record = RecordType(tuple((each.name, each.type) for each in inner))
    return Element(name.text, ListType(record), name.at, None, ask_for, inner)


def _read_type(reading: Reading, word: str, values: tuple[Scalar, Node] | None, what: Phrase) -> Type:
    if values is None:
        return _SIMPLE[word]
    if word not in ("enum", "ordered"):
        raise reading.source.error(
            values[0].at, Phrase("{what}: only 枚举 and 序列 list their values", what=what), Phrase("remove the list, or change the type")
        )
    words = [reading.scalar(item, "取值") for item in reading.sequence(values[1], "取值").items]
    for index, each in enumerate(words):
        if each.text in {earlier.text for earlier in words[:index]}:
            raise reading.source.error(each.at, Phrase("{name} stands twice", name=each.text), Phrase("keep one of the two"))
    return EnumType(tuple(each.text for each in words), ordered=word == "ordered")


def _read_default(reading: Reading, node: Node, type_: Type) -> Known | None:
    if reading.is_word(node, "unknown"):
        return None
    return read_value(reading, node, type_, "缺失")


def read_value(reading: Reading, node: Node, type_: Type, what: str) -> Known:
    """Read a value of a given type as a rule file writes it."""
    if isinstance(type_, ListType):
        return Items(tuple(_read_item(reading, item, type_.item, what) for item in reading.sequence(node, what).items))
    if isinstance(type_, EnumType):
        scalar = reading.scalar(node, what)
        if scalar.text not in type_.values:
            raise reading.unknown_name(scalar, list(type_.values), Phrase("value"))
        return scalar.text
    if type_ is SimpleType.TEXT:
        return reading.scalar(node, what).text
    return reading.literal(node, what, type_)[0]


def _read_item(reading: Reading, node: Node, type_: Type, what: str) -> Value:
    if not isinstance(type_, RecordType):
        return read_value(reading, node, type_, what)
    given: dict[str, Value] = {}
    for name, body in reading.mapping(node, what).entries:
        field_type = type_.field(name.text)
        if field_type is None:
            raise reading.unknown_name(name, [each for each, _ in type_.fields], Phrase("field"))
        given[name.text] = read_value(reading, body, field_type, name.text)
    return Record(tuple(given.items()))


def complete_lines(element: Element, items: Items) -> Items:
    """Give every line all its fields: what a line does not tell is the field's default, or unknown for want of the list's paper."""
    lines = []
    for item in items.values:
        told = dict(item.fields) if isinstance(item, Record) else {}
        lines.append(Record(tuple((each.name, told.get(each.name, _untold(element, each))) for each in element.fields)))
    return Items(tuple(lines)) if element.fields else items


def _untold(element: Element, field: Element) -> Value:
    if field.default is not None:
        return field.default
    return Unknown(frozenset({element.name}), Fraction(0) if field.type in (MONEY, DAYS) else None)
