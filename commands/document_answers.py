"""What `ocr read` says of a document: one JSON object for programs, tables for people. docs/documents.md names the keys."""

from datetime import date
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Column, Table
from rich.text import Text

from commands.options import console
from domain.document import Box, Document, QualityScore
from domain.errors import InputError, MingbaiError
from domain.money import format_fen
from ocr.quality import READING_FAILS


def object_of(file: str, document: Document) -> dict[str, Any]:
    """Write a document as a JSON object: amounts whole fen, days ISO 8601, pages from 1, boxes [left, top, right, bottom]."""
    return {
        "file": file,
        "class": document.document_class,
        "class_confidence": document.class_confidence,
        "state": document.state,
        "media_type": document.media_type,
        "reader": document.reader,
        "pages": [number + 1 for number in document.pages],
        "quality": _worst_of(document.quality),
        "fields": {
            each.name: {
                "value": each.value.isoformat() if isinstance(each.value, date) else each.value,
                "confidence": each.confidence,
                "page": each.page + 1,
                "box": _sides(each.box),
                "proven": each.proven,
            }
            for each in document.fields
        },
        "lines": [
            {
                "name": each.name,
                "amount_fen": each.amount_fen,
                "list_class": each.list_class,
                "specification": each.specification,
                "unit_price_fen": each.unit_price_fen,
                "quantity": each.quantity,
                "confidence": each.confidence,
                "page": each.page + 1,
                "box": _sides(each.box),
                "proven": each.proven,
            }
            for each in document.lines
        ],
        "findings": [
            {"code": each.code, "severity": each.severity, "message": each.message, "advice": each.advice, "about": each.about}
            for each in document.findings
        ],
    }


def error_object_of(file: str, error: MingbaiError | OSError) -> dict[str, Any]:
    """Write why a file could not be read: the code, what happened, the way out, and that in the customer's words."""
    if isinstance(error, MingbaiError):
        told = {"code": error.code, "what": error.what, "way_out": error.way_out, "advice": advice_of(error)}
    else:
        told = {"code": "file", "what": str(error), "way_out": "name a file that can be read", "advice": ""}
    return {"file": file, "error": told}


def advice_of(error: Exception) -> str:
    """Tell the customer's way out of an error, "" when it has none in Chinese."""
    return error.advice_zh if isinstance(error, InputError) else ""


def print_document(file: str, document: Document) -> None:
    """Write for people what was read: class, quality, fields with confidence and box, charged items, findings."""
    head = f"{file}  {document.document_class or 'unclassified'} {document.class_confidence:.2f}  {document.state}  {document.reader}"
    console.print(f"\n{head}", style="bold", markup=False, soft_wrap=True)
    if document.quality:
        console.print(f"  quality: {_quality_of(document)}", markup=False, soft_wrap=True)
    if document.fields:
        console.print(_fields_of(document))
    if document.lines:
        console.print(_items_of(document))
    for finding in document.findings:
        console.print(f"  {finding.severity}: {finding.message} {finding.advice}", markup=False, soft_wrap=True)


def _quality_of(document: Document) -> str:
    """Tell the probability that decides, and every score beyond its threshold."""
    scores = _worst_of(document.quality)
    told = [f"{READING_FAILS} {scores.pop(READING_FAILS)['score']:.2f}"] if READING_FAILS in scores else []
    return ", ".join(
        [*told, *(f"{name} {each['score']:.2f} > {each['threshold']:.2f}" for name, each in scores.items() if not each["passed"])]
    )


def _fields_of(document: Document) -> Table:
    table = _table("field", "value", "confidence", "page: box")
    for field in document.fields:
        value = format_fen(field.value) if field.name.endswith("_fen") and isinstance(field.value, int) else str(field.value)
        table.add_row(field.name, Text(value), _sure(field.confidence, field.proven), _place(field.page, field.box))
    return table


def _items_of(document: Document) -> Table:
    table = _table("item", "specification", "price × pieces", "amount", "class", "confidence", "page")
    for line in document.lines:
        price = "" if line.unit_price_fen is None else f"{format_fen(line.unit_price_fen)} × "
        counted = price + ("" if line.quantity is None else str(line.quantity))
        words = Text(line.name), Text(line.specification), counted, format_fen(line.amount_fen), line.list_class
        table.add_row(*words, _sure(line.confidence, line.proven), str(line.page + 1))
    return table


def _table(*heads: str) -> Table:
    """Make a table whose values are broken at the edge of a narrow terminal, and never cut."""
    return Table(*(Column(head, overflow="fold") for head in heads), box=SIMPLE_HEAD, padding=(0, 1, 0, 0))


def _sure(confidence: float, proven: bool) -> str:
    return f"{confidence:.2f} proven" if proven else f"{confidence:.2f}"


def _place(page: int, box: Box | None) -> str:
    return str(page + 1) if box is None else f"{page + 1}: {box.left},{box.top}–{box.right},{box.bottom}"


def _worst_of(scores: tuple[QualityScore, ...]) -> dict[str, dict[str, Any]]:
    """Give each measurement once; of several pages the first that failed, else the first."""
    worst: dict[str, QualityScore] = {}
    for score in scores:
        if score.name not in worst or (worst[score.name].passed and not score.passed):
            worst[score.name] = score
    return {
        name: {"score": score.score, "threshold": score.threshold, "passed": score.passed, "advice": score.advice}
        for name, score in worst.items()
    }


def _sides(box: Box | None) -> list[int] | None:
    return None if box is None else [box.left, box.top, box.right, box.bottom]
