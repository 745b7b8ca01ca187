"""The elements of each policy: what the rules were asked with, where each was learnt, and what would tell the unknown ones."""

from dataclasses import dataclass

from adjudicator.story import ClaimStory
from api.workbench.language import say
from domain.element import Element, ElementKind
from domain.money import format_fen
from domain.states import DocumentState
from storage.decisions import PolicyAssessment

_EXAMPLES = {
    ElementKind.MONEY: "如 8000.00元",
    ElementKind.DAYS: "如 12天",
    ElementKind.NUMBER: "如 15",
    ElementKind.DAY: "如 2026-08-15",
    ElementKind.YES_NO: "是 或 否",
    ElementKind.TEXT: "按条款的用词",
}


@dataclass(frozen=True)
class ElementRow:
    """One element; `example` shows how a person writes it, "" where nobody can."""

    name: str
    text: str  # "" while it is unknown
    source: str
    example: str


@dataclass(frozen=True)
class ElementsView:
    """The elements of one policy, the unknown ones first; `document_id` is the paper a statement is filed with, "" without one."""

    policy_number: str
    unknown: tuple[ElementRow, ...]
    known: tuple[ElementRow, ...]
    document_id: str


def elements_views(story: ClaimStory) -> tuple[ElementsView, ...]:
    """Prepare the elements of every policy of a claim."""
    read = [each.document_id for each in story.documents if each.state is DocumentState.EXTRACTED]  # what counts as evidence
    policies = story.adjudication.policies if story.adjudication else ()
    return tuple(_view(each, read[0] if read else "") for each in policies)


def _view(assessed: PolicyAssessment, document_id: str) -> ElementsView:
    rows = [(each.value is None, _row(each)) for each in assessed.elements]
    unknown = tuple(row for is_unknown, row in rows if is_unknown)
    return ElementsView(assessed.policy_number, unknown, tuple(row for is_unknown, row in rows if not is_unknown), document_id)


def _row(element: Element) -> ElementRow:
    return ElementRow(element.name, _text(element), element.source, say(_EXAMPLES.get(element.kind, "")))


def _text(element: Element) -> str:
    value = element.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return say("是") if value else say("否")
    if isinstance(value, tuple):
        return say("{count} 行", count=len(value))
    if element.kind is ElementKind.MONEY and isinstance(value, int):
        return format_fen(value)
    return say("{count} 天", count=value) if element.kind is ElementKind.DAYS else str(value)
