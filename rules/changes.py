"""What changed from one book to another, one change a line of the file, in the language of clauses; and books with only some changes.

Books are compared as they are written, so that nothing an actuary changed can be missed; tests do not count. A list that
became longer or shorter is one change.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from rules.keywords import Language, Place, canonical
from rules.loader import read_book
from rules.model import Book
from rules.source import DiagnosticError, Position, Source
from rules.strict_yaml import Mapping, Node, Scalar, read_yaml
from rules.strict_yaml import Sequence as NodeList

Step = str | int
_BESIDE = 12  # characters that are shown before and after a difference of wording
_LAYERS = {"clauses": "条文", "elements": "要素", "rules": "规则", "responsibilities": "责任", "plans": "方案"}


@dataclass(frozen=True)
class Change:
    """One place where two books differ; `old` is None where it is new, `new` is None where it is gone."""

    path: tuple[Step, ...]
    old: Node | None
    new: Node | None
    at: Position  # in the new book, or in the old one where it is gone
    sentence: str

    @property
    def item(self) -> tuple[Step, ...]:
        """The layer and the name of the rule, responsibility or plan that it belongs to."""
        return self.path[:2]

    def is_wording(self, language: Language) -> bool:
        """Tell whether it only changes what the contract's clauses read, and not what is paid."""
        return canonical(Place.KEY, str(self.path[0]), language) == "clauses"


def changes_between(old: Source, new: Source, language: Language) -> list[Change]:
    """List the changes from an old book to a new one, both written in one keyword language, in the order of the new one."""
    before, after = read_yaml(old), read_yaml(new)
    found = [_told(each, before, after, language) for each in _compare(before, after, (), language)]
    return sorted(found, key=lambda each: (each.at.line, each.at.column))


def _compare(old: Node, new: Node, path: tuple[Step, ...], language: Language) -> Iterator[Change]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys(key.text for key, _ in (*new.entries, *old.entries)):
            if len(path) >= 2 and canonical(Place.KEY, key, language) == "tests":
                continue
            yield from _compare_entry(old.get(key), new.get(key), (*path, key), language)
    elif isinstance(old, NodeList) and isinstance(new, NodeList) and len(old.items) == len(new.items):
        for index, (one, two) in enumerate(zip(old.items, new.items, strict=True)):
            yield from _compare(one, two, (*path, index), language)
    elif plain(old) != plain(new):
        yield Change(path, old, new, new.at, "")


def _compare_entry(old: Node | None, new: Node | None, path: tuple[Step, ...], language: Language) -> Iterator[Change]:
    if old is not None and new is not None:
        yield from _compare(old, new, path, language)
    elif new is not None:
        yield Change(path, None, new, new.at, "")
    elif old is not None:
        yield Change(path, old, None, old.at, "")


