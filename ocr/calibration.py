"""Turns how sure a reader felt into how often it is right: a confidence of 0.9 is right nine times in ten.

What a share of right values was measured at stands in a table for each reader, by the kind of field, by what the checks said and
by the reader's own confidence; `python -m bench.ocr_calibration` writes it. Values that were parsed, not read, never come here.
"""

from bisect import bisect_right
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path

from domain.document import Field, InvoiceLine
from domain.errors import SetupError
from ocr.extract.wanted import Extraction

_TABLES: Mapping[str, Path] = {  # by the name of the first reader: the same confidence of another one means something else
    "rapidocr": Path(__file__).with_name("calibration.txt"),
    "tesseract": Path(__file__).with_name("calibration-tesseract.txt"),
}


class Kind(StrEnum):
    """What kind of value a field is: readers err differently on each."""

    AMOUNT = "amount"
    DATE = "date"  # and a number of days, which proves dates
    CHECKED_NUMBER = "checked_number"  # with a check digit: identity and bank card numbers
    CODE = "code"  # of letters and digits, without one
    NAME = "name"  # of a person
    DIAGNOSIS = "diagnosis"
    TEXT = "text"
    LINE = "line"  # what a charged item is: its name and class, of which nothing is a proof
    LINE_AMOUNT = "line_amount"  # what it costs


class Evidence(StrEnum):
    """What speaks for or against a value beside the reader's confidence, the weakest first."""

    DOUBTED = "doubted"  # a check failed, or a second reader read something else
    ALONE = "alone"  # one reader, no check
    AGREED = "agreed"  # two independent readers read the same
    PROVEN = "proven"  # a sum, a check digit or a second writing confirms it


_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("id_number", "card_number", "bank_account"), Kind.CHECKED_NUMBER),
    **dict.fromkeys(("invoice_code", "invoice_number", "check_code", "policy_number", "pathology_number", "diagnosis_icd10"), Kind.CODE),
    **dict.fromkeys(("payer_name", "patient_name", "holder_name", "insured_name", "deceased_name", "attending_doctor"), Kind.NAME),
    **dict.fromkeys(("diagnosis", "conclusion", "cause"), Kind.DIAGNOSIS),
}
_OF_LINES = (Kind.LINE, Kind.LINE_AMOUNT)
_KIND_BY_ENDING = {"_fen": Kind.AMOUNT, "_date": Kind.DATE, "_days": Kind.DATE}


def kind_of(name: str) -> Kind:
    """Tell the kind of a field by its name; what is nothing else is text."""
    ending = next((kind for end, kind in _KIND_BY_ENDING.items() if name.endswith(end)), Kind.TEXT)
    return _KINDS.get(name, ending)


@dataclass(frozen=True)
class Curve:
    """Steps: from the raw confidence `starts[i]` on, the share `shares[i]` is right; both rise."""

    starts: tuple[float, ...]
    shares: tuple[float, ...]

    def share_at(self, raw: float) -> float:
        """Tell what share is right at a raw confidence of 0..1."""
        return self.shares[max(0, bisect_right(self.starts, raw) - 1)]


@dataclass(frozen=True)
class Calibration:
    """One curve for every kind and evidence."""

    curves: Mapping[tuple[Kind, Evidence], Curve]

    def probability(self, kind: Kind, evidence: Evidence, raw: float) -> float:
        """Tell how probable it is that a value is right."""
        return self.curves[kind, evidence].share_at(raw)


def evidence_of(extraction: Extraction, failed: frozenset[str], agreed: frozenset[str]) -> dict[str, Evidence]:
    """Tell for every field by its name, and for the charged items as lines/0 …, what speaks for or against it.

    An item is doubted when a check says so of it, or when the total that it is part of failed.
    """
    told = {field.name: _evidence(field, failed, agreed) for field in extraction.fields}
    is_total_doubted = told.get("total_fen") is Evidence.DOUBTED or _sum_differs(extraction)
    for place, line in enumerate(extraction.lines):
        key = line_key(place)
        is_doubted = key in failed or is_total_doubted
        told[key] = Evidence.PROVEN if line.proven else Evidence.DOUBTED if is_doubted else Evidence.ALONE
    return told


