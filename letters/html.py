"""Prints a letter as one HTML page: no script, nothing loaded from anywhere, headings and tables that a screen reader can follow."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.letter import Letter

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def print_html(letter: Letter) -> bytes:
    """Print a letter; the same letter is always the same bytes."""
    return _TEMPLATES.get_template("letter.html").render(letter=letter).encode()
