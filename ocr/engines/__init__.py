"""The reading engines behind `domain.document.ReaderEngine`: one file per engine, and the choice among them.

To add an engine: its file here, its test, and one line in `_CHECKS`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from domain.document import ReaderEngine
from domain.errors import ReaderError
from ocr.engines.rapid import RapidReader, choose_backend
from ocr.engines.tesseract import TesseractReader, check_tesseract
from ocr.settings import OcrSettings

_CHECKS: dict[str, Callable[[], object]] = {
    "rapidocr": lambda: choose_backend("auto"),
    "tesseract": check_tesseract,
}


@dataclass(frozen=True)
class Readers:
    """Who reads pages, and who reads doubtful numbers a second time (None: nobody)."""

    first: ReaderEngine
    second: TesseractReader | None
    lacking: str = ""  # with `auto`, the engine that is not there, and the command that mends it

    @property
    def name(self) -> str:
        """The names of both, as a document stores them."""
        return f"{self.first.name}+{self.second.name}" if self.second else self.first.name


def find_engines() -> dict[str, str]:
    """Tell for every engine "ok", or what is missing with the command that mends it."""
    answers = {}
    for name, check in _CHECKS.items():
        try:
            check()
            answers[name] = "ok"
        except ReaderError as error:
            answers[name] = str(error)
    return answers


def load_readers(settings: OcrSettings) -> Readers:
    """Load what the settings ask for; `auto` makes do with the one engine that is there.

    Raises:
        ReaderError: the engine asked for is missing, or with `auto` both are.
    """
    if settings.engine == "tesseract":
        return Readers(TesseractReader(), None)
    if settings.engine == "rapidocr":
        return Readers(RapidReader(settings.backend, settings.threads), None)
    return _load_auto(settings)


def _load_auto(settings: OcrSettings) -> Readers:
    missing = []
    second: TesseractReader | None = None
    try:
        second = TesseractReader()
    except ReaderError as error:
        missing.append(str(error))
    try:
        return Readers(RapidReader(settings.backend, settings.threads), second, "".join(missing))
    except ReaderError as error:
        missing.append(str(error))
    if second is None:
        raise ReaderError(f"no reading engine works: {'; '.join(missing)}", "install one of them")
    return Readers(second, None, "".join(missing))