def evidence_for(kind: Kind, evidence: Evidence) -> Evidence:
    """Tell what the evidence on a charged item says of one part of it: sums prove what it costs, and nothing proves a name."""
    return Evidence.ALONE if kind is Kind.LINE and evidence is Evidence.PROVEN else evidence


def line_key(place: int) -> str:
    """Name a charged item as findings speak of it: lines/0 for the first."""
    return f"lines/{place}"


def _sum_differs(extraction: Extraction) -> bool:
    total = extraction.field("total_fen")
    return total is not None and total.proven and total.value != sum(line.amount_fen for line in extraction.lines)


def calibrate(extraction: Extraction, evidence: Mapping[str, Evidence], pages: Container[int], calibration: Calibration) -> Extraction:
    """Put the measured share of right values in place of the reader's own confidence, for what was read on these pages.

    The confidence of a charged item is that of what it is or of what it costs, whichever is less sure.
    """
    fields = tuple(
        replace(field, confidence=calibration.probability(kind_of(field.name), evidence[field.name], field.confidence))
        if field.page in pages and field.box is not None  # without a box it came from data, not from a picture
        else field
        for field in extraction.fields
    )
    lines = tuple(
        replace(line, confidence=_line_confidence(line, evidence[line_key(place)], calibration)) if line.page in pages else line
        for place, line in enumerate(extraction.lines)
    )
    return replace(extraction, fields=fields, lines=lines)


def _line_confidence(line: InvoiceLine, evidence: Evidence, calibration: Calibration) -> float:
    return min(calibration.probability(kind, evidence_for(kind, evidence), line.confidence) for kind in _OF_LINES)


def _evidence(field: Field, failed: frozenset[str], agreed: frozenset[str]) -> Evidence:
    if field.proven:
        return Evidence.PROVEN
    # A number that bears its own proof and is not proven is a doubt, however sure the reader felt: of 19 digits read as 18,
    # one in ten passes the check digit by chance.
    if field.name in failed or kind_of(field.name) is Kind.CHECKED_NUMBER:
        return Evidence.DOUBTED
    # A second reader reads the same strip: it says nothing about whether the strip is that of the field.
    return Evidence.AGREED if field.name in agreed and not field.is_loose else Evidence.ALONE


def table_of(reader: str) -> Path:
    """Tell where the table of the reader "rapidocr" or "tesseract" is."""
    return _TABLES[reader]


@cache
def load_calibration(path: Path) -> Calibration:
    """Load a measured table; read once.

    Raises:
        SetupError: a line that is none, a share outside 0..1 or falling, a kind or evidence without a curve.
    """
    rows: dict[tuple[Kind, Evidence], list[tuple[float, float]]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            key, start, share = _parse(line, f"{path.name}:{number}")
            steps = rows.setdefault(key, [])
            if not (start >= 0 and 0 <= share <= 1) or (steps and not (start > steps[-1][0] and share >= steps[-1][1])):
                raise _broken(f"{path.name}:{number} is out of order or outside 0..1: {line.strip()!r}")
            steps.append((start, share))
    lacking = [f"{kind} {evidence}" for kind in Kind for evidence in Evidence if (kind, evidence) not in rows]
    if lacking or any(steps[0][0] != 0 for steps in rows.values()):
        raise _broken(f"{path.name} has no steps from 0 on for: {', '.join(lacking) or 'some curve'}")
    return Calibration({key: Curve(*map(tuple, zip(*steps, strict=True))) for key, steps in rows.items()})


def _parse(line: str, where: str) -> tuple[tuple[Kind, Evidence], float, float]:
    try:
        kind, evidence, start, share, *_ = line.split()
        return (Kind(kind), Evidence(evidence)), float(start), float(share)
    except ValueError as error:
        raise _broken(f"{where} is no row of kind, evidence, raw confidence, share: {line.strip()!r}") from error


def _broken(what: str) -> SetupError:
    return SetupError(what, "write it anew: python -m bench.ocr_calibration --write")
