"""Times a simulation over a synthetic history: decisions a second, and what memory it takes.

    python -m bench.simulation [--quick]
    python -m bench.simulation --history FOLDER    one that bench.workload.history has filled

Every draft is asked together with the book and with one book for each changed line. Nothing here asserts a time.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

from adjudicator.settings import read_config
from adjudicator.simulating import Stretch, run_simulation
from bench.workload.history import BOOK, fill, prepare
from commands.plant import open_database
from rules.loader import load_book, read_source
from rules.simulation import Draft, draft_of
from rules.simulation_report import rows_of_changes
from storage.database import Database

_EDITS = (
    ("未经医保比例: 60%", "未经医保比例: 70%"),
    ("{2024-01-01: 1万元,", "{2024-01-01: 1.2万元,"),
    ("日津贴额: 100元/天", "日津贴额: 120元/天"),
    ("- {若: 出险原因 = 意外 或 连续续保,", "- {若: 出险原因 = 意外,"),
)


def make_draft(folder: Path, lines: int) -> Draft:
    """Change some lines of the book."""
    text = BOOK.read_text(encoding="utf-8")
    for right, wrong in _EDITS[:lines]:
        text = text.replace(right, wrong, 1)
    path = folder / BOOK.name
    path.write_text(text, encoding="utf-8")
    return draft_of(load_book(BOOK), read_source(BOOK), load_book(path), read_source(path))


def measure(database: Database, folder: Path) -> None:
    """Simulate drafts of one and of four changed lines, and print what it took."""
    for lines in (1, len(_EDITS)):
        draft = make_draft(folder, lines)
        started = time.perf_counter()
        tally = run_simulation(database, draft, Stretch())
        seconds = time.perf_counter() - started
        rest = sum(line.change_fen for _, line in rows_of_changes(draft, tally)) - tally.total.change_fen
        print(
            f"  {lines} changed lines, {lines + 2} books   {tally.cases / seconds:10,.0f} decisions/s   "
            f"({tally.cases:,} in {seconds:.1f} s; {tally.total.claims:,} paid otherwise; the lines miss the whole by {rest} fen)"
        )
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def main() -> None:
    """Fill a history if none is given, and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="a short history")
    parser.add_argument("--history", type=Path, help="a folder of bench.workload.history")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = asked.history or Path(made)
        config = folder / "config.yaml" if asked.history else prepare(folder)
        database = open_database(read_config(config), folder.resolve())
        if not asked.history:
            fill(database, 600 if asked.quick else 6_000)
        measure(database, Path(made))
        database.close()


if __name__ == "__main__":
    main()
