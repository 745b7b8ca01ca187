"""Why a score is what it is: at most five groups of features, each a sentence in Chinese and in English with the values in it."""

from collections.abc import Sequence

from domain.risk import Reason
from riskmodel.features import FEATURE_OF, GROUPS, Feature

MOST_REASONS = 5
LEAST_POINTS = 1.0  # a twentieth of a doubling of the odds: below that it is not worth a sentence


class Telling:
    """Tells reasons for the features of one model; which feature belongs to which group is looked up once."""

    def __init__(self, names: Sequence[str]) -> None:
        """Take the names in the order in which values and points will come."""
        self._features: tuple[Feature, ...] = tuple(FEATURE_OF[name] for name in names)
        self._groups = tuple((group, [at for at, each in enumerate(self._features) if each.group == group]) for group in GROUPS)

    def tell(self, values: Sequence[float], points: Sequence[float]) -> tuple[Reason, ...]:
        """Group the points of a row by feature group, the weightiest group first.

        A group's sentence tells the features that push the way the whole group does.
        """
        totals = [(sum([points[place] for place in places]), group, places) for group, places in self._groups]
        weighty = sorted((each for each in totals if abs(each[0]) >= LEAST_POINTS), key=lambda each: -abs(each[0]))
        return tuple(self._reason(group, places, total, values, points) for total, group, places in weighty[:MOST_REASONS])

    def _reason(self, group: str, places: Sequence[int], total: float, values: Sequence[float], points: Sequence[float]) -> Reason:
        way = 1 if total > 0 else -1
        pushing = sorted([(-way * points[place], place) for place in places if way * points[place] > 0])
        told = [self._features[place] for push, place in pushing if -push >= LEAST_POINTS] or [self._features[pushing[0][1]]]
        given = [values[place] for _, place in pushing[: len(told)]]
        zh, en = GROUPS[group]
        text = f"{zh}：" + "，".join([each.tell(value) for each, value in zip(told, given, strict=True)])
        text_en = f"{en}: " + ", ".join([each.tell(value, english=True) for each, value in zip(told, given, strict=True)])
        return Reason(group, text, round(total, 1), text_en)
