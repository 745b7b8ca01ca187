"""Fits the share of right values to what readers felt, and measures how far felt and true shares are apart."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bench.ocr.judging import judge
from bench.ocr.pages import Shot
from bench.ocr.reading import Reading, RememberingReader, read_all
from ocr.calibration import Evidence, Kind, evidence_for, kind_of

STARTS = (0.0, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995)  # of raw confidence: finer where most values lie
_OVERALL_WEIGHT = 4.0  # observations that all confidences together count for in one step of all kinds
_POOL_WEIGHT = 6.0  # observations that all kinds together count for in the curve of one kind


@dataclass(frozen=True)
class Seen:
    """One value that was read, from a page whose truth is known."""

    kind: Kind
    evidence: Evidence
    raw: float
    confidence: float  # as the document says it
    is_right: bool


def observe(reader: RememberingReader, shots: Iterable[Shot]) -> list[Seen]:
    """Read shots, and list every value that was found."""
    return [seen for reading in read_all(shots, reader) for seen in _seen(reading, reader)]


def observe_agreement(reader: RememberingReader, shots: Iterable[Shot]) -> list[Seen]:
    """List the values that both readers read alike, with a reader whose settings ask the second one about every number."""
    return [seen for seen in observe(reader, shots) if seen.evidence is Evidence.AGREED]


def _seen(reading: Reading, reader: RememberingReader) -> Iterable[Seen]:
    for each in judge(reading.shot.page, reading.document):
        if each.read is not None:
            kind = kind_of(each.name) if not each.is_line else Kind.LINE_AMOUNT if each.is_amount else Kind.LINE
            yield Seen(kind, evidence_for(kind, reader.evidence[each.key]), reader.raw[each.key], each.confidence, each.is_right)


def fit(seen: Sequence[Seen]) -> dict[tuple[Kind, Evidence], list[tuple[float, float, int, int]]]:
    """Fit steps of raw confidence, share, right and seen for every kind and evidence.

    A kind with few values leans on all kinds together, but for what charged items are: they are many, and as sure as the worst
    cell of a row, which says less of a name than a field's own confidence. Shares never fall with the raw confidence, nor with
    stronger evidence.
    """
    curves: dict[tuple[Kind, Evidence], list[tuple[float, float, int, int]]] = {}
    for evidence in Evidence:
        for kinds in ([Kind.LINE], [kind for kind in Kind if kind is not Kind.LINE]):
            own = [each for each in seen if each.evidence is evidence and each.kind in kinds]
            curves |= {(kind, evidence): steps for kind, steps in _fit_together(own, kinds)}
    for kind in Kind:
        _order_by_evidence(curves, kind)
    return curves


def _fit_together(seen: Sequence[Seen], kinds: Sequence[Kind]) -> Iterator[tuple[Kind, list[tuple[float, float, int, int]]]]:
    """Fit each of some kinds that lean on each other, to values of one evidence."""
    overall = (sum(each.is_right for each in seen) + 1) / (len(seen) + 2)
    highest = 1 - 1 / (len(seen) + 2)  # no share is more certain than so many values can make it
    pooled = [min(highest, (right + _OVERALL_WEIGHT * overall) / (count + _OVERALL_WEIGHT)) for right, count in _counts(seen)]
    for kind in kinds:
        counts = _counts([each for each in seen if each.kind is kind])
        leaning = zip(counts, pooled, strict=True)
        shares = [min(highest, (right + _POOL_WEIGHT * pool) / (count + _POOL_WEIGHT)) for (right, count), pool in leaning]
        rising = _rising(shares, [count + _POOL_WEIGHT for _, count in counts])
        yield kind, [(start, share, right, count) for start, share, (right, count) in zip(STARTS, rising, counts, strict=True)]


def _counts(seen: Sequence[Seen]) -> list[tuple[int, int]]:
    """Count right and all values in each step."""
    edges = [*STARTS, 2.0]
    steps = [[each.is_right for each in seen if start <= each.raw < end] for start, end in pairwise(edges)]
    return [(sum(step), len(step)) for step in steps]


def _rising(shares: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Pool neighbours that fall until none does: the rising steps nearest to the shares (isotonic regression)."""
    pools: list[tuple[float, float, int]] = []
    for share, weight in zip(shares, weights, strict=True):
        pools.append((share, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (first, heavy, many), (second, light, few) = pools[-2:]
            pools[-2:] = [((first * heavy + second * light) / (heavy + light), heavy + light, many + few)]
    return [share for share, _, many in pools for _ in range(many)]


def _order_by_evidence(curves: dict[tuple[Kind, Evidence], list[tuple[float, float, int, int]]], kind: Kind) -> None:
    alone = [step[1] for step in curves[kind, Evidence.ALONE]]
    agreed = [max(low, step[1]) for low, step in zip(alone, curves[kind, Evidence.AGREED], strict=True)]
    proven = [max(low, step[1]) for low, step in zip(agreed, curves[kind, Evidence.PROVEN], strict=True)]
    doubted = [min(high, step[1]) for high, step in zip(alone, curves[kind, Evidence.DOUBTED], strict=True)]
    for evidence, shares in ((Evidence.AGREED, agreed), (Evidence.PROVEN, proven), (Evidence.DOUBTED, doubted)):
        steps = curves[kind, evidence]
        curves[kind, evidence] = [(step[0], share, step[2], step[3]) for step, share in zip(steps, shares, strict=True)]


def calibration_error(pairs: Sequence[tuple[float, bool]], edges: Sequence[float]) -> float:
    """Compute the expected calibration error: how far mean confidence and share of right values are apart, weighted over the steps."""
    steps = [[pair for pair in pairs if low <= pair[0] < high] for low, high in pairwise(edges)]
    return sum(abs(sum(told for told, _ in step) - sum(right for _, right in step)) for step in steps) / max(1, len(pairs))
