"""The decision policy (审核策略): which scores people look at, and which claims are drawn for an audit. policy.json of a model's folder.

It belongs to the model's hash: another policy is another folder, and takes two people to be put in force (`risk promote`).
"""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from domain.errors import ModelError
from domain.json_text import read_json
from domain.risk import SYNTHETIC, Band

_LEAST_OF_RATE = 0.25  # of the rate: what no claim falls below, so that no audit stands for more than four times its share


@dataclass(frozen=True)
class Policy:
    """From which probability a score is medium and high; and, where a review's cost is known, whether it is worth that.

    With `review_cost_fen`, a claim is looked at where probability × amount × `caught_share` reaches it; then `high` says
    whether it is investigated. Without, or on synthetic evidence, `medium` and `high` say both.
    """

    medium: float
    high: float
    review_cost_fen: int | None = None
    caught_share: float = 0.5  # of the money at stake in a fraud that is looked at: what a review saves
    audit_spread: float | None = None  # the mean of √(p(1-p)) over the claims learnt from; None: audits are drawn alike

    def band(self, probability: float, amount_fen: int, evidence: str) -> Band:
        """Tell how a score is read."""
        if self.review_cost_fen is None or evidence == SYNTHETIC:
            worth = probability >= self.medium
        else:
            worth = probability * amount_fen * self.caught_share >= self.review_cost_fen
        if not worth:
            return Band.LOW
        return Band.HIGH if probability >= self.high else Band.MEDIUM

    def audit_inclusion(self, probability: float, rate: float) -> float:
        """Give the probability with which a claim is drawn for an audit: about `rate` on the mean, more where the score is in doubt.

        By √(p(1-p)) the number of frauds among the claims that nobody looked at is told with the least error.
        """
        if self.audit_spread is None or not 0 < rate < 1:
            return min(1.0, max(0.0, rate))
        wanted = rate * math.sqrt(probability * (1 - probability)) / self.audit_spread
        return min(1.0, max(_LEAST_OF_RATE * rate, wanted))

    def to_text(self) -> str:
        """Give the policy as policy.json holds it."""
        return json.dumps(asdict(self), indent=1) + "\n"


def spread_of(probabilities: Sequence[float]) -> float:
    """Give the mean of √(p(1-p)), at least so much that it can be divided by."""
    return round(max(1e-6, sum(math.sqrt(each * (1 - each)) for each in probabilities) / max(1, len(probabilities))), 9)


def parse_policy(text: str) -> Policy:
    """Read policy.json.

    Raises:
        ModelError: it cannot be read, or its figures cannot be.
    """
    try:
        policy = Policy(**read_json(text))
        in_order = 0 < policy.medium < policy.high < 1 and 0 < policy.caught_share <= 1
        possible = in_order and (policy.review_cost_fen is None or policy.review_cost_fen > 0)
        possible = possible and (policy.audit_spread is None or 0 < policy.audit_spread <= 0.5)
    except (ValueError, TypeError) as error:
        raise ModelError(f"policy.json cannot be read: {error!r}", "restore the folder from its release") from error
    if not possible:
        told = f"policy.json cannot be: {policy}"
        raise ModelError(told, "0 < medium < high < 1, 0 < caught_share <= 1, a cost above nothing, a spread up to 0.5")
    return policy
