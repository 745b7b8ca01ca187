"""Reads line rules (行规则): a rule that goes through a list of lines (逐行) and reviews each, with a reason code for all it takes off."""

import re
from dataclasses import replace

from rules.compiler import Formula
from rules.keywords import Place, written
from rules.line_work import Adjustment, LineWork
from rules.names import Names
from rules.phrases import Phrase
from rules.reading import Fields, Reading
from rules.strict_yaml import Node, Scalar
from rules.typed import Apply, Constant, Local, Reference
from rules.types import MONEY, NUMBER, ListType, RecordType, SimpleType, Type

_CODE = re.compile(r"[a-z][a-z0-9_.]*")
_OPERANDS: dict[str, Type] = {"subtract": MONEY, "multiply": NUMBER, "cap": MONEY}
KEYS = ("clause", "each_line", "start", "review", "tests")
REVIEW_KEYS = ("if", "code", "reason", "clause", *_OPERANDS)


def read_line_work(reading: Reading, name: Scalar, node: Node, names: Names) -> LineWork:
    """Read the body of a line rule.

    Raises:
        DiagnosticError: no list of lines, a field that does not exist, an adjustment that cannot be.
    """
    fields = reading.fields(node, KEYS, Phrase("rule {name}", name=name.text), required=("each_line", "start", "review"))
    lines, record = _read_lines(reading, fields, names)
    variable = f"{name.text}@line"
    inside = _names_inside(reading, fields, names, variable, record)
    charged = Formula.of(reading.expression(fields["start"][1], inside, "起", MONEY))
    items = reading.sequence(fields["review"][1], "审核").items
    adjustments = tuple(_read_adjustment(reading, item, inside) for item in items)
    label = next((field for field, type_ in record.fields if type_ is SimpleType.TEXT), "")
    return LineWork(lines, variable, charged, label, adjustments)


def _read_lines(reading: Reading, fields: Fields, names: Names) -> tuple[Reference, RecordType]:
    scalar = reading.scalar(fields["each_line"][1], "逐行")
    found = names.elements.get(scalar.text)
    if found is None:
        lists = [name for name, type_ in names.elements.items() if isinstance(type_, ListType)]
        raise reading.unknown_name(scalar, lists, Phrase("list of lines"))
    if not isinstance(found, ListType) or not isinstance(found.item, RecordType):
        listed = written(Place.TYPE, "list", reading.language)
        raise reading.source.error(
            scalar.at,
            Phrase("{word} is no list of lines", word=scalar.text),
            Phrase("declare it as 类型: {listed} with its 字段", listed=listed),
        )
    return Reference(scalar.text, found), found.item


def _names_inside(reading: Reading, fields: Fields, names: Names, variable: str, record: RecordType) -> Names:
    item = Local(variable, record)
    inside = {}
    for field, type_ in record.fields:
        if names.find(field) is not None:
            scalar = reading.scalar(fields["each_line"][1], "逐行")
            raise reading.source.error(
                scalar.at,
                Phrase("{field} is a field of {word} and something else", field=field, word=scalar.text),
                Phrase("rename one of the two"),
            )
        inside[field] = Apply("field", (item, Constant(field, SimpleType.TEXT)), type_)
    return replace(names, items={**names.items, **inside}, loops=names.loops + 1)


def _read_adjustment(reading: Reading, node: Node, names: Names) -> Adjustment:
    what = Phrase("an item of the review")
    fields = reading.fields(node, REVIEW_KEYS, what, required=("code", "reason"))
    code = reading.scalar(fields["code"][1], "原因码")
    if not _CODE.fullmatch(code.text):
        raise reading.source.error(
            code.at, Phrase("{code} is no reason code", code=code.text), Phrase("write small letters, digits and _: out_of_list")
        )
    kinds = [kind for kind in _OPERANDS if kind in fields]
    if len(kinds) > 1:
        raise reading.source.error(node.at, Phrase("{what} takes off in two ways", what=what), Phrase("write an item for each"))
    kind = kinds[0] if kinds else "all"
    operand = Formula.of(reading.expression(fields[kind][1], names, kind, _OPERANDS[kind])) if kinds else None
    condition = Formula.of(reading.expression(fields["if"][1], names, "若", SimpleType.BOOLEAN)) if "if" in fields else None
    return Adjustment(kind, condition, operand, code.text, reading.text(fields, "reason"), reading.clause(fields), node.at)
