"""The files of words (languages/*.po), read once: fixed texts, and texts with figures in them.

A text with figures stands there with {1}, {2} … in their places, or with names as `say` fills them in. A figure may itself be a text
of the file: 缺少{1} with 出院小结 in it. What the file does not know stays, and is told apart.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent / "languages"
_PLACE = re.compile(r"\{(\w+)\}")
_FIGURE = re.compile(r"\{\w+\}")
_KEPT = 4096


@dataclass(frozen=True)
class Piece:
    """A part of a text; `is_known` unless it stayed as it was written."""

    text: str
    is_known: bool


@dataclass(frozen=True)
class Catalogue:
    """The texts of one language, by the text they stand for."""

    language: str
    words: Mapping[str, str]
    of_scripts: Mapping[str, str]
    patterns: tuple[tuple[str, re.Pattern[str], str], ...]  # the longest of its fixed parts, which is looked for first; what it means

    def pieces(self, text: str) -> tuple[Piece, ...]:
        """Give a text in this language, its figures filled in; what the file does not know as pieces of their own."""
        return _pieces(self.language, text)


@cache
def catalogue(language: str) -> Catalogue:
    """Read a language's file."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        entries = [each for each in read_po(file) if each.id and each.string]
    words = {str(each.id): str(each.string) for each in entries}
    scripts = {str(each.id): str(each.string) for each in entries if any(place.endswith(".js") for place, _ in each.locations)}
    longest_first = sorted((each for each in words if _PLACE.search(each)), key=lambda each: len(_PLACE.sub("", each)), reverse=True)
    return Catalogue(language, words, scripts, tuple((_longest_part(each), _pattern(each), words[each]) for each in longest_first))


def _longest_part(text: str) -> str:
    return max(_FIGURE.split(text), key=len)


def _pattern(text: str) -> re.Pattern[str]:
    """Turn a text into what it matches: the same place twice is the same figure."""
    parts, seen, end = list[str](), set[str](), 0
    for found in _PLACE.finditer(text):
        name = f"_{found[1]}"
        parts += [re.escape(text[end : found.start()]), f"(?P={name})" if name in seen else f"(?P<{name}>.+?)"]
        seen.add(name)
        end = found.end()
    return re.compile("".join([*parts, re.escape(text[end:])]), re.DOTALL)


@lru_cache(_KEPT)
def _pieces(language: str, text: str) -> tuple[Piece, ...]:
    known = catalogue(language)
    if text in known.words:
        return (Piece(known.words[text], is_known=True),)
    for part, pattern, meaning in known.patterns:
        if part in text and (found := pattern.fullmatch(text)):
            return tuple(_filled(language, meaning, {name[1:]: value for name, value in found.groupdict().items()}))
    return (Piece(text, is_known=False),)


def _filled(language: str, meaning: str, figures: Mapping[str, str]) -> Iterator[Piece]:
    end = 0
    for place in _PLACE.finditer(meaning):
        yield Piece(meaning[end : place.start()], is_known=True)
        yield from _pieces(language, figures[place[1]])
        end = place.end()
    yield Piece(meaning[end:], is_known=True)
