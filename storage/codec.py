"""Values of `domain` as JSON text and back, exactly: dates as ISO days, fractions as "n/d", enums by value."""

import hashlib
import json
from collections.abc import Hashable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

from domain.document import Document, Field

_Value = TypeVar("_Value")


@cache
def _cached_adapter(of: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(Any, of))


def _adapter(of: Any) -> TypeAdapter[Any]:
    return _cached_adapter(of)


def to_json(value: object, of: Any) -> str:
    """Write a value of type `of` as JSON text."""
    return _adapter(of).dump_json(value).decode()


def from_json(text: str, of: type[_Value]) -> _Value:
    """Read back what `to_json` wrote."""
    value: _Value = _adapter(of).validate_json(text)
    return value


def document_from_json(text: str) -> Document:
    """Read a document back; JSON has no dates, so a field's name tells which values are days.

    Only the name: left to choose, Pydantic takes the invoice number 1709251200 for the day that second falls on.
    """
    document = from_json(text, Document)
    written = (each["value"] for each in json.loads(text)["fields"])
    return replace(document, fields=tuple(map(_with_value, document.fields, written)))


def _with_value(field: Field, written: int | str) -> Field:
    if field.name.endswith("_date") and isinstance(written, str):
        return replace(field, value=date.fromisoformat(written))
    return replace(field, value=written)


def canonical_json(value: object) -> str:
    """Write plain JSON data in the one form that is hashed: sorted keys, no spaces."""
    return _CANONICAL.encode(value)


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)  # made once: it is asked all the time


def sha256_of(value: object) -> str:
    """Hash plain JSON data in its canonical form."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()
