"""Reads the elements of a claim as a person writes them: 8万元 on a command line, a list of lines as JSON, YAML or a CSV table."""

import csv
import io
from collections.abc import Mapping as MappingOf

from domain.errors import InputError
from rules.elements import read_value
from rules.keywords import Place, written
from rules.model import Book, Element
from rules.phrases import Phrase
from rules.reading import Reading
from rules.source import DiagnosticError, Position, Source, suggest
from rules.strict_yaml import Mapping, Node, Scalar, Sequence, read_yaml
from rules.types import ListType, RecordType, SimpleType, Type
from rules.values import ElementValue, to_plain


def parse_elements(book: Book, texts: MappingOf[str, str]) -> dict[str, ElementValue]:
    """Read element values as a rule file writes them (8万元, 否, K35.8, 12天, 2024-03-01, 缺) for `adjudicate`.

    Raises:
        InputError: a name the book does not have, or a text that is no value of the element's type.
    """
    return {name: _parse(book, find_element(book, name), text) for name, text in texts.items()}


def find_element(book: Book, name: str) -> Element:
    """Find an element by its name.

    Raises:
        InputError: the book has none of that name.
    """
    if name not in book.elements:
        raise InputError(
            Phrase("{product} has no element {name}", product=book.product, name=name),
            suggest(name, list(book.elements), Phrase("element")),
            field=name,
        )
    return book.elements[name]


def parse_list(book: Book, element: Element, source: Source, *, is_csv: bool = False) -> ElementValue:
    """Read the list of an element from JSON or YAML, or from a CSV table whose titles are its fields; an empty cell is missing.

    Raises:
        InputError: with the place in the text, what is wrong there, and the way out.
    """
    assert isinstance(element.type, ListType)  # noqa: S101 – the caller asked
    reading = Reading(source, book.language)
    try:
        node = _table_node(element, source) if is_csv else read_yaml(source)
        return to_plain(book, element, read_value(reading, _as_book_writes(reading, node, element.type), element.type, element.name))
    except DiagnosticError as error:
        raise InputError(
            Phrase("{element} cannot be read: {error}", element=element.name, error=error.whole), _shape(element), field=element.name
        ) from error


def _parse(book: Book, element: Element, text: str) -> ElementValue:
    name, reading = element.name, Reading(Source.of(element.name, text), book.language)
    scalar = Scalar(text.strip(), Position(1, 1))
    if reading.is_word(scalar, "missing") or reading.is_word(scalar, "unknown"):
        return None
    try:
        return to_plain(book, element, read_value(reading, scalar, element.type, name))
    except DiagnosticError as error:
        raise InputError(
            Phrase("{name} cannot be {text}: {what}", name=name, text=repr(text), what=error.what), error.way_out, field=name
        ) from error


def _shape(element: Element) -> Phrase:
    if not element.fields:
        return Phrase("{element} is a list of single values: [one, another]", element=element.name)
    return Phrase("the fields of a line are {listed}", listed="、".join(each.name for each in element.fields))


def _as_book_writes(reading: Reading, node: Node, type_: Type) -> Node:
    """Put JSON's true, false and null as the book would write them; what is null or 缺 is left out of its line."""
    if isinstance(node, Sequence) and isinstance(type_, ListType):
        return Sequence(tuple(_as_book_writes(reading, item, type_.item) for item in node.items), node.at)
    if isinstance(node, Mapping) and isinstance(type_, RecordType):
        told = [(key, body) for key, body in node.entries if not _is_missing(reading, body)]
        types = dict(type_.fields)
        return Mapping(tuple((key, _as_book_writes(reading, body, types.get(key.text, SimpleType.TEXT))) for key, body in told), node.at)
    if isinstance(node, Scalar) and type_ is SimpleType.BOOLEAN and node.text in ("true", "false"):
        return Scalar(written(Place.WORD, node.text, reading.language), node.at)
    return node


def _is_missing(reading: Reading, node: Node) -> bool:
    return isinstance(node, Scalar) and (node.text in ("", "null") or reading.is_word(node, "missing"))


def _table_node(element: Element, source: Source) -> Node:
    table = csv.reader(io.StringIO(source.text, newline=""), strict=True)
    try:
        rows = [(table.line_num, [cell.strip() for cell in row]) for row in table]
    except csv.Error as error:
        raise source.error(
            Position(max(table.line_num, 1), 1), Phrase("this is no CSV table: {error}", error=error), Phrase("save it as CSV UTF-8")
        ) from error
    titles = rows[0][1] if rows else []
    known = [each.name for each in element.fields] or [element.name]
    for title in titles or [""]:
        if title not in known or titles.count(title) > 1:
            what = (
                Phrase("{title} stands twice among the titles", title=title)
                if title in known
                else Phrase("there is no field {title}", title=repr(title))
            )
            raise source.error(Position(1, 1), what, suggest(title, known, Phrase("title")))
    return Sequence(tuple(_row_node(source, element, titles, line, cells) for line, cells in rows[1:] if any(cells)), Position(1, 1))


def _row_node(source: Source, element: Element, titles: list[str], line: int, cells: list[str]) -> Node:
    at = Position(line, 1)
    if len(cells) > len(titles):
        raise source.error(
            at,
            Phrase("this row has {count} cells under {count2} titles", count=len(cells), count2=len(titles)),
            Phrase("put a cell with a comma in double quotes"),
        )
    if not element.fields:
        return Scalar(cells[0], at)
    return Mapping(tuple((Scalar(title, at), Scalar(cell, at)) for title, cell in zip(titles, cells, strict=False)), at)
