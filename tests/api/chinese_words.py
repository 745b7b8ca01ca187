"""Finds the Chinese words of the workbench in its source: what pages say, and what engines write on a claim."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[2]
WORKBENCH = ROOT / "api" / "workbench"
CHINESE = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff00-\uffef]")
_SCRIPT_SAY = re.compile(r"""\bsay\("((?:[^"\\]|\\.)*)"[,)]""")
_SCRIPT_STRING = re.compile(r"""(["'`])((?:(?!\1)[^\\]|\\.)*)\1""")
_COMMENT = re.compile(r"^\s*//.*$|\s//\s.*$|/\*\*.*?\*/", re.MULTILINE | re.DOTALL)


def of_python(file: Path) -> Iterator[str]:
    """Give the Chinese texts of a file, each place of an f-string as {1}, {2} …; docstrings are not among them."""
    tree = ast.parse(file.read_text())
    passed = {id(each) for each in _docstrings(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            passed |= {id(each) for each in node.values if isinstance(each, ast.Constant)}
            text = "".join(_parts(node))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed:
            text = node.value
        else:
            continue
        if CHINESE.search(text) and id(node) not in passed:
            yield text


def _parts(node: ast.JoinedStr) -> Iterator[str]:
    place = 0
    for each in node.values:
        if isinstance(each, ast.Constant):
            yield str(each.value)
        else:
            place += 1
            yield f"{{{place}}}"


def _docstrings(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def of_template(file: Path) -> Iterator[str]:
    """Give the Chinese texts in the expressions of a template."""
    tree = Environment(autoescape=True).parse(file.read_text())
    for node in tree.find_all(nodes.Const):
        if isinstance(node.value, str) and CHINESE.search(node.value):
            yield node.value


def bare_in_template(file: Path) -> Iterator[str]:
    """Give Chinese that a template would write whatever the language."""
    tree = Environment(autoescape=True).parse(file.read_text())
    for node in tree.find_all(nodes.TemplateData):
        if CHINESE.search(node.data):
            yield node.data.strip()


def of_script(file: Path) -> Iterator[str]:
    """Give the texts that a script says."""
    for found in _SCRIPT_SAY.finditer(file.read_text()):
        yield found[1]


def bare_in_script(file: Path) -> Iterator[str]:
    """Give Chinese strings that a script uses without saying them."""
    text = _COMMENT.sub("", file.read_text())
    for found in _SCRIPT_STRING.finditer(_SCRIPT_SAY.sub("", text)):
        if CHINESE.search(found[2]):
            yield found[2]
