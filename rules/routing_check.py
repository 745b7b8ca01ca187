"""Lists everything that is wrong with a routing book, as `rules check` does for a book of clauses."""

from pathlib import Path

from domain.errors import RuleBookError
from rules.keywords import Place, all_written
from rules.loader import read_source
from rules.routing_book import read_problems
from rules.routing_compile import find_faults
from rules.source import Diagnostic, DiagnosticError, Position
from rules.strict_yaml import Mapping, read_yaml

_PARTS = ("facts", "flags")


def is_routing(path: Path) -> bool:
    """Tell a routing book by its parts, or, where it cannot be read, by its name."""
    try:
        root = read_yaml(read_source(path))
    except DiagnosticError:
        return path.stem == "routing"
    keys = [key.text for key, _ in root.entries] if isinstance(root, Mapping) else []
    return any(key in _PARTS for key in keys) or (path.stem == "routing" and not _is_of_clauses(keys))


def _is_of_clauses(keys: list[str]) -> bool:
    return any(key in all_written(Place.KEY, language) for key in keys for language in ("zh", "en"))


def check_routing(path: Path) -> list[Diagnostic]:
    """List everything that is wrong with a routing book; an empty list means that it loads."""
    try:
        book, found = read_problems(path)
        if book is not None and not found:
            source = read_source(path)
            for error in find_faults(book.facts, book.flags):
                at = Position(error.diagnostic.line, error.diagnostic.column)
                found.append(source.error(at, error.what, error.way_out).diagnostic)
    except DiagnosticError as error:
        return [error.diagnostic]
    except RuleBookError as error:
        return [Diagnostic(str(path), 1, 1, error.what, error.way_out)]
    return sorted(found, key=lambda each: (each.line, each.column))
