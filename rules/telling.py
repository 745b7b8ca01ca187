"""Tells what the engine says in Chinese (中文): template by template, out of `languages/zh.po`; English is what it says by itself."""

import string
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from rules.keywords import Language
from rules.phrases import Phrase

_FILE = Path(__file__).parent / "languages" / "zh.po"


@cache
def chinese() -> Mapping[str, str]:
    """Give the Chinese of every template; a phrase that is nothing but figures and signs between them needs none."""
    from babel.messages.pofile import read_po  # only where somebody asks for Chinese: a batch of claims never does

    with _FILE.open("rb") as file:
        return {str(each.id): str(each.string) for each in read_po(file) if each.id and each.string}


def _in_chinese(template: str) -> str:
    # What has no words of its own is a list, or figures with a sign between them.
    return chinese().get(template) or template.replace(", ", "、").replace("; ", "；")


def tell(text: str, language: Language) -> str:
    """Give a phrase in a language, its figures told likewise; any other text as it stands."""
    return "".join(piece for piece, _ in pieces(text, language))


def pieces(text: str, language: Language) -> Iterator[tuple[str, bool]]:
    """Give a text piece by piece, each with whether it is the engine's own; the rest is what an author wrote, and figures."""
    if not isinstance(text, Phrase):
        yield str(text), False
        return
    template = _in_chinese(text.template) if language == "zh" else text.template
    if not text.figures:
        yield template, True
        return
    for words, name, _, _ in string.Formatter().parse(template):
        if words:
            yield words, True
        if name is not None:
            figure = text.figures[name]
            yield from pieces(figure if isinstance(figure, str) else str(figure), language)
