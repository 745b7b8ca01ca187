"""Replaces single values of a YAML text and nothing else: quotes, comments, order and layout stay to the character."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from rules.yaml_spans import Span

Edit = tuple[int, int, str]  # from and to which offset, and what stands there instead
_PLAIN = re.compile(r"\w[\w.%/-]*(?: [\w.%/-]+)*")  # what no place of a YAML file gives a meaning of its own
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


class NoEditError(Exception):
    """A value that is written in a way that cannot be replaced without touching what stands around it."""


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Make edits that do not overlap."""
    pieces, end = [], 0
    for begin, finish, new in sorted(edits):
        pieces += [text[end:begin], new]
        end = finish
    return "".join([*pieces, text[end:]])


def replace_scalar(span: Span, new: str) -> Edit:
    """Write another text in the place of one, in the same quotes.

    Raises:
        NoEditError: the value is a block of lines.
    """
    if span.style in ("|", ">"):
        raise NoEditError
    return span.start, span.end, _written(new, span.style)


def write_list(items: Sequence[str]) -> str:
    """Write a list with brackets."""
    return "[" + ", ".join(_written(item, "") for item in items) + "]"


def _written(text: str, style: str) -> str:
    if style == "'" and "\n" not in text:
        return "'" + text.replace("'", "''") + "'"
    if style == "" and _PLAIN.fullmatch(text):
        return text
    return '"' + "".join(_ESCAPES.get(each, each) for each in text) + '"'


def replace_items(text: str, style: str, spans: Sequence[Span], old: Sequence[str], new: Sequence[str]) -> Iterator[Edit]:
    """Turn the items of a list into others; items that stay keep their place, their quotes and their comments.

    Raises:
        NoEditError: the list becomes empty, or was, or its items do not stand on lines of their own.
    """
    if not old or not new:
        raise NoEditError
    for kind, first, last, low, high in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        both = min(last - first, high - low)
        for index in range(both):
            yield replace_scalar(spans[first + index], new[low + index])
        if last - first > both:
            yield from _take_out(text, style, spans, first + both, last)
        elif high - low > both:
            yield _put_in(text, style, spans, first + both, new[low + both : high])


def _take_out(text: str, style: str, spans: Sequence[Span], first: int, last: int) -> Iterator[Edit]:
    if style == "-":
        for span in spans[first:last]:
            start, end = _line_of(text, span)
            yield start, end, ""
        return
    if last < len(spans):
        begin, end = spans[first].start, spans[last].start
    else:
        begin, end = spans[first - 1].end, spans[last - 1].end
    if re.search(r"[\n#]", text[begin:end]) is None:
        yield begin, end, ""
        return
    # Comments and line ends between the items stay: only the items and their commas go.
    for span in spans[first:last]:
        comma = re.compile(r" *,").match(text, span.end)
        yield span.start, comma.end() if comma else span.end, ""


def _put_in(text: str, style: str, spans: Sequence[Span], before: int, items: Sequence[str]) -> Edit:
    written = [_written(item, "") for item in items]
    if style == "[":
        if before > 0:
            return spans[before - 1].end, spans[before - 1].end, "".join(f", {item}" for item in written)
        return spans[0].start, spans[0].start, "".join(f"{item}, " for item in written)
    neighbour = spans[max(before - 1, 0)]
    start, end = _line_of(text, neighbour)
    lead = text[start : neighbour.start]
    ending = "\r\n" if text[:end].endswith("\r\n") else "\n"
    lines = "".join(f"{lead}{item}{ending}" for item in written)
    if before == 0:
        return start, start, lines
    return (end, end, lines) if text[:end].endswith("\n") else (end, end, ending + lines[: -len(ending)])


def _line_of(text: str, span: Span) -> tuple[int, int]:
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end) + 1 or len(text)
    if text[start : span.start].strip() != "-" or "\n" in text[span.start : span.end]:
        raise NoEditError
    return start, end
