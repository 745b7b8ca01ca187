"""A book's parameters as rows, one for each plan, parameter and first day: what an actuary edits in a spreadsheet."""

from collections import abc
from dataclasses import dataclass
from datetime import date

from rules.keywords import Language
from rules.loader import KEYS, language_of
from rules.model import Parameter
from rules.phrases import Phrase
from rules.plans import PlanDraft, read_drafts
from rules.reading import Reading
from rules.source import Source
from rules.strict_yaml import Mapping, Node, Scalar, Sequence, read_yaml
from rules.types import NumberType, describe

Key = tuple[str, str, date | None]  # plan, parameter, first day (None: it never changes)


@dataclass(frozen=True)
class ParameterRow:
    """One value of one parameter of one plan; `value` is as the book writes it, a list with brackets."""

    plan: str
    name: str
    start: date | None
    unit: str  # 元, 天, 元/天, %, 数, 日期, 是否 …
    value: str
    inherited_from: str  # the plan it is written in (基于); "" when this one
    parameter: Parameter
    node: Node

    @property
    def key(self) -> Key:
        """Give what tells the row from all others."""
        return self.plan, self.name, self.start


def parameter_rows(source: Source) -> tuple[Language, tuple[ParameterRow, ...]]:
    """List the parameters of a book that passes its checks, plan by plan.

    Raises:
        DiagnosticError: the book cannot be read; whether it passes all of its checks is for the caller to ask.
    """
    root = read_yaml(source)
    reading = Reading(source, language_of(root))
    fields = reading.fields(root, KEYS, Phrase("the book"), required=("plans",))
    drafts = read_drafts(reading, fields["plans"][1])
    rows = [row for draft in drafts.values() for row in _rows_of(reading, draft, drafts)]
    return reading.language, tuple(rows)


def _rows_of(reading: Reading, draft: PlanDraft, drafts: abc.Mapping[str, PlanDraft]) -> list[ParameterRow]:
    rows = []
    for name, parameter in draft.parameters.items():
        owner, node = _written_in(reading, draft, name, drafts)
        for (start, _), each in zip(parameter.values, _values_in(node), strict=True):
            text = value_text(each)
            inherited_from = "" if owner is draft else owner.name.text
            rows.append(ParameterRow(draft.name.text, name, start, unit_of(parameter, text), text, inherited_from, parameter, each))
    return rows


def _written_in(reading: Reading, draft: PlanDraft, name: str, drafts: abc.Mapping[str, PlanDraft]) -> tuple[PlanDraft, Node]:
    """Find the plan that writes a parameter: this one, or the nearest that it is based on."""
    while True:
        own = reading.mapping(draft.own["parameters"][1], "参数").get(name) if "parameters" in draft.own else None
        if own is not None:
            return draft, own
        draft = drafts[reading.scalar(draft.own["based_on"][1], "基于").text]


def _values_in(node: Node) -> list[Node]:
    return [body for _, body in node.entries] if isinstance(node, Mapping) else [node]


def value_text(node: Node) -> str:
    """Write a value as one cell: a scalar as it stands, a list as [one, another]."""
    if isinstance(node, Sequence):
        return "[" + ", ".join(value_text(item) for item in node.items) + "]"
    assert isinstance(node, Scalar)  # noqa: S101 – a book that loads has no other values
    return node.text


def unit_of(parameter: Parameter, text: str) -> str:
    """Name the unit a value is written in; a ratio that is written with % keeps its %."""
    is_percent = parameter.type == NumberType() and text.rstrip().endswith(("%", "％"))
    return "%" if is_percent else describe(parameter.type)