def plain(node: Node) -> object:
    """Give a node's content without its place."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, NodeList):
        return [plain(each) for each in node.items]
    return {key.text: plain(value) for key, value in node.entries}


def _told(change: Change, before: Node, after: Node, language: Language) -> Change:
    where = _place(change.path, language) + _clause(change, before, after, language)
    is_wording = change.is_wording(language)
    shown = _numbers if is_wording else brief
    if change.old is None and change.new is not None:
        text = f"{where}：新增 {shown(change.new)}"
    elif change.new is None and change.old is not None:
        text = f"{where}：删去 {shown(change.old)}"
    elif is_wording and isinstance(change.old, Scalar) and isinstance(change.new, Scalar):
        old, new = _around(change.old.text, change.new.text)
        text = f"{where}：由 {old} 改为 {new}"
    elif isinstance(change.old, NodeList) and isinstance(change.new, NodeList):
        text = f"{where}：{_list_change(change.old, change.new)}"
    else:
        text = f"{where}：由 {brief(change.old)} 改为 {brief(change.new)}"
    return replace(change, sentence=text)


def _place(path: tuple[Step, ...], language: Language) -> str:
    words = []
    for index, step in enumerate(path):
        if index == 0:
            words.append(_LAYERS.get(str(canonical(Place.KEY, str(step), language)), str(step)))
        elif isinstance(step, int):
            words.append(f"第{step + 1}项" if path[index - 1] not in ("表", "table") else f"第{step}行" if step else "表头")
        else:
            words.append(f"{step} 起" if step[:4].isdigit() and step[4:5] == "-" else step)
    return " ".join(words)


def _clause(change: Change, before: Node, after: Node, language: Language) -> str:
    for root in (after, before):
        item: Node | None = root
        for step in change.item:
            item = item.get(str(step)) if isinstance(item, Mapping) else None
        if isinstance(item, Mapping):
            for key, value in item.entries:
                if canonical(Place.KEY, key.text, language) == "clause" and isinstance(value, Scalar):
                    return f"（{value.text}）"
    return ""


def _list_change(old: NodeList, new: NodeList) -> str:
    before, after = [brief(each) for each in old.items], [brief(each) for each in new.items]
    gone = [each for each in before if each not in after]
    come = [each for each in after if each not in before]
    parts = [*(f"删去 {each}" for each in gone), *(f"新增 {each}" for each in come)]
    return "；".join(parts) or "次序由 " + "、".join(before) + " 改为 " + "、".join(after)


def _numbers(node: Node) -> str:
    return "、".join(key.text for key, _ in node.entries) if isinstance(node, Mapping) else brief(node)


def _around(old: str, new: str) -> tuple[str, str]:
    """Shorten two long texts to where they differ, with some of what stands before and after."""
    head = _alike(old, new)
    tail = min(_alike(old[::-1], new[::-1]), min(len(old), len(new)) - head)
    first, last = max(head - _BESIDE, 0), max(tail - _BESIDE, 0)

    def around(text: str) -> str:
        return f"{'…' if first else ''}{text[first : len(text) - last]}{'…' if last else ''}".replace("\n", " ")

    return around(old), around(new)


def _alike(one: str, two: str) -> int:
    """Count the characters by which two texts begin alike."""
    return next((place for place, (first, second) in enumerate(zip(one, two, strict=False)) if first != second), min(len(one), len(two)))


def brief(node: Node | None) -> str:
    """Write a node on one line, as a book would."""
    if node is None:
        return ""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, NodeList):
        return "[" + ", ".join(brief(each) for each in node.items) + "]"
    return "{" + ", ".join(f"{key.text}: {brief(value)}" for key, value in node.entries) + "}"


def with_changes(old: Source, changes: Sequence[Change]) -> str:
    """Write the old book with some of the changes: YAML in its strictest form, for the loader and not for people."""
    root = read_yaml(old)
    for change in changes:
        root = _set(root, change.path, change.new)
    return _write(root)


def _set(node: Node, path: tuple[Step, ...], new: Node | None) -> Node:
    step, rest = path[0], path[1:]
    if isinstance(node, NodeList) and isinstance(step, int):
        items = [_set(each, rest, new) if index == step and rest else each for index, each in enumerate(node.items)]
        if not rest and new is not None:
            items[step] = new
        return replace(node, items=tuple(items))
    if not isinstance(node, Mapping):
        return node
    if node.get(str(step)) is None:
        return replace(node, entries=(*node.entries, (Scalar(str(step), node.at), new))) if new is not None and not rest else node
    entries = []
    for key, value in node.entries:
        if key.text != step:
            entries.append((key, value))
        elif rest:
            entries.append((key, _set(value, rest, new)))
        elif new is not None:
            entries.append((key, new))
    return replace(node, entries=tuple(entries))


def _write(node: Node) -> str:
    if isinstance(node, Scalar):
        return json.dumps(node.text, ensure_ascii=False)
    if isinstance(node, NodeList):
        return "[" + ", ".join(_write(each) for each in node.items) + "]"
    return "{" + ",\n".join(f"{_write(key)}: {_write(value)}" for key, value in node.entries) + "}"


@dataclass(frozen=True)
class Arm:
    """A book with some of the changes: what a simulation asks what they alone would cost."""

    changes: tuple[Change, ...]
    book: Book
    beside: tuple[Change, ...] = ()  # what else it has, without which it would not stand

    @property
    def sentence(self) -> str:
        """Say what it changes."""
        return "；".join(each.sentence for each in self.changes)

    @property
    def is_about_plans(self) -> bool:
        """Tell whether it leaves elements, rules and responsibilities as they are."""
        return all(canonical(Place.KEY, str(each.path[0]), self.book.language) == "plans" for each in (*self.changes, *self.beside))


def arms_of(product: str, old: Source, changes: Sequence[Change]) -> tuple[list[Arm], list[Change]]:
    """Make a book of each change alone; answers also the changes that cannot stand even in company.

    A change that no book can have alone is tried with everything that is new beside it, such as the parameter that it
    names; then with the other changes of the same rule, responsibility or plan; then with all that are left.
    """
    new = tuple(each for each in changes if each.old is None)
    arms, left = _try_each(product, old, [(each,) for each in changes], ())
    for depth in (None, 2, 0):
        groups: dict[tuple[Step, ...], list[Change]] = {}
        for change in left:
            groups.setdefault(change.path[:depth], []).append(change)
        more, left = _try_each(product, old, [tuple(each) for each in groups.values()], new)
        arms += more
    return arms, left


def _try_each(product: str, old: Source, groups: list[tuple[Change, ...]], beside: tuple[Change, ...]) -> tuple[list[Arm], list[Change]]:
    arms: list[Arm] = []
    left: list[Change] = []
    for group in groups:
        book = load_text(product, old.file, with_changes(old, (*beside, *(each for each in group if each not in beside))))
        if book is None:
            left += group
        else:
            arms.append(Arm(group, book, beside))
    return arms, left


def load_text(product: str, file: str, text: str) -> Book | None:
    """Load a book from its text; None when it does not pass its checks."""
    try:
        book, reading = read_book(product, Source.of(file, text), sha256(text.encode()).hexdigest())
    except DiagnosticError:
        return None
    return None if reading.problems.found else book
