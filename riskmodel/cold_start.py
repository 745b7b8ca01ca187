"""The shipped cold start: `python -m riskmodel.cold_start` writes riskmodel/artefacts/cold-start again, byte for byte.

It has seen no real claim. The simulation only teaches the trees to lean on the scorecard where its points
overlap; the artefact says `evidence: synthetic` until labels of one's own replace it.
"""

import sys
from pathlib import Path

from riskmodel.artefact import POLICY, Manifest, Thresholds, write_artefact
from riskmodel.features import FEATURES
from riskmodel.model import RiskModel
from riskmodel.policy import Policy, spread_of
from riskmodel.scorecard import parse_scorecard
from riskmodel.simulate import simulate_rows
from riskmodel.train import Recipe, train_booster
from riskmodel.trees import Trees

ARTEFACTS = Path(__file__).parent / "artefacts"
COLD_START = ARTEFACTS / "cold-start"
ROWS = 12_000
SEED = 20240301
THRESHOLDS = Thresholds(medium=0.08, high=0.35)


def build_cold_start(folder: Path) -> None:
    """Train on the simulation and write the model's folder."""
    scorecard_text = (ARTEFACTS / "scorecard.yaml").read_text(encoding="utf-8")
    names = tuple(feature.name for feature in FEATURES if not feature.personal)
    rows = simulate_rows(ROWS, SEED)
    booster_text = train_booster(rows, parse_scorecard(scorecard_text), names, Recipe(seed=SEED))
    trained_on = {
        "source": "riskmodel/simulate.py, no real claim",
        "rows": ROWS,
        "frauds": sum(each.is_fraud for each in rows),
        "seed": SEED,
    }
    manifest = Manifest("cold-start", "synthetic", trained_on, names, THRESHOLDS)
    model = RiskModel(manifest, parse_scorecard(scorecard_text), Trees(booster_text, folder), "")
    spread = spread_of(model.probabilities([each.row for each in rows]).tolist())
    # The last digits of a sum differ between processors: three tell enough, and leave the folder byte for byte the same.
    policy = Policy(THRESHOLDS.medium, THRESHOLDS.high, audit_spread=round(spread, 3))
    write_artefact(folder, manifest, scorecard_text, booster_text, {POLICY: policy.to_text()})


if __name__ == "__main__":
    build_cold_start(Path(sys.argv[1]) if len(sys.argv) > 1 else COLD_START)
