"""Disease codes (ICD-10) and sets of them; a code stands for everything that is classified under it."""

import re
from dataclasses import dataclass

CODE_PATTERN = r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Za-z]{1,8})?"
_CODE = re.compile(CODE_PATTERN)


def is_code(text: str) -> bool:
    """Tell whether a text is shaped like an ICD-10 code: K35, K35.8, I63.900x001."""
    return _CODE.fullmatch(text) is not None


@dataclass(frozen=True)
class CodeSet:
    """Ranges of codes, both ends included with all that is classified under them: C00-C97 holds C97.9, I21 holds I21.4."""

    ranges: tuple[tuple[str, str], ...]

    def holds(self, code: str) -> bool:
        """Tell whether a code lies in the set; no code ("") lies in none."""
        plain = code.replace(".", "")
        return bool(plain) and any(low <= plain and plain[: len(high)] <= high for low, high in self._plain)

    @property
    def _plain(self) -> list[tuple[str, str]]:
        return [(low.replace(".", ""), high.replace(".", "")) for low, high in self.ranges]

    def __str__(self) -> str:
        return "[" + ", ".join(low if low == high else f"{low}-{high}" for low, high in self.ranges) + "]"
