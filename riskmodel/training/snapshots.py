"""Which claims a day may learn from: those scored long enough before it, with the labels that were known by then."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.errors import InputError
from domain.risk import FeatureRow
from riskmodel.evaluation.values import is_missing, read_days, read_number


@dataclass(frozen=True)
class Snapshot:
    """A feature row as it was stored when its claim was first scored, and what was at stake."""

    claim_id: str
    scored_on: date
    row: FeatureRow
    amount_fen: int


@dataclass(frozen=True)
class Finding:
    """What became of a claim, and since when that is known."""

    is_fraud: bool
    known_on: date


@dataclass(frozen=True)
class Learnable:
    """A snapshot whose label has had time to arrive."""

    snapshot: Snapshot
    is_fraud: bool


def learnable_on(as_of: date, delay_days: int, snapshots: Iterable[Snapshot], findings: Mapping[str, Sequence[Finding]]) -> list[Learnable]:
    """Give what a training on `as_of` may see, the oldest claim first.

    A claim scored on the day `as_of - delay` is old enough. A finding known on `as_of` itself counts, a later one does
    not exist yet; of several the last one stands. A claim that is old enough and that nobody found to be fraud counts as none.
    """
    chosen = []
    for snapshot in snapshots:
        if snapshot.scored_on > as_of - timedelta(days=delay_days):
            continue
        known = sorted((each for each in findings.get(snapshot.claim_id, ()) if each.known_on <= as_of), key=lambda each: each.known_on)
        chosen.append(Learnable(snapshot, bool(known) and known[-1].is_fraud))
    return sorted(chosen, key=lambda each: (each.snapshot.scored_on, each.snapshot.claim_id))


def together(findings: Iterable[tuple[str, Finding]]) -> dict[str, list[Finding]]:
    """Gather findings by claim, in the order they come."""
    gathered: dict[str, list[Finding]] = {}
    for claim_id, finding in findings:
        gathered.setdefault(claim_id, []).append(finding)
    return gathered


def parse_findings(text: str) -> dict[str, list[Finding]]:
    """Read the register of findings: a CSV with the columns claim_id, is_fraud (1 or 0) and known_on.

    Raises:
        InputError: a column that is missing, or a line that cannot be read, by its number.
    """
    lines = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    for name in ("claim_id", "is_fraud", "known_on"):
        if name not in (lines.fieldnames or ()):
            raise InputError(f"the findings have no column {name}", "give claim_id,is_fraud,known_on in the first line", field=name)
    findings: list[tuple[str, Finding]] = []
    for line in lines:
        claim_id, label, day = ((line[name] or "").strip() for name in ("claim_id", "is_fraud", "known_on"))
        known_on = read_days([day])[0]
        if is_missing(claim_id) or read_number(label) not in (0, 1) or known_on != known_on:
            told = f"line {lines.line_num} of the findings cannot be read: {claim_id!r}, {label!r}, {day!r}"
            raise InputError(told, "write C2024…,1,2024-08-15")
        findings.append((claim_id, Finding(read_number(label) == 1, date.fromordinal(int(known_on)))))
    return together(findings)
