"""What the engine says (话): English, the one truth, and still knowing its template and its figures, so that it can be told in Chinese.

A message is written where it is said, `Phrase("{plan} has no {word}", plan=plan.name, word=word)`, and is that English text. Its
template is what `rules.telling` looks up: no finished sentence is ever taken apart again. A figure that is a phrase itself is
told likewise; any other figure is what an author wrote, or a number, and stays as it is in every language.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from domain.errors import MingbaiError


class Phrase(str):
    """An English text with the template and the figures it was made of; it may stand wherever a text may."""

    template: str
    figures: Mapping[str, object]

    def __new__(cls, template: str, /, **figures: object) -> Self:
        """Write a text; with figures, each {name} of the template is filled in, and a brace of its own is doubled."""
        told = super().__new__(cls, template.format_map(figures) if figures else template)
        told.template, told.figures = template, figures
        return told

    @classmethod
    def joined(cls, separator: str, parts: Iterable[object]) -> Self:
        """Put texts in a row, phrases or not."""
        figures = {f"part{place}": each for place, each in enumerate(parts)}
        return cls(separator.join(f"{{{name}}}" for name in figures), **figures)


def phrased(text: str) -> Phrase:
    """Give a text as a phrase: itself when it is one, else one that is the same in every language."""
    return text if isinstance(text, Phrase) else Phrase("{text}", text=text)


def error_phrase(error: MingbaiError) -> Phrase:
    """Write an error as `str` does, so that it can be told in Chinese."""
    if not error.way_out:
        return phrased(error.what)
    return Phrase.joined(" | ", (error.what, error.way_out))


def to_plain(text: str) -> Any:
    """Give a text as plain JSON data that keeps it a phrase; a figure that is neither text nor whole number becomes text."""
    if not isinstance(text, Phrase):
        return str(text)
    figures = {
        name: each if isinstance(each, int) else to_plain(each if isinstance(each, str) else str(each))
        for name, each in text.figures.items()
    }
    return {"template": text.template, "figures": figures}


def from_plain(stored: Any) -> str:
    """Read back what `to_plain` gave."""
    if not isinstance(stored, dict):
        return str(stored)
    return Phrase(
        stored["template"], **{name: each if isinstance(each, int) else from_plain(each) for name, each in stored["figures"].items()}
    )
