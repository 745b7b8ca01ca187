"""Lists everything that is wrong with a routing book, as `rules check` does for a book of clauses."""

import re
from pathlib import Path

from domain.errors import RuleBookError
from rules.keywords import Language, Place, all_written
from rules.loader import read_source
from rules.phrases import phrased
from rules.routing_book import read_problems
from rules.routing_compile import find_faults
from rules.source import Diagnostic, DiagnosticError, Position

_PARTS = ("facts", "flags")
_LANGUAGES: tuple[Language, ...] = ("zh", "en")
_KEY = re.compile(r"^[\"']?([^\W\d]\w*)[\"']?[ ]*:", re.MULTILINE)  # at the start of a line: to read all of it takes long


def is_routing(path: Path) -> bool:
    """Tell a routing book by its parts, or, where it has none of anything, by its name."""
    try:
        keys = _KEY.findall(read_source(path).text)
    except DiagnosticError:
        keys = []
    if any(key in _PARTS for key in keys):
        return True
    of_clauses = {word for language in _LANGUAGES for word in all_written(Place.KEY, language)}
    return path.stem == "routing" and not of_clauses & set(keys)


def check_routing(path: Path) -> list[Diagnostic]:
    """List everything that is wrong with a routing book; an empty list means that it loads."""
    try:
        book, found = read_problems(path)
        if not found:
            source = read_source(path)
            for error in find_faults(book.facts, book.flags):
                at = Position(error.diagnostic.line, error.diagnostic.column)
                found.append(source.error(at, phrased(error.what), phrased(error.way_out)).diagnostic)
    except DiagnosticError as error:
        return [error.diagnostic]
    except RuleBookError as error:
        return [Diagnostic(str(path), 1, 1, error.what, error.way_out)]
    return sorted(found, key=lambda each: (each.line, each.column))
