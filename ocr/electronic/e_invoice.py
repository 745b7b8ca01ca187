"""E-invoices as XML: fields and charged items, under the element names of the kinds in `e_invoice_kinds.py`.

No public standard lays down the whole of any kind, so a name counts wherever it stands in the document, and one that
stands for two values counts for none.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from domain.document import FIELD_LABELS_ZH, DocumentClass, Field, InvoiceLine
from domain.errors import AmountError
from domain.finding import Finding
from domain.money import parse_capitals, parse_fen
from ocr.electronic.e_invoice_kinds import KINDS, Items, Kind
from ocr.electronic.xml import parse_xml
from ocr.extract.values import read_date, to_half_width
from ocr.extract.wanted import Extraction, Value
from ocr.findings import make_finding

XML_READER = "xml"
_TEXT_MAX = 200  # characters of a value
_LINES_MAX = 5000
_LIST_CLASS = re.compile(r"([甲乙丙])类?")
_QUANTITY = re.compile(r"([0-9]{1,4})(?:\.0+)?")
_TAX_CATEGORY = re.compile(r"^\*[^*]{1,20}\*")  # *医疗服务*诊查费
_MEDICAL = re.compile(r"医|药|诊所|卫生|康复|疗|护理|体检|妇幼|保健院|口腔|眼科")


@dataclass(frozen=True)
class EInvoice:
    """What an e-invoice says: every field with confidence 1, on the first page, without a box."""

    extraction: Extraction
    findings: tuple[Finding, ...] = ()

    def text(self) -> str:
        """Write it as lines of label and value, for people and for searching."""
        labels = FIELD_LABELS_ZH[DocumentClass.MEDICAL_INVOICE]
        fields = [f"{labels[each.name]}：{each.raw}" for each in self.extraction.fields]
        return "\n".join(fields + [f"{line.name} {line.amount_fen / 100:.2f}" for line in self.extraction.lines])


def read_e_invoice(content: bytes, max_bytes: int) -> EInvoice | str:
    """Read an e-invoice; of a document that is none, only the name of its root is given.

    Raises:
        UnreadableFileError: not well formed, of an unknown encoding, or with a document type.
        FileTooLargeError: beyond the bounds on bytes, depth or elements.
    """
    root = parse_xml(content, max_bytes).root
    return e_invoice_of(root) or root.tag[:_TEXT_MAX]


def e_invoice_of(root: Element) -> EInvoice | None:
    """Read an e-invoice from its elements; None when they are none of a known kind."""
    names = {each.tag for each in root.iter()}
    kind = next((kind for kind in KINDS if names.issuperset(kind.marks)), None)
    return None if kind is None else _read(root, kind)


def _read(root: Element, kind: Kind) -> EInvoice:
    texts = _texts_of(root, kind.items.element)
    fields: list[Field] = []
    findings: tuple[Finding, ...] = ()
    labels = FIELD_LABELS_ZH[DocumentClass.MEDICAL_INVOICE]
    for name, elements in kind.fields.items():
        said = next((texts[element] for element in elements if element in texts), ())
        if len(said) > 1:
            findings += (make_finding("document.xml_ambiguous", detail=f"{labels[name]} {'、'.join(said[:3])}", about=name),)
        elif said and (value := _value_of(name, said[0])) is not None:
            fields.append(Field(name, value, 1.0, raw=said[0]))
    extraction = Extraction(tuple(fields), _lines_of(root, kind.items))
    seller = extraction.field("hospital_name")
    if not kind.is_medical and seller is not None and not _is_medical(str(seller.value), extraction.lines):
        findings += (make_finding("document.not_medical", detail=str(seller.value), about="hospital_name"),)
    return EInvoice(extraction, findings)


def _texts_of(root: Element, item: str) -> dict[str, tuple[str, ...]]:
    """Collect the different texts that stand under each name, items aside: they repeat by nature."""
    of_items = {each for found in root.iter(item) for each in found.iter()}
    texts: dict[str, dict[str, None]] = {}
    for element in root.iter():
        text = (element.text or "").strip()[:_TEXT_MAX]
        if text and element not in of_items:
            texts.setdefault(element.tag, {})[text] = None
    return {name: tuple(each) for name, each in texts.items()}


def _value_of(name: str, text: str) -> Value | None:
    if name == "total_capitals_fen":
        return _or_none(parse_capitals, text)
    if name.endswith("_fen"):
        return _fen(text)
    if name.endswith("_date"):
        return read_date(text)
    if name.endswith("_days"):
        return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else None
    return text


def _fen(text: str) -> int | None:
    return _or_none(lambda figures: parse_fen(figures, may_be_negative=True), to_half_width(text))


def _or_none(parse: Callable[[str], int], text: str) -> int | None:
    try:
        return parse(text)
    except AmountError:
        return None


def _lines_of(root: Element, items: Items) -> tuple[InvoiceLine, ...]:
    lines = []
    for item in list(root.iter(items.element))[:_LINES_MAX]:
        texts = _texts_in(item)
        name, amount = _first(texts, items.name), _amount_of(texts, items)
        if name and amount is not None:
            quantity = _QUANTITY.fullmatch(_first(texts, items.quantity))
            list_class = _LIST_CLASS.search(_first(texts, items.list_class))
            lines.append(
                InvoiceLine(
                    _TAX_CATEGORY.sub("", name),
                    amount,
                    list_class[1] if list_class else "",
                    quantity=int(quantity[1]) if quantity else None,
                )
            )
    return tuple(lines)


def _texts_in(item: Element) -> dict[str, str]:
    """Give the texts of an item by their names: of one that stands twice, the first."""
    texts: dict[str, str] = {}
    for each in item:
        texts.setdefault(each.tag, (each.text or "").strip()[:_TEXT_MAX])
    return texts


def _amount_of(item: Mapping[str, str], items: Items) -> int | None:
    whole = _first(item, items.amount)
    if whole or not items.parts:
        return _fen(whole)
    parts = [_fen(text) for part in items.parts if (text := _first(item, (part,))) and text.strip("*")]  # *** for an exempt item
    told = [part for part in parts if part is not None]
    return sum(told) if told and len(told) == len(parts) else None


def _first(texts: Mapping[str, str], names: tuple[str, ...]) -> str:
    for name in names:
        if text := texts.get(name):
            return text
    return ""


def _is_medical(seller: str, lines: tuple[InvoiceLine, ...]) -> bool:
    return _MEDICAL.search(seller) is not None or any(_MEDICAL.search(line.name) for line in lines)
