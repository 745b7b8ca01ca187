"""Why a score is what it is: at most five groups of features, each a Chinese sentence with the values in it."""

import math
from collections.abc import Mapping

from domain.risk import FeatureRow, Reason
from riskmodel.features import FEATURE_OF, GROUPS

MOST_REASONS = 5
LEAST_POINTS = 1.0  # a twentieth of a doubling of the odds: below that it is not worth a sentence


def tell_reasons(row: FeatureRow, points: Mapping[str, float]) -> tuple[Reason, ...]:
    """Group the points of a row by feature group, the weightiest group first.

    A group's sentence tells the features that push the way the whole group does.
    """
    reasons = [_reason(group, row, points) for group in GROUPS]
    telling = [reason for reason in reasons if reason is not None and abs(reason.points) >= LEAST_POINTS]
    return tuple(sorted(telling, key=lambda reason: -abs(reason.points))[:MOST_REASONS])


def _reason(group: str, row: FeatureRow, points: Mapping[str, float]) -> Reason | None:
    members = {name: points[name] for name in points if FEATURE_OF[name].group == group}
    total = sum(members.values())
    pushing = sorted((name for name in members if members[name] * total > 0), key=lambda name: -abs(members[name]))
    told = [name for name in pushing if abs(members[name]) >= LEAST_POINTS] or pushing[:1]
    if not told:
        return None
    return Reason(group, GROUPS[group] + "：" + "，".join(_tell(name, row[name]) for name in told), round(total, 1))


def _tell(name: str, value: float) -> str:
    feature = FEATURE_OF[name]
    return f"{feature.meaning}未知" if math.isnan(value) else feature.tell(value)
