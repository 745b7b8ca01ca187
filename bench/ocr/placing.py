"""Holds the box that a reader reports against the place where the photograph truly shows the value."""

from collections.abc import Mapping
from dataclasses import replace

from bench.ocr.judging import Judged
from domain.document import Box, Document
from sandbox.exposure import Place

_OVERLAP_MIN = 0.3


def hold_box(judged: Judged, document: Document, places: Mapping[str, Place]) -> Judged:
    """Tell whether a person who looks at the box finds the value; nothing is told of wrong values, nor of print outside the picture."""
    if not judged.is_right or judged.read is None:
        return judged
    place = places["/".join(judged.name.split("/")[:2])]
    if place.box is None:
        return judged
    box = box_of(document, judged.key)
    return replace(judged, is_box_right=box is not None and is_at(box, place.box))


def box_of(document: Document, key: str) -> Box | None:
    """Give the box that a document reports for a field, or for lines/0, lines/1 …."""
    if key.startswith("lines/"):
        return document.lines[int(key.removeprefix("lines/"))].box
    field = document.field(key)
    return field.box if field else None


def is_at(box: Box, true: Box) -> bool:
    """Tell whether a box covers the middle of the true one, or shares enough of their union."""
    across, down = (true.left + true.right) / 2, (true.top + true.bottom) / 2
    covers = box.left <= across <= box.right and box.top <= down <= box.bottom
    return covers or overlap(box, true) >= _OVERLAP_MIN


def overlap(one: Box, other: Box) -> float:
    """Compute which share of the union of two boxes both cover."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / (_area(one) + _area(other) - both)


def _area(box: Box) -> int:
    return (box.right - box.left) * (box.bottom - box.top)
