"""Writes the sandbox's pictures to a folder, so that a person can look at them."""

from collections.abc import Sequence
from pathlib import Path

from sandbox.photograph import Level, photograph
from sandbox.render import render
from sandbox.scenario import Scenario
from sandbox.scenarios import SCENARIOS
from sandbox.specimens import make_specimens

_SPECIMEN_SEED = 99


def write_samples(directory: Path, scenarios: Sequence[Scenario] = SCENARIOS) -> tuple[Path, ...]:
    """Write every photograph of the scenarios as <scenario>/<submission>-<file name>, and tell the paths in that order."""
    pictures = {
        directory / scenario.name / f"{place}-{picture.filename}": picture
        for scenario in scenarios
        for place, submission in enumerate((*scenario.earlier, scenario.main), 1)
        for picture in submission.files
    }
    for path, picture in pictures.items():
        _write(path, picture.take())
    return tuple(pictures)


def write_specimens(directory: Path, levels: Sequence[Level] = tuple(Level)) -> tuple[Path, ...]:
    """Write one page of every class at each level as <level>/<class>.jpg, and tell the paths."""
    written = []
    for page in make_specimens():
        printed = render(page)
        for level in levels:
            path = directory / level / f"{page.document_class}.jpg"
            _write(path, photograph(printed, level, _SPECIMEN_SEED))
            written.append(path)
    return tuple(written)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
