"""Where every value of a YAML text begins and ends, to the character: what replaces exactly one value needs to know."""

from collections.abc import Mapping
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.events import ScalarEvent, SequenceEndEvent, SequenceStartEvent

from rules.source import Position


@dataclass(frozen=True)
class Span:
    """A scalar with its quotes, or a list with its brackets: text[start:end]; a list without brackets ends with its last line."""

    start: int
    end: int
    style: str  # of a scalar: "" plain, ' or ", | or >; of a list: [ or -


def spans_of(text: str) -> Mapping[Position, Span]:
    """Find every scalar and every list of a text that `read_yaml` has read, by the place that its node has."""
    found: dict[Position, Span] = {}
    open_: list[tuple[Position, int, str]] = []
    for event in YAML(typ="safe", pure=True).parse(text):
        start, end = event.start_mark, event.end_mark
        at = Position(start.line + 1, start.column + 1)
        if isinstance(event, ScalarEvent):
            style = event.style or ""
            inside = Position(at.line, at.column + 1) if style in ("'", '"') else at  # as `read_yaml` has it
            found[inside] = Span(start.index, end.index, style)
        elif isinstance(event, SequenceStartEvent):
            open_.append((at, start.index, "[" if event.flow_style else "-"))
        elif isinstance(event, SequenceEndEvent):
            at, begin, style = open_.pop()
            found[at] = Span(begin, end.index, style)
    return found
