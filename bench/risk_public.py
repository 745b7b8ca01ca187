"""Fraud found in two public sets of labelled claims, beside what is to be reached: `python -m bench.risk_public`.

The sets stand outside the project (`--folder`, by default ../shared/data/risk) and are never copied into it; without them
nothing is measured. Figures are those of `risk evaluate`, with its own defaults.
"""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

from riskmodel.evaluation.extract import read_extract
from riskmodel.evaluation.measures import Figure
from riskmodel.evaluation.protocol import Examined, Question, evaluate

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "risk"


@dataclass(frozen=True)
class PublicSet:
    """A set, how it is asked about, and the AUC and average precision to reach: by folds, forward in time."""

    file: str
    question: Question
    by_folds: tuple[float, float]
    forward: tuple[float, float]


SETS = (
    PublicSet(
        "fraud_oracle.csv",
        Question("FraudFound_P", time=("Year", "Month"), exclude=("PolicyNumber", "RepNumber")),
        (0.828, 0.240),
        (0.772, 0.147),
    ),
    PublicSet(
        "travelers_2018_train.csv", Question("fraud", time=("claim_date",), exclude=("claim_number",)), (0.726, 0.323), (0.717, 0.324)
    ),
)


def main() -> None:
    """Print the figures of each set that is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    folder: Path = parser.parse_args().folder
    for public in SETS:
        path = folder / public.file
        if not path.exists():
            print(f"{public.file}: not in {folder}, skipped")
            continue
        started = time.process_time()
        answer = evaluate(read_extract(path), public.question)
        print(f"{public.file}: {answer.claims} claims, {answer.frauds} fraud, {time.process_time() - started:.0f} s of processor time")
        _print("cross-validated", answer.cross_validated, public.by_folds)
        if answer.forward:
            _print(f"forward from {answer.forward.since}", answer.forward, public.forward)


def _print(way: str, examined: Examined, targets: tuple[float, float]) -> None:
    for name, target in zip(("auc", "average_precision"), targets, strict=True):
        figure = examined.figures[name]
        if isinstance(figure, Figure):
            told = f"{figure.value:.4f} ({figure.low:.3f}–{figure.high:.3f})"
            reached = "reached" if figure.value >= target else "missed"
            print(f"  {way:<24} {name:<18} {told}   to reach {target:.3f}: {reached}")


if __name__ == "__main__":
    main()
