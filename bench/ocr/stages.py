"""Takes the CPU time of every stage of reading, from outside: the code that is timed knows nothing of it."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import Any
from unittest.mock import patch

from bench.ocr.cached_engine import cpu_seconds
from ocr import gathered, picture_file, reading
from ocr.engines.rapid import RapidReader
from ocr.engines.tesseract import TesseractReader

_STAGES: tuple[tuple[str, Any, str], ...] = (
    ("decode", picture_file, "upright_bgr"),
    ("perceptual hash", reading, "perceptual_hash"),
    ("quality gate", reading, "measure_quality"),
    ("lay flat", reading, "overview_of"),
    ("lay flat", reading, "lay_out_sheets"),
    ("lay flat", reading, "rectify"),
    ("find lines (RapidOCR)", RapidReader, "_detect"),
    ("read lines (RapidOCR)", RapidReader, "_recognise"),
    ("read page (Tesseract)", TesseractReader, "read_page"),
    ("read again (Tesseract)", TesseractReader, "read_lines"),
    ("leave out overprint", reading, "without_overprint"),
    ("classify, arrange", gathered, "judge_text"),
    ("classify, arrange", reading, "into_documents"),
    ("codes", reading, "read_codes"),
    ("extract, check, calibrate", reading.DocumentReader, "_extract"),
)


class Stages:
    """CPU seconds by stage, in the order of the path; what a stage calls that is a stage itself counts there."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter({label: 0.0 for label, _, _ in _STAGES})  # type: ignore[misc]  # Counter of floats
        self._inner: list[float] = []

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Time every stage while this lasts."""
        with ExitStack() as stack:
            for label, owner, name in _STAGES:
                stack.enter_context(patch.object(owner, name, self._timed(label, getattr(owner, name))))
            yield

    def _timed(self, label: str, work: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(work)
        def timed(*given: Any, **named: Any) -> Any:
            start = cpu_seconds()
            self._inner.append(0.0)
            try:
                return work(*given, **named)
            finally:
                spent = cpu_seconds() - start
                self.seconds[label] += spent - self._inner.pop()  # type: ignore[assignment]
                if self._inner:
                    self._inner[-1] += spent

        return timed
