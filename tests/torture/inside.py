"""What a process under torture has in place of the real thing: a reader in the process itself, and a clock that jumps."""

import mmap
import struct
import threading
from pathlib import Path

from domain.document import Document
from ocr.inspect import inspect_file
from ocr.reading import DocumentReader, FilePages
from ocr.settings import OcrSettings
from storage.database import Database
from tests.adjudicator.world import ship_untested
from tests.torture.papers import PRODUCT

HOME = Path(__file__).resolve().parents[2]
ROUTING, RISK_MODEL = HOME / "rules/book/routing.yaml", HOME / "riskmodel/artefacts/cold-start"


_ONE_AT_A_TIME = threading.Lock()  # as in a reading process: PDFium knows no threads


class ReaderHere:
    """Reads papers in this process, as a reading process does; all of ours are electronic, so that no engine is loaded."""

    def __init__(self, settings: OcrSettings, _workers: int = 1) -> None:
        self._reader = DocumentReader(settings)

    def read_all(self, content: bytes) -> tuple[Document, ...]:
        with _ONE_AT_A_TIME:
            return self._reader.read_all(content)

    def read_joined(self, files: list[FilePages]) -> tuple[Document, ...]:
        with _ONE_AT_A_TIME:
            return self._reader.read_joined(files)

    def inspect(self, content: bytes) -> str:
        with _ONE_AT_A_TIME:
            return inspect_file(content, self._reader.settings)

    def warm_up(self) -> None:
        pass

    def close(self) -> None:
        pass


class SharedClock:
    """How many milliseconds the databases' clock is ahead, in a file that all processes look at."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(8))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 8)

    def ahead_ms(self) -> int:
        return int(struct.unpack("<q", self._memory[:8])[0])

    def jump(self, ms: int) -> None:
        self._memory[:8] = struct.pack("<q", self.ahead_ms() + ms)


def ship_book(database: Database) -> None:
    """Put the one book of our insureds in force; its own tests run in tests/rules."""
    with database.write() as tx:
        ship_untested(tx, HOME / f"rules/book/{PRODUCT}.yaml")
