"""The files of a medical base as bytes, and as one text that its hash names: a base that decided claims is kept and read again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from domain.errors import RuleBookError
from rules.phrases import Phrase

FILE_NAMES = ("VERSION", "icd10_zh.csv", "code_sets.yaml", "hospitals.csv", "items.csv", "operations.csv", "charges.csv")


@dataclass(frozen=True)
class BaseLayer:
    """One folder of a base, under the name that messages call it by."""

    label: str
    files: Mapping[str, str]  # file name to its text

    def place(self, name: str) -> str:
        """Name a file of it in a message."""
        return f"{self.label}/{name}"


def read_layer(folder: Path) -> BaseLayer:
    """Read the files of a folder that belong to a base; any of them may be missing.

    Raises:
        RuleBookError: a file cannot be read, or is not UTF-8.
    """
    return BaseLayer(str(folder), {name: _read(folder / name) for name in FILE_NAMES if (folder / name).exists()})


def pack(layers: tuple[BaseLayer, ...]) -> bytes:
    """Write layers as one text: the same files give the same bytes, wherever they lay."""
    return json.dumps([dict(each.files) for each in layers], ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def unpack(content: bytes) -> tuple[BaseLayer, ...]:
    """Read back what `pack` wrote."""
    name = sha256(content).hexdigest()[:12]
    return tuple(BaseLayer(f"base {name}/{number}", files) for number, files in enumerate(json.loads(content), 1))


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise RuleBookError(
            Phrase("{path} cannot be read: {reason}", path=path, reason=error.strerror), Phrase("check the path and its permissions")
        ) from error
    except UnicodeDecodeError as error:
        raise RuleBookError(Phrase("{path} is not UTF-8", path=path), Phrase("save it as UTF-8")) from error
