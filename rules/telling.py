"""Tells what the engine says in either language, template by template.

Its messages are English, and `languages/zh.po` has their Chinese. What it says of a change to a contract is Chinese, as the contract
is, and `languages/en.po` has the English.
"""

import string
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from rules.keywords import Language
from rules.phrases import Phrase

_FOLDER = Path(__file__).parent / "languages"


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """Give the templates that are written in the other language; those that are nothing but figures and signs need no other form."""
    from babel.messages.pofile import read_po  # only where somebody asks: a batch of claims never does

    with (_FOLDER / f"{language}.po").open("rb") as file:
        return {str(each.id): str(each.string) for each in read_po(file) if each.id and each.string}


def _told(template: str, language: Language) -> str:
    if known := catalogue(language).get(template):
        return known
    # What has no words of its own is a list, or figures with a sign between them.
    return template.replace(", ", "、").replace("; ", "；") if language == "zh" else template


def tell(text: str, language: Language) -> str:
    """Give a phrase in a language, its figures told likewise; any other text as it stands."""
    return "".join(piece for piece, _ in pieces(text, language))


def pieces(text: str, language: Language) -> Iterator[tuple[str, bool]]:
    """Give a text piece by piece, each with whether it is the engine's own; the rest is what an author wrote, and figures."""
    if not isinstance(text, Phrase):
        yield str(text), False
        return
    template = _told(text.template, language)
    if not text.figures:
        yield template, True
        return
    for words, name, _, _ in string.Formatter().parse(template):
        if words:
            yield words, True
        if name is not None:
            figure = text.figures[name]
            yield from pieces(figure if isinstance(figure, str) else str(figure), language)
