"""The reference of expressions is the tables the engine runs on."""

from pathlib import Path

from rules.builtins import BUILTINS
from rules.evaluate import evaluate
from rules.reference import expression_reference

PAGE = Path("docs/rules/expressions.md")


def test_the_page_is_what_the_tables_say() -> None:
    assert PAGE.read_text() == expression_reference(), "run: python app.py rules reference > docs/rules/expressions.md"


def test_every_built_in_stands_on_the_page() -> None:
    page = PAGE.read_text()
    assert all(f"| `{each.zh}` | `{each.name}` |" in page for each in BUILTINS.values())


def test_a_name_with_spaces_may_be_written_with_several() -> None:
    assert evaluate('string   length ("abc") = 3', {}) is True
