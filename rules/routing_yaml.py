"""Walking through a routing book: each item knows its place, and says in one call what it must be."""

from dataclasses import dataclass
from pathlib import Path

from domain.errors import RuleBookError
from rules.phrases import Phrase, phrased
from rules.source import DiagnosticError, Source, suggest
from rules.strict_yaml import MAX_BYTES, Mapping, Node, Scalar, Sequence, read_yaml


@dataclass(frozen=True)
class Item:
    """A node of the file together with the file, so that any complaint can point at it."""

    node: Node
    source: Source

    @property
    def place(self) -> str:
        """Give file:line:column, counted from 1."""
        return f"{self.source.file}:{self.node.at.line}:{self.node.at.column}"

    def error(self, what: str, way_out: str) -> DiagnosticError:
        """Make the error that points here; the files of other rooms, which are read by this too, say theirs in English alone."""
        return self.source.error(self.node.at, phrased(what), phrased(way_out))

    @property
    def is_text(self) -> bool:
        """Tell whether it is a scalar."""
        return isinstance(self.node, Scalar)

    @property
    def is_list(self) -> bool:
        """Tell whether it is a list."""
        return isinstance(self.node, Sequence)

    def text(self, what: str) -> str:
        """Give a scalar as it was written, without blanks around it; an empty one is an error."""
        if not isinstance(self.node, Scalar) or not self.node.text.strip():
            raise self.error(Phrase("{what} is missing or no text", what=what), Phrase("write {what} as one line of text", what=what))
        return self.node.text.strip()

    def items(self, what: str) -> "list[Item]":
        """Give the items of a list that is not empty."""
        if not isinstance(self.node, Sequence) or not self.node.items:
            raise self.error(
                Phrase("{what} is no list, or an empty one", what=what), Phrase("write {what} as lines that start with '- '", what=what)
            )
        return [Item(each, self.source) for each in self.node.items]

    def entries(self, what: str) -> "dict[str, Item]":
        """Give the entries of a mapping."""
        if not isinstance(self.node, Mapping):
            raise self.error(Phrase("{what} is no mapping", what=what), Phrase("write {what} as lines of 'key: value'", what=what))
        return {key.text: Item(value, self.source) for key, value in self.node.entries}

    def fields(self, what: str, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> "dict[str, Item]":
        """Give the entries of a mapping whose keys are known beforehand."""
        found = self.entries(what)
        for key, _ in self.node.entries if isinstance(self.node, Mapping) else ():
            if key.text not in required + optional:
                way_out = suggest(key.text, [*required, *optional], Phrase("key"))
                raise Item(key, self.source).error(Phrase("{what} has an unknown key {key}", what=what, key=key.text), way_out)
        for name in required:
            if name not in found:
                raise self.error(Phrase("{what} has no {name}", what=what, name=name), Phrase("add '{name}:'", name=name))
        return found


def read_items(path: Path) -> tuple[Item, bytes]:
    """Read a file as items with places, and give its bytes for hashing.

    Raises:
        RuleBookError: no such file, not UTF-8, or YAML that the strict reader refuses.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)  # one more is refused by the reader of YAML
    except OSError as error:
        raise RuleBookError(
            Phrase("{path} cannot be read ({reason})", path=path, reason=error.strerror), Phrase("give the path of a routing book")
        ) from error
    try:
        source = Source.of(str(path), content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise RuleBookError(Phrase("{path} is not UTF-8 (byte {byte})", path=path, byte=error.start), Phrase("save it as UTF-8")) from error
    return Item(read_yaml(source), source), content
