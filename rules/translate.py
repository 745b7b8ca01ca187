"""Rewrites a book in the other keyword language: what belongs to the language is exchanged, all else stays to the character."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Literal

from domain.errors import RuleBookError
from rules.builtins import name_of
from rules.keywords import Language, Place, canonical, other, written
from rules.lexer import Kind, Token, cut
from rules.loader import read_book, read_source
from rules.medical_base import MedicalBase
from rules.model import Book
from rules.phrases import Phrase
from rules.reading import Reading, Said
from rules.source import DiagnosticError, Source
from rules.strict_yaml import Scalar

Change = tuple[int, int, str]  # from and to which offset, and what stands there instead
_ANSWER_PLACES = (Place.OUTCOME, Place.WORD)
# What tells nothing about what a book means: where things stand, how they were written, what was compiled from them.
_WITHOUT_MEANING = {"warnings", "at", "trigger_at", "file", "sha256", "language", "compiled", "evaluate", "labels", "label", "expected"}


def translate_file(path: Path, to: Language | Literal[""] = "") -> str:
    """Give a file's text in a language, or in the other one; comments, order and layout stay as they are.

    Raises:
        RuleBookError: the book does not pass its checks, or a name in it is a keyword of the other language.
    """
    try:
        source = read_source(path)
    except DiagnosticError as error:
        raise RuleBookError(error.whole, error.way_out) from error
    return translate_source(path.stem, source, to)


def translate_source(product: str, source: Source, to: Language | Literal[""] = "", base: MedicalBase | None = None) -> str:
    """Give a book's text in a language, as `translate_file` does; `base` is the medical base it is read with."""
    before, reading = _read(product, source, base)
    text = translate_text(source.text, reading, to or other(reading.language))
    collides = Phrase("a name in it is a keyword of the other language: rename it")
    after, _ = _read(product, Source.of(source.file, text), base, collides)
    if not means_the_same(before, after):
        raise RuleBookError(Phrase("{file} would mean something else", file=source.file), collides)
    return text


def _read(product: str, source: Source, base: MedicalBase | None, way_out: str = "") -> tuple[Book, Reading]:
    try:
        book, reading = read_book(product, source, "", base)
    except DiagnosticError as error:
        raise RuleBookError(error.whole, way_out or error.way_out) from error
    if reading.problems.found:
        raise RuleBookError(
            reading.problems.found[0].whole, way_out or Phrase("mend the file and run: rules check {path}", path=source.file)
        )
    return book, reading


def translate_text(text: str, reading: Reading, to: Language) -> str:
    """Exchange what a reading found to belong to the language."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    changes = {change for said in reading.said for change in _changes(text, starts, said, reading.language, to)}
    pieces, end = [], 0
    for begin, finish, word in sorted(changes):
        pieces += [text[end:begin], word]
        end = finish
    return "".join([*pieces, text[end:]])


def _changes(text: str, starts: list[int], said: Said, language: Language, to: Language) -> Iterator[Change]:
    start = starts[said.scalar.at.line - 1] + said.scalar.at.column - 1
    if said.place is not None:
        word = written(said.place, said.word, to)
        begin = text.index(said.scalar.text, start)
        yield begin, begin + len(said.scalar.text), word
        return
    places = _places(text, start, said.scalar)
    for begin, end, word in (
        _answer_words(said.scalar.text, language, to) if said.word else expression_words(said.scalar.text, language, to)
    ):
        yield places[begin], places[end - 1] + 1, word


def _places(text: str, start: int, scalar: Scalar) -> list[int]:
    # A scalar may be folded over lines or quoted with escapes: its characters stand in the file in the same order.
    places, at = [], start
    for character in scalar.text:
        if character.isspace():
            places.append(at)
            continue
        at = text.index(character, at)
        places.append(at)
        at += 1
    return places


def translate_expression(text: str, language: Language, to: Language) -> str:
    """Write an expression in the other language, to the character but for its words.

    Raises:
        ExpressionError: it holds what is no token.
    """
    pieces, end = [], 0
    for begin, finish, word in expression_words(text, language, to):
        pieces += [text[end:begin], word]
        end = finish
    return "".join([*pieces, text[end:]])


def expression_words(text: str, language: Language, to: Language) -> Iterator[Change]:
    """List the words of an expression that belong to the language, as they are written in another."""
    previous = ""
    for token, end in cut(text, language):
        word = _word(token, previous, language, to)
        if word:
            yield token.at, end, word
        previous = token.text if token.kind is Kind.SYMBOL else ""


def _word(token: Token, previous: str, language: Language, to: Language) -> str:
    if token.kind is Kind.WORD:
        return written(Place.WORD, token.text, to)
    if token.kind is Kind.FUNCTION:
        return name_of(token.text, to)
    if token.kind is Kind.NAME and previous == ".":
        name = canonical(Place.PROPERTY, token.text, language)
        return written(Place.PROPERTY, name, to) if name else ""
    is_word = token.kind is Kind.VALUE and canonical(Place.WORD, token.text, language)
    return written(Place.WORD, is_word, to) if is_word else ""


def _answer_words(text: str, language: Language, to: Language) -> Iterator[Change]:
    # Only the first word of an expected answer is the language's: 待补 and 拒赔 are followed by names.
    first = text.split()[0]
    for place in _ANSWER_PLACES:
        word = canonical(place, first, language)
        if word:
            begin = text.index(first)
            yield begin, begin + len(first), written(place, word, to)
            return


def means_the_same(one: object, two: object) -> bool:
    """Tell whether two books, or parts of them, mean the same; where things stand and how they were written does not count."""
    if is_dataclass(one) and not isinstance(one, type):
        names = [each.name for each in fields(one) if each.name not in _WITHOUT_MEANING]
        return type(one) is type(two) and all(means_the_same(getattr(one, name), getattr(two, name)) for name in names)
    if isinstance(one, dict):
        return isinstance(two, dict) and list(one) == list(two) and all(means_the_same(one[key], two[key]) for key in one)
    if isinstance(one, (tuple, list)):
        return isinstance(two, (tuple, list)) and len(one) == len(two) and all(means_the_same(a, b) for a, b in zip(one, two, strict=True))
    return one == two
