"""Golden rows (对照样本): a model's folder holds some rows with their scores; whoever loads it must come to the same."""

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path

from domain.errors import ModelError
from domain.json_text import read_json
from domain.risk import FeatureRow

_MOST = 20
_TOLERANCE = 1e-9  # another processor may round the last digits


def golden_text(score: Callable[[FeatureRow], float], rows: Sequence[FeatureRow]) -> str:
    """Give golden.json: rows spread over those given, with their log-odds; null stands for what nobody knows."""
    chosen = rows[:: max(1, len(rows) // _MOST)][:_MOST]
    told = [
        {"log_odds": score(row), "row": {name: None if math.isnan(value) else value for name, value in sorted(row.items())}}
        for row in chosen
    ]
    return json.dumps(told, indent=1) + "\n"


def replay_golden(score: Callable[[FeatureRow], float], text: str, folder: Path) -> None:
    """Score the golden rows again.

    Raises:
        ModelError: a score differs from what the folder says, or golden.json holds no rows with their scores.
    """
    for number, (row, told) in enumerate(_read(text, folder), 1):
        found = score(row)
        if not abs(found - told) <= _TOLERANCE:  # so that nothing that is no number passes
            problem = f"golden row {number} of {folder} scores {found!r} here, not {told!r}"
            raise ModelError(problem, "do not use it: another version of LightGBM or of the features trained it; train it again")


def _read(text: str, folder: Path) -> list[tuple[FeatureRow, float]]:
    try:
        read = [
            ({name: math.nan if value is None else float(value) for name, value in each["row"].items()}, float(each["log_odds"]))
            for each in read_json(text)
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"golden.json in {folder} cannot be read: {error!r}", "restore the folder from its release") from error
    if not read:
        raise ModelError(f"golden.json in {folder} holds no rows, so nothing proves the model", "restore the folder from its release")
    return read
