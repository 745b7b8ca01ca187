"""`--set element=value`, as the commands that try a claim take it; a list may come from a file."""

from pathlib import Path

from domain.errors import InputError
from rules.element_texts import find_element, parse_elements, parse_list
from rules.loader import read_source
from rules.model import Book, Element
from rules.source import DiagnosticError, Source
from rules.types import ListType
from rules.values import ElementValue

SET_HELP = "An element as the book's tests write it: 合理医疗费用=8万元; a list: 费用明细=[{…}, …], or 费用明细=@lines.csv (or .json)."
_KINDS = (".json", ".yaml", ".yml", ".csv")


def read_elements(book: Book, options: list[str]) -> dict[str, ElementValue]:
    """Read every `--set` of a command line.

    Raises:
        InputError: one of them is no element of the book, or no value of its type.
    """
    found: dict[str, ElementValue] = {}
    for option in options:
        name, separator, text = (part.strip() for part in option.partition("="))
        if not separator:
            raise InputError(f"--set {option!r} has no '='", "write it like --set 住院天数=12天")
        if name in found:
            raise InputError(f"--set {name} stands twice", "keep one of the two")
        element = find_element(book, name)
        found |= {name: _list_of(book, element, text)} if _is_list(element, text) else parse_elements(book, {name: text})
    return found


def _is_list(element: Element, text: str) -> bool:
    if isinstance(element.type, ListType):
        return text.startswith(("[", "@", "-", "{"))
    if text.startswith("@"):
        raise InputError(f"{element.name} is no list: it is not read from a file", f"write its value: {element.name}=…", field=element.name)
    return False


def _list_of(book: Book, element: Element, text: str) -> ElementValue:
    if not text.startswith("@"):
        return parse_list(book, element, Source.of(f"--set {element.name}", text))
    path = Path(text.removeprefix("@"))
    if path.suffix.lower() not in _KINDS:
        raise InputError(f"{path} is no list of {element.name}", f"name a file that ends in {', '.join(_KINDS)}", field=element.name)
    try:
        return parse_list(book, element, read_source(path), is_csv=path.suffix.lower() == ".csv")
    except DiagnosticError as error:
        raise InputError(str(error), error.way_out, field=element.name) from error
