"""The mortality bases at hand: the reference basis, and every table that stands in policy/mortality/."""

from functools import lru_cache
from pathlib import Path

from actuarial.mortality import REFERENCE, MortalityBasis, read_table, reference_basis

TABLES_FOLDER = Path(__file__).parent / "mortality"


def load_bases(folder: Path = TABLES_FOLDER) -> dict[str, MortalityBasis]:
    """Read every table of a folder beside the reference basis, by name.

    Raises:
        InputError: a table that cannot be read; it names file and line.
    """
    return {REFERENCE: reference_basis()} | {path.stem: read_table(path) for path in sorted(folder.glob("*.csv"))}


@lru_cache(maxsize=1)
def shipped_bases() -> dict[str, MortalityBasis]:
    """Give the bases of this installation, read once."""
    return load_bases()
