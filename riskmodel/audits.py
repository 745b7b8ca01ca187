"""What random audits tell of the fraud that nobody looked for: estimates for all claims that went straight through."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_Z = 1.959964  # 95%


@dataclass(frozen=True)
class Audit:
    """One claim that was drawn and looked at: with which probability it was drawn, and what was found."""

    inclusion: float
    is_fraud: bool
    amount_fen: int = 0


@dataclass(frozen=True)
class Estimate:
    """An estimate and the bounds between which 95 of 100 such samples would hold the truth."""

    value: float
    low: float
    high: float


def estimate_missed(audits: Sequence[Audit], seen_share: float = 1.0) -> Estimate:
    """Estimate how many frauds are among all claims that could have been drawn (Horvitz–Thompson): each audit stands for 1/inclusion.

    `seen_share` is the share of the drawn claims of which the finding is there; the others are taken to be like them. The
    interval is that of Fay and Feuer (1997) for weighted sums of rare events, which holds for no fraud at all, too.
    """
    return _sum([(1 / each.inclusion, each.is_fraud) for each in audits], seen_share)


def estimate_missed_fen(audits: Sequence[Audit], seen_share: float = 1.0) -> Estimate:
    """Estimate how much money went into frauds that nobody looked for, in fen; as `estimate_missed` does."""
    return _sum([(each.amount_fen / each.inclusion, each.is_fraud) for each in audits], seen_share)


def _sum(weighed: Sequence[tuple[float, bool]], seen_share: float) -> Estimate:
    if not weighed:
        return Estimate(0.0, 0.0, math.inf)
    found = [weight / seen_share for weight, is_fraud in weighed if is_fraud]
    total, squares, most = sum(found), sum(each**2 for each in found), max(weight for weight, _ in weighed) / seen_share
    low = squares / (2 * total) * _chi_square(2 * total**2 / squares, -_Z) if total else 0.0
    more, more_squares = total + most, squares + most**2
    high = more_squares / (2 * more) * _chi_square(2 * more**2 / more_squares, _Z) if more else 0.0
    return Estimate(total, low, high)


def _chi_square(freedom: float, z: float) -> float:
    """Give the quantile of a chi-square distribution at a normal one (Wilson and Hilferty 1931): within a hundredth from two degrees on."""
    return float(freedom * max(0.0, 1 - 2 / (9 * freedom) + z * math.sqrt(2 / (9 * freedom))) ** 3)
