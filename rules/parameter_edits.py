"""Writes changed parameters back into a book's text, and nothing else; proves afterwards that nothing else has changed."""

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence as SequenceOf

from rules.parameter_sheet import Fault, ParameterChange, SheetError
from rules.phrases import Phrase
from rules.source import Position, Source
from rules.strict_yaml import Mapping, Node, Scalar, Sequence, read_yaml
from rules.yaml_edits import Edit, NoEditError, apply_edits, replace_items, replace_scalar, write_list
from rules.yaml_spans import Span, spans_of


def with_parameters(source: Source, changes: SequenceOf[ParameterChange], value_title: str) -> str:
    """Give the text of a book with other values for some parameters.

    Raises:
        SheetError: a value stands in the book in a way that cannot be replaced alone.
    """
    spans, edits, faults = spans_of(source.text), list[Edit](), list[Fault]()
    for change in changes:
        try:
            edits += _edits(source.text, spans, change)
        except NoEditError:
            faults.append(_by_hand(change, value_title))
    if faults:
        raise SheetError(faults)
    text = apply_edits(source.text, edits)
    expected = {change.row.node.at: change.node for change in changes}
    if not _same_but(read_yaml(source), read_yaml(Source.of(source.file, text)), expected):
        raise SheetError([_by_hand(change, value_title) for change in changes])
    return text


def _by_hand(change: ParameterChange, title: str) -> Fault:
    what = Phrase("cannot be put into the book without touching what stands around it")
    return Fault(change.sheet_row, title, change.text, what, Phrase("change it by hand on line {line}", line=change.row.node.at.line))


def _edits(text: str, spans: MappingOf[Position, Span], change: ParameterChange) -> list[Edit]:
    old, new = change.row.node, change.node
    span = spans[old.at]
    if isinstance(old, Sequence):
        items = [item for item in (new.items if isinstance(new, Sequence) else (new,)) if isinstance(item, Scalar)]
        before = [item for item in old.items if isinstance(item, Scalar)]
        if len(before) != len(old.items):
            raise NoEditError
        inside = [spans[item.at] for item in before]
        return list(replace_items(text, span.style, inside, [item.text for item in before], [item.text for item in items]))
    if isinstance(new, Sequence):
        return [(span.start, span.end, write_list([item.text for item in new.items if isinstance(item, Scalar)]))]
    assert isinstance(new, Scalar)  # noqa: S101 – a value is a scalar or a list
    return [replace_scalar(span, new.text)]


def _same_but(old: Node, new: Node, expected: MappingOf[Position, Node]) -> bool:
    """Tell whether two trees say the same, but for the nodes that are expected to say something else."""
    if old.at in expected and not isinstance(old, Mapping):
        return _texts(new) == _texts(expected[old.at])
    if isinstance(old, Scalar) or isinstance(new, Scalar):
        return isinstance(old, Scalar) and isinstance(new, Scalar) and old.text == new.text
    if isinstance(old, Mapping):
        pairs = zip(old.entries, new.entries if isinstance(new, Mapping) else (), strict=False)
        is_alike = isinstance(new, Mapping) and len(old.entries) == len(new.entries)
        return is_alike and all(one[0].text == two[0].text and _same_but(one[1], two[1], expected) for one, two in pairs)
    items = new.items if isinstance(new, Sequence) else ()
    return len(old.items) == len(items) and all(_same_but(one, two, expected) for one, two in zip(old.items, items, strict=True))


def _texts(node: Node) -> list[str]:
    return [each.text for each in (node.items if isinstance(node, Sequence) else (node,)) if isinstance(each, Scalar)]
