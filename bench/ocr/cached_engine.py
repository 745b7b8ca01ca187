"""Remembers what an engine read, by the picture and the engine's version: work on extractors reruns without reading.

The keys are the pixels that the engine was given, so a change in front of it (rectifying, turning) reads anew.
"""

import hashlib
import json
import resource
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from domain.document import Box, ReadPage, TextLine

FOLDER = Path("var/bench-ocr")


def cpu_seconds() -> float:
    """Count the seconds this process and its children computed: a busy machine does not lengthen them."""
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


class CachedEngine:
    """Stands before an engine; `fresh` counts its new answers.

    `seconds` sums the CPU time of all answers, `remembered_seconds` of those that cost nothing now.
    """

    def __init__(self, engine: Any, package: str, folder: Path = FOLDER) -> None:
        self.name: str = engine.name
        self._engine = engine
        backend = getattr(engine, "backend", "")
        self._label = "-".join(filter(None, (self.name, version(package), backend and f"{backend}-{version(backend)}")))
        self._folder = folder / self._label
        self.seconds = 0.0
        self.remembered_seconds = 0.0
        self.fresh = 0

    def read_page(self, image: object) -> ReadPage:
        """Read a page, or remember it."""
        said = self._ask("page", image, lambda: [asdict(line) for line in self._engine.read_page(image).lines])
        lines = tuple(TextLine(each["text"], each["confidence"], Box(**each["box"])) for each in said)
        return ReadPage(lines, self.name)

    def read_lines(self, images: Sequence[object]) -> list[tuple[str, float]]:
        """Read strips one by one, or remember them."""
        return [tuple(self._ask("line", image, lambda image=image: list(self._engine.read_lines([image])[0]))) for image in images]

    def _ask(self, what: str, image: object, read: Any) -> Any:
        pixels = np.asarray(image, dtype=np.uint8)
        path = self._folder / f"{what}-{hashlib.sha256(repr(pixels.shape).encode() + pixels.tobytes()).hexdigest()}.json"
        if path.is_file():
            kept = json.loads(path.read_text("utf-8"))
            self.remembered_seconds += kept["seconds"]
        else:
            start = cpu_seconds()
            said = read()
            kept = {"said": said, "seconds": cpu_seconds() - start}
            self.fresh += 1
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
        self.seconds += kept["seconds"]
        return kept["said"]
