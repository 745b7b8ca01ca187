"""A score as plain data: of synthetic evidence it is no probability, and is never told as one."""

import json
from typing import Any

from domain.risk import SYNTHETIC, RiskScore
from storage.codec import to_json

_NEEDS_LABELS = ("probability", "expected_loss_fen")


def score_json(score: RiskScore) -> dict[str, Any]:
    """Give a score as JSON holds it; without real labels behind it, without a probability and the loss that takes one."""
    told: dict[str, Any] = json.loads(to_json(score, RiskScore))
    return {name: value for name, value in told.items() if score.evidence != SYNTHETIC or name not in _NEEDS_LABELS}
