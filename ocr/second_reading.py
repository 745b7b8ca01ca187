"""The second opinion: Tesseract reads the strips of doubtful numbers again.

Two independent readers that agree raise the confidence (`ocr/calibration.py` says by how much it did when it was measured);
two that differ make a finding for a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import cv2
import numpy as np

from domain.document import Box, Field
from domain.errors import ReaderError
from domain.finding import Finding
from ocr.extract.values import read_amount, read_capitals, read_card_number, read_code, read_date, read_days, read_id_number, read_range_end
from ocr.extract.wanted import Value
from ocr.findings import make_finding
from ocr.picture import Pixels
from ocr.settings import OcrSettings
from ocr.validate import CARD_NUMBERS

_OPINION_MIN = 0.6  # a second reading less sure than this is no opinion
_STRIP_HEIGHT_PX = 48
_MARGIN = 0.25  # of the strip's height, white paper around it
_CODES = ("invoice_code", "invoice_number", "check_code", "policy_number", "pathology_number")


class LineReader(Protocol):
    """A reader of strips."""

    def read_lines(self, images: Sequence[object]) -> list[tuple[str, float]]:
        """Read pictures of one line each: the text and a confidence of 0..1 of every one."""
        ...


@dataclass(frozen=True)
class SecondOpinion:
    """The names of the fields that both readers read alike, where they differ, and how many strips were read."""

    agreed: frozenset[str]
    findings: tuple[Finding, ...]
    strips: int


NO_OPINION = SecondOpinion(frozenset(), (), 0)


def read_again(
    fields: Iterable[Field], failed: frozenset[str], uploads: Mapping[int, Pixels], reader: LineReader, settings: OcrSettings
) -> SecondOpinion:
    """Read every doubtful number again that nothing proves: one that failed a check, or was read with little confidence, or of a card.

    `uploads` are the pictures as uploaded by page; a field of a page without one stays as it is.
    """
    doubtful = [
        (field, _strip(uploads[field.page], field.box))
        for field in fields
        if not field.proven and (field.name in failed or field.name in CARD_NUMBERS or field.confidence < settings.doubtful_below)
        if _is_number(field) and field.box is not None and field.page in uploads
    ]
    if not doubtful:
        return NO_OPINION
    try:
        said = reader.read_lines([strip for _, strip in doubtful])
    except ReaderError:
        said = [("", 0.0)] * len(doubtful)  # a second opinion that cannot be had changes nothing
    agreed, findings = set(), []
    for (field, _), (text, confidence) in zip(doubtful, said, strict=True):
        opinion = _read_as(field.name, text) if confidence >= _OPINION_MIN else None
        if opinion == field.value:
            agreed.add(field.name)
        elif opinion is not None:
            findings.append(make_finding("field.readers_disagree", detail=f"{field.value} 与 {opinion}", about=field.name))
    return SecondOpinion(frozenset(agreed), tuple(findings), len(doubtful))


def _strip(upload: Pixels, box: Box) -> Pixels:
    pad = max(2, (box.bottom - box.top) // 8)
    cut = upload[max(0, box.top - pad) : box.bottom + pad, max(0, box.left - pad) : box.right + pad]
    factor = _STRIP_HEIGHT_PX / max(1, cut.shape[0])
    scaled = cv2.resize(cut, (max(1, round(cut.shape[1] * factor)), _STRIP_HEIGHT_PX), interpolation=cv2.INTER_CUBIC)
    margin = round(_STRIP_HEIGHT_PX * _MARGIN)
    return np.asarray(cv2.copyMakeBorder(scaled, margin, margin, margin, margin, cv2.BORDER_REPLICATE), dtype=np.uint8)


def _is_number(field: Field) -> bool:
    return isinstance(field.value, int | date) or field.name in ("id_number", *CARD_NUMBERS, *_CODES)


def _read_as(name: str, text: str) -> Value | None:
    """Read a strip by the kind of field; the label may stand in it, so the last number of a code counts."""
    if name == "total_capitals_fen":
        return read_capitals(text)
    if name == "id_number":
        return read_id_number(text)
    if name in CARD_NUMBERS:
        return read_card_number(text)
    if name.endswith("_fen"):
        return read_amount(text)
    if name.endswith("_date"):
        return (read_range_end(text) if name == "discharge_date" else None) or read_date(text)
    if name.endswith("_days"):
        return read_days(text)
    return read_code(text)
