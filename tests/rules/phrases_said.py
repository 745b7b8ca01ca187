"""Finds every phrase that is said of books: the calls of Phrase, in the engine and above it, and the tables whose texts become phrases."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rules.builtin_kinds import KIND_WORDS
from rules.builtins import BUILTINS
from rules.yaml_messages import TEMPLATES

RULES = Path("rules")
ROOMS = (RULES, Path("adjudicator"), Path("api"), Path("commands"))
BY_TABLE = {"phrases.py", "telling.py", "yaml_messages.py", "builtins.py", "builtin_kinds.py"}  # where a template may be a value


@dataclass(frozen=True)
class Said:
    """One call: its template, the names of its figures, what stands for them."""

    place: str
    template: str
    figures: dict[str, ast.expr]


def name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


@cache
def trees(room: Path) -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text()) for path in sorted(room.rglob("*.py"))}


def calls_of(room: Path, *names: str) -> Iterator[tuple[Path, ast.Call]]:
    for path, tree in trees(room).items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node.func) in names:
                yield path, node


def phrases() -> Iterator[Said]:
    """Give every phrase that is written in the source."""
    for path, call in (found for room in ROOMS for found in calls_of(room, "Phrase")):
        first = call.args[0]
        if isinstance(first, ast.Constant):
            yield Said(f"{path}:{call.lineno}", str(first.value), {str(each.arg): each.value for each in call.keywords})
        else:
            assert path.name in BY_TABLE, f"{path}:{call.lineno}: a template is written where it is said"


def templates() -> set[str]:
    """Give every template, those of tables included."""
    tables = {*TEMPLATES, *KIND_WORDS, *(each.promise for each in BUILTINS.values())}
    return tables | {each.template for each in phrases()}
