"""Writes the scenarios' pictures to a folder, so that a person can look at them."""

from collections.abc import Sequence
from pathlib import Path

from sandbox.scenario import Scenario
from sandbox.scenarios import SCENARIOS


def write_samples(directory: Path, scenarios: Sequence[Scenario] = SCENARIOS) -> tuple[Path, ...]:
    """Write every photograph as <scenario>/<submission>-<file name>, and tell the paths in that order."""
    written = []
    for scenario in scenarios:
        folder = directory / scenario.name
        folder.mkdir(parents=True, exist_ok=True)
        for place, submission in enumerate((*scenario.earlier, scenario.main), 1):
            for picture in submission.files:
                path = folder / f"{place}-{picture.filename}"
                path.write_bytes(picture.take())
                written.append(path)
    return tuple(written)
