"""Strict YAML 1.2 for the routing book: every scalar is text with its place, and nothing clever is allowed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from domain.errors import RuleBookError

LARGEST_BYTES = 256 * 1024
DEEPEST = 12


@dataclass(frozen=True)
class Item:
    """A node of the file together with the file's name, so that any complaint can say where."""

    node: Node
    file: str

    @property
    def place(self) -> str:
        """Give file:line:column, counted from 1."""
        mark = self.node.start_mark
        return f"{self.file}:{mark.line + 1}:{mark.column + 1}"

    def error(self, what: str, way_out: str) -> RuleBookError:
        """Make the error that names this place."""
        return RuleBookError(f"{self.place}  {what}", way_out)

    @property
    def is_text(self) -> bool:
        """Tell whether it is a scalar."""
        return isinstance(self.node, ScalarNode)

    @property
    def is_list(self) -> bool:
        """Tell whether it is a list."""
        return isinstance(self.node, SequenceNode)

    def text(self, what: str) -> str:
        """Give a scalar as it was written, without blanks around it; an empty one is an error."""
        if not isinstance(self.node, ScalarNode) or not self.node.value.strip():
            raise self.error(f"{what} is missing or no text", f"write {what} as one line of text")
        return str(self.node.value).strip()

    def items(self, what: str) -> list["Item"]:
        """Give the items of a list that is not empty."""
        if not isinstance(self.node, SequenceNode) or not self.node.value:
            raise self.error(f"{what} is no list, or an empty one", f"write {what} as lines that start with '- '")
        return [Item(each, self.file) for each in self.node.value]

    def entries(self, what: str) -> "dict[str, Item]":
        """Give the entries of a mapping; a key that stands twice is an error."""
        if not isinstance(self.node, MappingNode):
            raise self.error(f"{what} is no mapping", f"write {what} as lines of 'key: value'")
        found: dict[str, Item] = {}
        for key_node, value_node in self.node.value:
            key = Item(key_node, self.file)
            name = key.text("a key")
            if name in found:
                raise key.error(f"{name} stands twice in {what}", "keep one of the two")
            found[name] = Item(value_node, self.file)
        return found

    def fields(self, what: str, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> "dict[str, Item]":
        """Give the entries of a mapping whose keys are known beforehand."""
        found = self.entries(what)
        for name in required:
            if name not in found:
                raise self.error(f"{what} has no {name}", f"add '{name}:'")
        for name, item in found.items():
            if name not in required + optional:
                raise item.error(f"{what} has an unknown key {name}", "known are " + ", ".join(required + optional))
        return found


def read_yaml(path: Path) -> tuple[Item, bytes]:
    """Read a file as items with places, and give its bytes for hashing.

    Raises:
        RuleBookError: no such file, too large, no YAML, or anchors, aliases, tags and several documents in it.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RuleBookError(f"{path} cannot be read ({error.strerror})", "give the path of a routing book") from error
    if len(content) > LARGEST_BYTES:
        raise RuleBookError(f"{path} has {len(content)} bytes", f"keep a routing book below {LARGEST_BYTES} bytes")
    try:
        node = YAML(typ="safe", pure=True).compose(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise RuleBookError(f"{path} is not UTF-8 (byte {error.start})", "save it as UTF-8") from error
    except YAMLError as error:
        raise RuleBookError(f"{path}{_place_of(error)}  {_problem_of(error)}", "mend the YAML at this place") from error
    except RecursionError as error:
        raise RuleBookError(f"{path} is nested too deeply", f"keep it within {DEEPEST} levels") from error
    if node is None:
        raise RuleBookError(f"{path}:1:1  the file is empty", "it needs 'facts:' and 'flags:'")
    for item in _walk(Item(node, str(path)), DEEPEST):
        if item.node.anchor:
            raise item.error("anchors and aliases (& and *) are not allowed", "write the value out")
    return Item(node, str(path)), content


def _walk(item: Item, depth_left: int) -> Iterator[Item]:
    if depth_left == 0:
        raise item.error("this is nested too deeply", f"keep it within {DEEPEST} levels")
    yield item
    node = item.node
    if isinstance(node, MappingNode):
        children = [each for pair in node.value for each in pair]
    elif isinstance(node, SequenceNode):
        children = node.value
    else:
        children = []
    for child in children:
        yield from _walk(Item(child, item.file), depth_left - 1)


def _place_of(error: YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f":{mark.line + 1}:{mark.column + 1}" if mark else ""


def _problem_of(error: YAMLError) -> str:
    return str(getattr(error, "problem", None) or error).splitlines()[0]
