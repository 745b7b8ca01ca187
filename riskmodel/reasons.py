"""Why a score is what it is: at most five groups of features, each a sentence in Chinese and in English with the values in it."""

from collections.abc import Mapping

from domain.risk import FeatureRow, Reason
from riskmodel.features import FEATURE_OF, GROUPS

MOST_REASONS = 5
LEAST_POINTS = 1.0  # a twentieth of a doubling of the odds: below that it is not worth a sentence


def tell_reasons(row: FeatureRow, points: Mapping[str, float]) -> tuple[Reason, ...]:
    """Group the points of a row by feature group, the weightiest group first.

    A group's sentence tells the features that push the way the whole group does.
    """
    members: dict[str, list[str]] = {}
    totals = dict.fromkeys(GROUPS, 0.0)
    for name, value in points.items():
        if value:
            group = FEATURE_OF[name].group
            members.setdefault(group, []).append(name)
            totals[group] += value
    weighty = sorted(
        (group for group in GROUPS if group in members and abs(totals[group]) >= LEAST_POINTS), key=lambda group: -abs(totals[group])
    )
    return tuple(_reason(group, members[group], totals[group], row, points) for group in weighty[:MOST_REASONS])


def _reason(group: str, members: list[str], total: float, row: FeatureRow, points: Mapping[str, float]) -> Reason:
    pushing = sorted((name for name in members if points[name] * total > 0), key=lambda name: -abs(points[name]))
    told = [name for name in pushing if abs(points[name]) >= LEAST_POINTS] or pushing[:1]
    zh, en = GROUPS[group]
    text = f"{zh}：" + "，".join(FEATURE_OF[name].tell(row[name]) for name in told)
    text_en = f"{en}: " + ", ".join(FEATURE_OF[name].tell(row[name], english=True) for name in told)
    return Reason(group, text, round(total, 1), text_en)
