"""Finds the errors that a page of the workbench can come to show: it follows names through the source, from its routes on.

A name leads to what it is imported from, or to what stands beside it; an attribute of a module likewise; a class brings all its
methods. What is reached only through a value (a method of an object whose class is named nowhere) is found by its class, since
somebody made the object. So too much may be found, and little is missed.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count, product
from pathlib import Path

from chinese_words import ROOT, WORKBENCH

from api.problems import KINDS
from domain import errors

ROOMS = ("domain", "storage", "adjudicator", "policy", "entitlement", "agent", "actuarial", "api")
_SHOWN = {
    name
    for name, each in vars(errors).items()
    if isinstance(each, type) and issubclass(each, tuple(KINDS)) and issubclass(each, errors.MingbaiError)
}  # of all others a page tells only that something went wrong
_ARGUMENTS = 2  # what happened, and the way out


@dataclass(frozen=True)
class _Module:
    path: Path
    parts: Mapping[str, ast.stmt]  # what stands at its top, by name
    names: Mapping[str, tuple[str, str]]  # what it imports: module and name there, "" for the module itself


@cache
def _modules() -> Mapping[str, _Module]:
    found = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found[name] = _read(path)
    return found


def _read(path: Path) -> _Module:
    tree = ast.parse(path.read_text())
    parts = dict[str, ast.stmt]()
    for each in tree.body:
        if isinstance(each, ast.FunctionDef | ast.ClassDef):
            parts[each.name] = each
        elif isinstance(each, ast.Assign | ast.AnnAssign):
            for target in each.targets if isinstance(each, ast.Assign) else [each.target]:
                parts |= {name.id: each for name in ast.walk(target) if isinstance(name, ast.Name)}
    names = dict[str, tuple[str, str]]()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {alias.asname or alias.name: (node.module, alias.name) for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.asname or alias.name: (alias.name, "") for alias in node.names}
    return _Module(path, parts, names)


def _led_to(module: _Module, home: str, node: ast.AST) -> Iterator[tuple[str, str]]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            if each.id in module.parts:
                yield home, each.id
            elif each.id in module.names:
                yield module.names[each.id]
        elif isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id in module.names:
            where, name = module.names[each.value.id]
            yield f"{where}.{name}".strip("."), each.attr


@cache
def reached() -> frozenset[tuple[str, str]]:
    """Give module and name of all that the workbench's files, and what stands before every route, lead to."""
    starts = [
        name
        for name, each in _modules().items()
        if WORKBENCH in each.path.parents or name in ("api.guard", "api.headers", "api.login_limit")
    ]
    waiting = [(home, name) for home in starts for name in _modules()[home].parts]
    found = set(waiting)
    while waiting:
        home, name = waiting.pop()
        module = _modules()[home]
        for where, what in _led_to(module, home, module.parts[name]):
            if where in _modules() and what in _modules()[where].parts and (where, what) not in found:
                found.add((where, what))
                waiting.append((where, what))
    return frozenset(found)


def errors_of_pages() -> Iterator[tuple[str, str]]:
    """Give place and text of what the errors say that a page can show, and their ways out, each place of an f-string as {1}, {2} …"""
    for home, name in sorted(reached()):
        module = _modules()[home]
        for scope in _scopes(module.parts[name]):
            for call in _own(scope):
                if isinstance(call, ast.Call) and _name_of(call.func) in _SHOWN:
                    for each in (*call.args[:_ARGUMENTS], *(word.value for word in call.keywords if word.arg in ("what", "way_out"))):
                        for text in texts_of(each, scope, module):
                            if text.strip(" {}1234"):  # an error that is raised anew brings its own words
                                yield f"{module.path.relative_to(ROOT)}:{call.lineno}", text


def _name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _scopes(part: ast.stmt) -> Iterator[ast.AST]:
    yield part
    for each in ast.walk(part):
        if isinstance(each, ast.FunctionDef) and each is not part:
            yield each


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    """Walk a function without those inside it."""
    for each in ast.iter_child_nodes(scope):
        if not isinstance(each, ast.FunctionDef):
            yield each
            yield from _own(each)


def texts_of(node: ast.expr, scope: ast.AST, module: _Module) -> Iterator[str]:
    """Give the texts that an expression can be: a name is what was assigned to it, here, at the top of the file, or by a caller."""
    for text in _forms(node, scope, module):
        places = count(1)
        yield re.sub("\0", lambda _, places=places: f"{{{next(places)}}}", text)  # type: ignore[misc]


def _forms(node: ast.expr, scope: ast.AST, module: _Module) -> Iterator[str]:
    """Give them with a zero byte for every place; what nobody can read from the source is one place."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(each.value) if isinstance(each, ast.Constant) else "\0" for each in node.values)
    elif isinstance(node, ast.IfExp):
        yield from (*_forms(node.body, scope, module), *_forms(node.orelse, scope, module))
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from map("".join, product(list(_forms(node.left, scope, module)), list(_forms(node.right, scope, module))))
    elif isinstance(node, ast.Name) and (meant := list(_assigned(node.id, scope, module)) or list(_given(node.id, scope, module))):
        for value, home in meant:
            yield from _forms(value, home, module)
    else:
        yield "\0"


def _assigned(name: str, scope: ast.AST, module: _Module) -> Iterator[tuple[ast.expr, ast.AST]]:
    for home in (scope, module.parts.get(name)):
        for each in (home, *_own(home)) if home else ():
            if isinstance(each, ast.Assign | ast.NamedExpr) and name in _targets(each):
                yield each.value, scope


def _targets(node: ast.Assign | ast.NamedExpr) -> list[str]:
    return [each.id for each in (node.targets if isinstance(node, ast.Assign) else [node.target]) if isinstance(each, ast.Name)]


def _given(name: str, scope: ast.AST, module: _Module) -> Iterator[tuple[ast.expr, ast.AST]]:
    """Give what the callers beside a function pass as one of its parameters."""
    if not isinstance(scope, ast.FunctionDef) or name not in (known := [each.arg for each in scope.args.args]):
        return
    for part in module.parts.values():
        for home in _scopes(part):
            for call in _own(home):
                if isinstance(call, ast.Call) and _name_of(call.func) == scope.name and len(call.args) > known.index(name):
                    yield call.args[known.index(name)], home
