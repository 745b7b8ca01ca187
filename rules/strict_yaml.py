"""YAML 1.2 read strictly: every scalar is text with its place; duplicates, anchors, tags and excess are refused.

Built on the event stream, so that a bomb is refused at its first anchor and a deep nest at its first
bracket too many; nothing recursive is ever constructed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from rules.phrases import Phrase
from rules.source import DiagnosticError, Position, Source
from rules.yaml_messages import yaml_phrase

_WITHOUT_COLON = re.compile(r"(.*?\S)\s+([\[{])")  # 住院天数 {类型: 天数} is a mapping whose one key is "住院天数 {类型"
MAX_BYTES = 256 * 1024
MAX_DEPTH = 16
MAX_NODES = 10_000


@dataclass(frozen=True)
class Scalar:
    """A text and the place of its first character."""

    text: str
    at: Position


@dataclass(frozen=True)
class Sequence:
    """A list."""

    items: "tuple[Node, ...]"
    at: Position


@dataclass(frozen=True)
class Mapping:
    """Keys with their values, in the order of the file, no key twice."""

    entries: "tuple[tuple[Scalar, Node], ...]"
    at: Position

    def get(self, key: str) -> "Node | None":
        """Find a value by its key's text."""
        return next((node for name, node in self.entries if name.text == key), None)


Node = Scalar | Sequence | Mapping


def read_yaml(source: Source) -> Node:
    """Read the one document of a source.

    Raises:
        DiagnosticError: broken YAML, or YAML that a rule file may not use.
    """
    if len(source.text.encode()) > MAX_BYTES:
        raise source.error(
            Position(1, 1), Phrase("the file has more than {most} bytes", most=MAX_BYTES), Phrase("split it into several books")
        )
    builder = _Builder(source)
    try:
        for event in YAML(typ="safe", pure=True).parse(source.text):
            builder.take(event)
    except DiagnosticError:
        raise
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)
        told = [yaml_phrase(str(part)) for part in (error.context, error.problem) if part]
        what = Phrase("{context} {problem}", context=told[0], problem=told[1]) if len(told) > 1 else told[0]
        raise source.error(at, Phrase("broken YAML: {what}", what=what), _way_out(what, error)) from error
    except (YAMLError, ValueError) as error:
        what = yaml_phrase(str(error).splitlines()[0])
        raise source.error(
            Position(1, 1), Phrase("broken YAML: {what}", what=what), Phrase("save the file as UTF-8 text without control characters")
        ) from error
    if builder.root is None:
        raise source.error(
            Position(1, 1), Phrase("the file is empty"), Phrase("write 要素, 规则, 责任 and 方案 (see docs/rules/language.md)")
        )
    return builder.root


def _way_out(what: str, error: MarkedYAMLError) -> Phrase:
    if "that cannot start any token" in what and "\\t" not in what:
        return Phrase("YAML keeps this character for itself: put the value in quotes, or write ≥ for >= and ＞ for >")
    sign = _CLOSING.get(str(error.context))
    if sign and error.context_mark:
        return Phrase("what opens on line {line} is not closed before this place: add {sign}", line=error.context_mark.line + 1, sign=sign)
    return Phrase("mend the YAML: check indentation, brackets, colons and quotes")


# By what was read when the YAML broke.
_CLOSING = {
    "while parsing a flow mapping": "}",
    "while parsing a flow sequence": "]",
    "while scanning a quoted scalar": Phrase("the quotation mark"),
}


@dataclass
class _Open:
    """A collection whose end has not come yet."""

    at: Position
    is_mapping: bool
    nodes: list[Node]


class _Builder:
    """Builds nodes out of events, on a stack instead of by recursion."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.root: Node | None = None
        self.stack: list[_Open] = []
        self.count = 0

    def take(self, event: Event) -> None:
        """Take one event in."""
        at = Position(event.start_mark.line + 1, event.start_mark.column + 1)
        self._refuse(event, at)
        if isinstance(event, ScalarEvent):
            quoted = event.style in ("'", '"')
            self._add(Scalar(event.value, Position(at.line, at.column + 1) if quoted else at))
        elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            self.stack.append(_Open(at, isinstance(event, MappingStartEvent), []))
            if len(self.stack) > MAX_DEPTH:
                raise self.source.error(
                    at, Phrase("nested deeper than {most} levels", most=MAX_DEPTH), Phrase("a rule file needs no such depth: flatten it")
                )
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            closed = self.stack.pop()
            self._add(self._close(closed))

    def _refuse(self, event: Event, at: Position) -> None:
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise self.source.error(
                at, Phrase("anchors and aliases (& and *) are not allowed"), Phrase("write the value out where it is used")
            )
        tag = getattr(event, "tag", None)
        if tag:
            raise self.source.error(
                at, Phrase("the tag {tag} is not allowed", tag=tag), Phrase("write plain values; the element dictionary gives the type")
            )
        if isinstance(event, DocumentStartEvent) and self.root is not None:
            raise self.source.error(at, Phrase("a second document starts here"), Phrase("a rule file is one YAML document"))
        if isinstance(event, DocumentStartEvent) and event.version not in (None, (1, 2)):
            raise self.source.error(at, Phrase("rule files are YAML 1.2"), Phrase("remove the %YAML line"))
        self.count += 1
        if self.count > MAX_NODES:
            raise self.source.error(at, Phrase("more than {most} nodes", most=MAX_NODES), Phrase("split the file into several books"))

    def _add(self, node: Node) -> None:
        if self.stack:
            self.stack[-1].nodes.append(node)
        else:
            self.root = node

    def _close(self, closed: _Open) -> Node:
        if not closed.is_mapping:
            return Sequence(tuple(closed.nodes), closed.at)
        return Mapping(tuple(self._pairs(closed.nodes)), closed.at)

    def _pairs(self, nodes: list[Node]) -> Iterator[tuple[Scalar, Node]]:
        seen: dict[str, Position] = {}
        for key, value in zip(nodes[::2], nodes[1::2], strict=True):
            if not isinstance(key, Scalar):
                raise self.source.error(key.at, Phrase("a key must be a plain text"), Phrase("write one name before the colon"))
            if torn := _WITHOUT_COLON.match(key.text):
                way_out = Phrase("a colon is missing: write {name}: {bracket}…", name=torn[1], bracket=torn[2])
                raise self.source.error(key.at, Phrase("{key} is no name", key=key.text), way_out)
            if key.text == "<<":
                raise self.source.error(key.at, Phrase("merges (<<) are not allowed"), Phrase("derive a plan with 基于 instead"))
            if key.text in seen:
                first = seen[key.text]
                raise self.source.error(
                    key.at, Phrase("{key} stands twice, first on line {line}", key=key.text, line=first.line), Phrase("keep one of the two")
                )
            seen[key.text] = key.at
            yield key, value
