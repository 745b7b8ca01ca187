"""Mortality bases (生命表): yearly probabilities of death by age, read from a table or made by Makeham's law.

The reference basis is the Standard Ultimate Survival Model of Dickson, Hardy and Waters, *Actuarial Mathematics for Life
Contingent Risks* (also the Society of Actuaries' FAM-L table "SULT"): force of mortality A + B·c^x with A = 0.00022,
B = 0.0000027, c = 1.124. It is a teaching basis. An insurer brings the tables it is licensed to use (经验生命表) as CSV.
"""

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from actuarial.rounding import EXACT
from domain.errors import InputError

REFERENCE = "SULT"
_LAST_AGE = 120


@dataclass(frozen=True)
class MortalityBasis:
    """Probabilities of dying within the year, from age 0 on; at the last age it is one."""

    name: str
    q: tuple[Decimal, ...]

    def __hash__(self) -> int:
        """Hash the name alone: a basis is looked up for every policy, and those that are not the same are compared."""
        return hash(self.name)

    @property
    def last_age(self) -> int:
        """The age that nobody outlives."""
        return len(self.q) - 1

    def q_at(self, age: int) -> Decimal:
        """Give the probability of dying at an age; one from the last age on.

        Raises:
            InputError: a negative age.
        """
        if age < 0:
            raise InputError(f"age {age} is before birth", "check the birth date against the policy's first day")
        return self.q[min(age, self.last_age)]


@cache
def reference_basis() -> MortalityBasis:
    """Give the Standard Ultimate Survival Model, to forty digits."""
    return makeham(REFERENCE, Decimal("0.00022"), Decimal("0.0000027"), Decimal("1.124"))


def makeham(name: str, a: Decimal, b: Decimal, c: Decimal) -> MortalityBasis:
    """Make a basis by Makeham's law: p_x = exp(−A − B·c^x·(c − 1) / ln c)."""
    log_c = EXACT.ln(c)

    def q(age: int) -> Decimal:
        grown = EXACT.divide(EXACT.multiply(EXACT.multiply(b, EXACT.power(c, age)), c - 1), log_c)
        return EXACT.subtract(Decimal(1), EXACT.exp(-(a + grown)))

    return MortalityBasis(name, (*map(q, range(_LAST_AGE)), Decimal(1)))


def read_table(path: Path) -> MortalityBasis:
    """Read a table: lines of `age,qx` from age 0 on without a gap, no header needed; the last line's qx is 1.

    Raises:
        InputError: no such file, or a line that is no such pair; it names file and line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the mortality table {path} cannot be read", "give a CSV file in UTF-8 of lines age,qx") from error
    rows = [(number, row) for number, row in enumerate(csv.reader(lines), 1) if row and row[0].strip().isdigit()]
    table = []
    for expected, (number, row) in enumerate(rows):
        table.append(_read_row(f"{path}:{number}", row, expected))
    if not table or table[-1] != 1:
        raise InputError(f"{path}: the table does not end with qx 1", "add a last age that nobody outlives, with qx 1")
    return MortalityBasis(path.stem, tuple(table))


def _read_row(place: str, row: list[str], expected: int) -> Decimal:
    if len(row) != 2 or int(row[0]) != expected:
        raise InputError(f"{place}: expected age {expected} and its qx, and found {','.join(row)}", "write one line an age, from 0 on")
    try:
        q = Decimal(row[1].strip())
    except ArithmeticError as error:
        raise InputError(f"{place}: {row[1]!r} is no probability", "write qx as a number such as 0.000249") from error
    if not 0 <= q <= 1:
        raise InputError(f"{place}: qx {q} is not between 0 and 1", "write it as a share of one, not of a thousand")
    return q
