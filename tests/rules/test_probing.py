"""The quick way to amounts answers as the engine does, on every test of every shipped book."""

from pathlib import Path

import pytest

from rules.engine import adjudicate
from rules.loader import load_book
from rules.probing import ask, paid_of, probes_of

BOOKS = sorted(path for path in Path("rules/book").glob("*.yaml") if path.stem != "routing")


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_the_quick_answer_is_the_engines(path: Path) -> None:
    book = load_book(path)
    for probe in probes_of(book):
        slow = adjudicate(book, probe.plan, probe.elements, probe.used)
        quick = ask(book, probe.plan, probe.elements, probe.used)
        assert quick == paid_of(slow), probe.name
        assert sum(each.amount_fen for each in quick) == slow.total_fen
