"""Which rule files a command is about: those that are named, all of a folder, or the shipped ones."""

from pathlib import Path

from commands.options import HOME
from domain.errors import InputError
from rules.routing_check import is_routing

FILES_HELP = "Books, or folders of books; all of rules/book when none is named."


def rule_paths(named: list[Path] | None) -> list[Path]:
    """List the rule files that are meant, routing books included, a folder's in the order of their names.

    Raises:
        InputError: a folder holds none.
    """
    found: list[Path] = []
    for path in named or [HOME / "rules/book"]:
        inside = sorted(each for each in path.iterdir() if each.suffix in (".yaml", ".yml")) if path.is_dir() else [path]
        if not inside:
            raise InputError(f"{path} holds no rule book", "name a folder with *.yaml books in it")
        found += inside
    return list(dict.fromkeys(found))


def book_paths(named: list[Path] | None) -> list[Path]:
    """List the books that are meant; a folder's routing book has no plans, and is left out."""
    return [path for path in rule_paths(named) if path in (named or []) or not is_routing(path)]
