"""The risk score of a claim, or the reason why there is none: whoever has no score goes to people, and no claim waits for it.

Scoring waits for nothing outside the process, so its time is measured and not cut off: no thread of its own that could be
left behind. A score that comes after `Limits.score_ms` is not used, however good it is: a model that takes thousands of
times what it should is not the model that was examined.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from domain.decision import Queue, Route
from domain.finding import Finding, Severity
from domain.risk import Band, FeatureRow, Reason, RiskScore
from riskmodel.model import RiskModel

NOT_SCORED = "risk.not_scored"
UNREAD = Band.LOW  # what the router is told of a claim without a score: nothing that raises a flag about its risk
_ADVICE = "请人工核对风险后再作决定，并通知系统管理员"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Scored:
    """A score, or why there is none."""

    score: RiskScore | None
    why_not: Finding | None = None


def score_in_time(model: RiskModel, row: FeatureRow, amount_fen: int, limit_ms: int, clock: Callable[[], float] = time.monotonic) -> Scored:
    """Score a feature row, without its reasons; a model that fails, or takes longer than `limit_ms`, gives none.

    A score that takes exactly the limit is in time. `clock` gives seconds.
    """
    begun = clock()
    try:
        score = model.score_row(row, amount_fen, with_reasons=False)
    except Exception:  # noqa: BLE001  # whatever is wrong with a model, a person can decide the claim
        _log.exception("model %s failed, the claim goes to a person", model.model_hash[:12])
        return Scored(None, _none("风险评分未能完成，案件转人工复核"))
    took_ms = (clock() - begun) * 1_000
    if took_ms > limit_ms:
        _log.error("model %s took %.0f ms, limits.score_ms is %d: the claim goes to a person", model.model_hash[:12], took_ms, limit_ms)
        return Scored(None, _none(f"风险评分用时超过 {limit_ms} 毫秒，不予采用，案件转人工复核"))
    return Scored(score)


def to_people(route: Route, why: Finding) -> Route:
    """Send a claim to people whatever its route is, and say why first; an investigation stays one."""
    queue = Queue.REVIEW if route.queue is Queue.STRAIGHT_THROUGH else route.queue
    return Route(queue, (why, *route.flags))


def with_reasons(model: RiskModel, score: RiskScore, row: FeatureRow) -> RiskScore:
    """Give a score its reasons; where they cannot be told the score stands without, for people look at the claim anyway."""
    try:
        reasons: tuple[Reason, ...] = model.reasons(row)
    except Exception:  # noqa: BLE001  # the score is there, and nothing is decided by its reasons
        _log.exception("model %s could not tell its reasons", model.model_hash[:12])
        reasons = ()
    return replace(score, reasons=reasons)


def _none(message: str) -> Finding:
    return Finding(NOT_SCORED, Severity.DOUBT, message, _ADVICE, "claim")
