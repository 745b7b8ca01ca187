"""What `ocr read` says of a document: one JSON object for programs, a table for people. docs/documents.md names the keys."""

from datetime import date
from typing import Any

from rich.table import Table

from domain.document import Box, Document, QualityScore
from domain.errors import InputError, MingbaiError
from domain.money import format_fen


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


def table_of(file: str, document: Document) -> Table:
    """Lay out the fields of a document for a terminal."""
    head = f"{file}  {document.document_class or 'unclassified'} {document.class_confidence:.2f}  {document.state}  {document.reader}"
    table = Table("field", "value", "confidence", "page", "proven", title=head)
    for field in document.fields:
        value = format_fen(field.value) if field.name.endswith("_fen") and isinstance(field.value, int) else str(field.value)
        table.add_row(field.name, value, f"{field.confidence:.2f}", str(field.page + 1), "yes" if field.proven else "")
    return table


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
