"""A model's folder: text files, and a manifest that holds the hash of each. Nothing in it is ever executed.

manifest.json    what it is, what it was trained on, its features, its thresholds, the hashes
scorecard.yaml   the points that every score starts from
model.txt        LightGBM's own text; absent while there is only the scorecard
golden.json      rows with their scores, which loading works out again
policy.json      which scores people look at, and how audits are drawn; without it the thresholds of the manifest

and, of a model trained on labels, calibrator.json, features.json, metrics.json, histograms.json and MODEL_CARD.md.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from domain.errors import ModelError
from domain.json_text import read_json

MANIFEST = "manifest.json"
SCORECARD = "scorecard.yaml"
BOOSTER = "model.txt"
CALIBRATOR = "calibrator.json"
GOLDEN = "golden.json"
POLICY = "policy.json"
HISTOGRAMS = "histograms.json"
_KNOWN = {SCORECARD, BOOSTER, CALIBRATOR, GOLDEN, POLICY, HISTOGRAMS, "features.json", "metrics.json", "MODEL_CARD.md"}
FORMAT = 1
_RESTORE = "restore the folder from its release; a changed model has to be trained into a new folder"


@dataclass(frozen=True)
class Thresholds:
    """From which probability on a score is read as medium and as high."""

    medium: float
    high: float


@dataclass(frozen=True)
class Start:
    """What the trees stand upon: a share of the scorecard, which labels anneal away (降权), and a constant."""

    scorecard_weight: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True)
class Manifest:
    """What the manifest says besides the hashes."""

    name: str
    evidence: str  # "synthetic" until real labels have trained it
    trained_on: Mapping[str, Any]
    features: tuple[str, ...]
    thresholds: Thresholds
    start: Start = Start()


@dataclass(frozen=True)
class Artefact:
    """A folder whose hashes were found right."""

    manifest: Manifest
    scorecard_text: str
    booster_text: str | None
    model_hash: str  # sha256 of the manifest, and so of every file it names
    texts: Mapping[str, str]  # every file by its name


def read_artefact(folder: Path) -> Artefact:
    """Read a model's folder and check each file against its hash.

    Raises:
        ModelError: a missing, damaged or changed file, by name, or a manifest of another format.
    """
    content = _read_file(folder / MANIFEST)
    try:
        raw = read_json(content)
        if raw["format"] != FORMAT:
            raise ModelError(f"{folder / MANIFEST} has format {raw['format']}, not {FORMAT}", "train the model again with this version")
        manifest = Manifest(
            str(raw["name"]),
            str(raw["evidence"]),
            dict(raw["trained_on"]),
            tuple(str(name) for name in raw["features"]),
            Thresholds(float(raw["thresholds"]["medium"]), float(raw["thresholds"]["high"])),
            Start(**{str(name): float(value) for name, value in raw.get("start", {}).items()}),
        )
        hashes = {str(name): str(value) for name, value in raw["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{folder / MANIFEST} is damaged: {error!r}", _RESTORE) from error
    if not 0 < manifest.thresholds.medium < manifest.thresholds.high < 1:
        raise ModelError(f"{folder / MANIFEST} has thresholds out of order: {manifest.thresholds}", "0 < medium < high < 1")
    if not all(map(math.isfinite, vars(manifest.start).values())):
        raise ModelError(f"{folder / MANIFEST} starts its trees from {manifest.start}", "train the model again: both are finite numbers")
    if SCORECARD not in hashes or not hashes.keys() <= _KNOWN:
        raise ModelError(f"{folder / MANIFEST} names the files {sorted(hashes)}", f"it names {SCORECARD}, and none but {sorted(_KNOWN)}")
    texts = {name: _read_checked(folder / name, expected) for name, expected in hashes.items()}
    return Artefact(manifest, texts[SCORECARD], texts.get(BOOSTER), hashlib.sha256(content).hexdigest(), texts)


def write_artefact(
    folder: Path, manifest: Manifest, scorecard_text: str, booster_text: str | None, more: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Write a model's folder; the manifest comes last, so that an interrupted write does not load."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    texts = {SCORECARD: scorecard_text, **more} | ({BOOSTER: booster_text} if booster_text is not None else {})
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())
    for name in _KNOWN - texts.keys():  # what an earlier model left there
        (folder / name).unlink(missing_ok=True)
    content: dict[str, Any] = {
        "format": FORMAT,
        "name": manifest.name,
        "evidence": manifest.evidence,
        "trained_on": dict(manifest.trained_on),
        "features": list(manifest.features),
        "thresholds": {"medium": manifest.thresholds.medium, "high": manifest.thresholds.high},
        "files": {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()},
    }
    if manifest.start != Start():
        content["start"] = {"scorecard_weight": manifest.start.scorecard_weight, "offset": manifest.start.offset}
    (folder / MANIFEST).write_bytes((json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode())


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error.strerror})", _RESTORE) from error


def _read_checked(path: Path, expected: str) -> str:
    content = _read_file(path)
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise ModelError(f"{path} was changed: its sha256 is {found[:12]}…, the manifest says {expected[:12]}…", _RESTORE)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ModelError(f"{path} is no text in UTF-8: {error}", _RESTORE) from error
