"""What a class of document is asked for: field by field, the labels that announce it and the reading of its text."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
    trust: float = 1.0  # what a value loses of its confidence because other values are announced by these labels too
    like: re.Pattern[str] | None = None  # the form of other labels, built by `label_like`; a value under one is loose


LOOSE = 0.8  # trust in a label that now and then announces something else, and in a value that was found without a label


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
    """Find every wanted field whose text can be read; the others are simply not there.

    A field may be wanted several times, the likeliest way first: the first that finds it wins.
    """
    found: dict[str, Field] = {}
    for each in wanted:
        if each.name not in found and (field := find_field(anchors, each)) is not None:
            found[each.name] = field
    return tuple(found.values())


def find_field(anchors: Anchors, wanted: Wanted) -> Field | None:
    """Find one field: the first text beside one of its labels that can be read as its kind.

    Where one and the same label announces two values, as 姓名 does twice on a form, the first is taken, and doubted.
    """
    for label_hits in anchors.beside(*wanted.labels):
        fields = [field for found in label_hits if (field := field_of(wanted, found)) is not None]
        if fields:
            trust = wanted.trust * (LOOSE if len({field.value for field in fields}) > 1 else 1.0)
            return replace(fields[0], confidence=round(fields[0].confidence * trust, 4), is_loose=trust < 1)
    for found in anchors.beside_like(wanted.like) if wanted.like else ():
        if (field := field_of(wanted, found)) is not None:
            return replace(field, confidence=round(field.confidence * LOOSE, 4), is_loose=True)
    return None


def label_like(form: str, but: str = "") -> re.Pattern[str]:
    """Build the form of a label: `X` stands for up to six characters of a word; words of `but` are nowhere in it."""
    word = r"[^\s：:，。；、\d]"
    unless = f"(?!{word}{{0,12}}(?:{but}))" if but else ""
    return re.compile(rf"(?<![^\s：:])\W{{0,2}}{unless}{form.replace('X', word + '{0,6}')}(?=\s*[：:]|\s|$|[\d¥￥])")


def field_of(wanted: Wanted, found: Found) -> Field | None:
    """Read a found text as the wanted field; None when it is nothing of that kind."""
    value = wanted.read(found.text)
    if value is None:
        return None
    return Field(wanted.name, value, round(found.confidence, 4), found.page, found.box, found.text)


def without_loose(fields: Sequence[Field], name: str) -> tuple[Field, ...]:
    """Leave a field out that one label announces with two values: whose it is nobody can say."""
    return tuple(field for field in fields if not (field.name == name and field.is_loose))
