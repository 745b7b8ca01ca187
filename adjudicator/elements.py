"""Elements (要素): the facts of one policy's claim, in the names that its book uses, each with its source.

An element is what a person established (人工认定), else what the policy carries among its particulars (保单要素), else what
the table of elements finds in contract, papers and medical base. What nobody tells stays unknown and names what would tell it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from adjudicator.element_table import entry_of, find_of
from adjudicator.known import Known, Told
from domain.element import Element, ElementKind, ElementValue
from domain.errors import InputError
from domain.finding import Finding, Severity
from rules.element_texts import parse_elements
from rules.model import Book
from rules.model import Element as Declared
from rules.replay import opened
from rules.types import DAYS, MONEY, ListType, NumberType, SimpleType
from rules.values import fits

# The words of the medical base as a book in English writes them.
_ENGLISH = {"未定级": "ungraded", "一级": "first", "二级": "second", "三级": "third", "公立": "public", "民营": "private"}


@dataclass(frozen=True)
class Built:
    """The elements of one policy's claim, and what a person must look at before a default stands for one of them."""

    elements: tuple[Element, ...]
    findings: tuple[Finding, ...]


def build_elements(book: Book, known: Known) -> Built:
    """Build every element that a book declares, in its order."""
    told = {name: _tell(book, known, declared) for name, declared in book.elements.items()}
    elements = (_element(book.elements[name], each) for name, each in told.items())
    return Built(tuple(elements), tuple(_findings(told.items())))


def stored_values(elements: Iterable[Element]) -> dict[str, ElementValue]:
    """Give the values by name as a decision stores them, unknown ones as None."""
    return {each.name: each.value for each in elements}


def _tell(book: Book, known: Known, declared: Declared) -> Told:
    name = declared.name
    if name in known.evidence.statements:
        return _established(book, name, known.evidence.statements[name])
    if name in known.policy.particulars:
        told = Told(known.policy.particulars[name], f"保单 {known.policy.policy_number} 的保单要素")
    else:
        told = find_of(name)(known, declared)
    stored = _stored(told.value)
    for value in (stored, _ENGLISH.get(stored) if isinstance(stored, str) else None):
        if value is not None and _fits(book, name, value):
            return Told(value, told.source, told.doubt)
    if stored is None:
        return told
    said = f"「{stored}」" if isinstance(stored, (int, str)) else ""
    return Told(doubt=f"{told.source}给出的{name}{said}不在条款的取值之内")


def _fits(book: Book, name: str, value: ElementValue) -> bool:
    try:
        return fits(book, name, opened(book, {name: value})[name])
    except ValueError:  # a text that is no day
        return False


def _established(book: Book, name: str, text: str) -> Told:
    try:
        value = parse_elements(book, {name: text})[name]
    except InputError as error:
        return Told(doubt=f"人工认定的{name}「{text}」条款不能接受：{error.what}")
    assert value is None or isinstance(value, (int, str, date))  # noqa: S101 – a text is never a list
    return Told(_stored(value), "人工认定")


def _stored(value: ElementValue | date) -> ElementValue:
    return value.isoformat() if isinstance(value, date) else value


def _element(declared: Declared, told: Told) -> Element:
    assert not isinstance(told.value, date)  # noqa: S101 – days are stored as text
    source = told.source if told.value is not None else declared.ask_for or entry_of(declared.name).ask
    return Element(declared.name, _kind(declared), told.value, source)


def _kind(declared: Declared) -> ElementKind:
    type_ = declared.type
    if isinstance(type_, NumberType):
        return ElementKind.MONEY if type_ == MONEY else ElementKind.DAYS if type_ == DAYS else ElementKind.NUMBER
    if isinstance(type_, ListType):
        return ElementKind.LINES
    if type_ is SimpleType.DATE:
        return ElementKind.DAY
    return ElementKind.YES_NO if type_ is SimpleType.BOOLEAN else ElementKind.TEXT


def _findings(told: Iterable[tuple[str, Told]]) -> Iterable[Finding]:
    for name, each in told:
        if each.doubt:
            yield Finding("element.doubtful", Severity.DOUBT, each.doubt, "请核对，或由人认定", about=name)
