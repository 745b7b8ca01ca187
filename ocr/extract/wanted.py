"""What a class of document is asked for: field by field, the labels that announce it and the reading of its text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.document import Field, InvoiceLine
from ocr.extract.anchors import Anchors, Found

Value = int | date | str


@dataclass(frozen=True)
class Wanted:
    """One field: its name in `FIELD_LABELS_ZH`, how its text is read, and every label it is printed under."""

    name: str
    read: Callable[[str], Value | None]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Extraction:
    """What was found on a document of a known class."""

    fields: tuple[Field, ...]
    lines: tuple[InvoiceLine, ...] = ()

    def field(self, name: str) -> Field | None:
        """Find a field by its name."""
        return next((each for each in self.fields if each.name == name), None)


def labels_of(wanted: Sequence[Wanted], *others: str) -> tuple[str, ...]:
    """List every label of a class, where values must end, with the labels whose values nobody asks for."""
    return tuple(label for each in wanted for label in each.labels) + others


def find_fields(anchors: Anchors, wanted: Sequence[Wanted]) -> tuple[Field, ...]:
    """Find every wanted field whose text can be read; the others are simply not there."""
    found = (find_field(anchors, each) for each in wanted)
    return tuple(each for each in found if each is not None)


def find_field(anchors: Anchors, wanted: Wanted) -> Field | None:
    """Find one field: the first text beside one of its labels that can be read as its kind."""
    for found in anchors.beside(*wanted.labels):
        field = field_of(wanted, found)
        if field is not None:
            return field
    return None


def field_of(wanted: Wanted, found: Found) -> Field | None:
    """Read a found text as the wanted field; None when it is nothing of that kind."""
    value = wanted.read(found.text)
    if value is None:
        return None
    return Field(wanted.name, value, round(found.confidence, 4), found.page, found.box, found.text)
