"""Labelled claims as CSV files, written as offices write them."""

from collections.abc import Sequence
from pathlib import Path
from random import Random

HEADER = ("claim_no", "Claim Date", "amount", "hospital", "area", "note", "fraud")


def claim_rows(count: int = 400, seed: int = 3) -> list[list[str]]:
    """Claims whose fraud depends on the amount and on the hospital, with noise."""
    random, rows = Random(seed), []
    for number in range(count):
        amount, hospital = random.lognormvariate(8, 1), random.randrange(30)
        chance = 0.05 + 0.5 * (amount > 6_000) + 0.3 * (hospital < 4)
        day = f"{1 + number % 12}/{1 + number % 28}/{2022 + number * 2 // count}"
        area = random.choice(("urban", "rural", ""))
        rows.append([str(10_000 + number), day, f"{amount:,.2f}", f"示例医院{hospital}", area, "x", str(int(random.random() < chance))])
    return rows


def write_csv(
    path: Path, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER, *, encoding: str = "utf-8", separator: str = ","
) -> Path:
    def quoted(value: str) -> str:
        return f'"{value}"' if separator in value else value

    lines = [separator.join(map(quoted, row)) for row in [header, *rows]]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return path
