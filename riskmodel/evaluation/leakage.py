"""Columns that know too much: what was written down because a claim had been found to be fraud."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from riskmodel.evaluation.columns import CategoryColumn, Typed
from riskmodel.evaluation.encoding import Labels
from riskmodel.evaluation.extract import Extract
from riskmodel.evaluation.values import Numbers

MOST_AUC = 0.95  # of a column alone; beyond it nobody's foresight but somebody's hindsight is measured
MOST_GAP = 0.08  # by which a random split may beat the split in time
_LEAST_ROWS = 20
_AFTERWARDS = re.compile(
    r"\b(paid|settled|settlement|decision|outcome|investigat\w*|siu|denied|declined|reviewer|(claim|final).?status)\b|赔付|结案|结论|调查|拒赔|审核",
    re.I,
)
_PERSONAL = re.compile(r"^(sex|gender|marital.*|race|religion|ethnic.*|nationality|性别|婚姻.*|民族|宗教)$", re.I)


def leaks(typed: Typed, labels: Labels) -> Iterator[str]:
    """Tell of every column that alone tells fraud from the rest, by its values or by being filled in at all."""
    for number in typed.numbers:
        missing = np.isnan(number.values)
        alone = separation(np.where(missing, np.nan, number.values), labels)
        filled = separation(missing.astype(np.float64), labels)
        yield from _told(number.name, max(alone, filled), "whether it is filled in" if filled > alone else "it")
    for category in typed.categories:
        frauds = np.bincount(category.codes, weights=labels, minlength=category.levels)
        counts = np.bincount(category.codes, minlength=category.levels)
        rates = (frauds + labels.mean()) / (counts + 1)
        if (counts >= _LEAST_ROWS).any():
            often = (counts >= _LEAST_ROWS)[category.codes]
            yield from _told(category.name, separation(rates[category.codes][often], labels[often]), "it")
            yield from _pure(category, frauds, counts)


def _told(name: str, auc: float, what: str) -> Iterator[str]:
    if auc > MOST_AUC:
        yield f"{name} leaks: {what} alone tells fraud with an AUC of {auc:.3f}; was it written afterwards? --exclude {name}"


def _pure(category: CategoryColumn, frauds: npt.NDArray[Any], counts: npt.NDArray[Any]) -> Iterator[str]:
    for level in np.flatnonzero((counts >= _LEAST_ROWS) & (frauds >= 0.98 * counts)):
        yield f"{category.name} may leak: one of its values is fraud in {frauds[level]:.0f} of {counts[level]:.0f} claims"
        return


def separation(values: Numbers, labels: Labels) -> float:
    """Give the AUC of a column by itself, whichever way it points; missing values are left aside; 0.5 where nothing can be told."""
    known = np.isfinite(values)
    values, labels = values[known], labels[known]
    frauds = int(labels.sum())
    if len(labels) < _LEAST_ROWS or frauds < 5 or frauds > len(labels) - 5:
        return 0.5
    auc = rank_auc(values, labels)
    return max(auc, 1 - auc)


def rank_auc(scores: Numbers, labels: Labels) -> float:
    """Give the share of pairs of a fraud and another claim in which the fraud scores higher; equal scores count half."""
    frauds = int(labels.sum())
    _, level, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[level]
    return float((ranks[labels == 1].sum() - frauds * (frauds + 1) / 2) / (frauds * (len(labels) - frauds)))


def clocks(typed: Typed, is_later: npt.NDArray[np.bool_]) -> list[str]:
    """Name the columns that tell by themselves whether a claim lies after the split in time: running numbers, years, marks of a period."""
    later = is_later.astype(np.int64)
    found = [number.name for number in typed.numbers if separation(number.values, later) > MOST_AUC]
    for category in typed.categories:
        counts = np.maximum(np.bincount(category.codes, minlength=category.levels), 1)
        shares = np.bincount(category.codes, weights=later, minlength=category.levels) / counts
        if category.levels * _LEAST_ROWS <= len(later) and separation(shares[category.codes], later) > MOST_AUC:
            found.append(category.name)
    return list(dict.fromkeys(found))


def doubts_by_name(extract: Extract, left_out: frozenset[str]) -> Iterator[str]:
    """Tell of columns whose names sound like what is known only afterwards, or like what no decision should rest on."""
    for name in extract.columns:
        if name not in left_out and _AFTERWARDS.search(name.replace("_", " ")):
            yield f"{name} sounds like something known only afterwards: was it there when the claim came in?"
        if name not in left_out and _PERSONAL.match(name):
            yield f"{name} is a trait of a person that a score should not rest on; the product's own model never sees it"


def repeated_rows(extract: Extract, left_out: frozenset[str]) -> Iterator[str]:
    """Tell when rows come twice: one of them in a fold to learn from, the other in the one to be examined on, flatters."""
    kept = [values for name, values in extract.columns.items() if name not in left_out]
    if len(kept) < 3:
        return
    repeated = extract.row_count - len(set(zip(*kept, strict=True)))
    if repeated > 0.01 * extract.row_count:
        yield f"{repeated} rows repeat another in every column: the folds may share them, which flatters"
