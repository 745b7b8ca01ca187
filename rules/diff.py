"""The difference of two books (条款比对): what changed in the clauses, and what that changes in money on the claims of their tests."""

from dataclasses import dataclass
from pathlib import Path

from domain.assessment import Outcome
from domain.errors import MingbaiError
from domain.money import format_fen
from rules.changes import Change, changes_between
from rules.loader import load_book, read_source
from rules.model import Book
from rules.probing import Paid, Probe, Used, ask, probes_of
from rules.source import Source
from rules.translate import translate_file


@dataclass(frozen=True)
class MoneyChange:
    """One claim on which two books answer differently."""

    probe: str
    responsibility: str
    before: str
    after: str
    change_fen: int


@dataclass(frozen=True)
class Difference:
    """Everything that changed from one book to another."""

    changes: tuple[Change, ...]
    money: tuple[MoneyChange, ...]
    probes: int


def diff(old_path: Path, new_path: Path) -> Difference:
    """Compare two books.

    Raises:
        RuleBookError: one of them does not load.
    """
    old, new = load_book(old_path), load_book(new_path)
    changes = changes_between(source_in_language_of(old_path, old, new), read_source(new_path), new.language)
    probes = {each.name: each for each in (*probes_of(old), *probes_of(new))}
    own = {each.name: each for each in probes_of(old)}
    money = [each for name, probe in probes.items() for each in _compare(old, new, probe, own.get(name, probe))]
    return Difference(tuple(changes), tuple(money), len(probes))


def source_in_language_of(path: Path, book: Book, other: Book) -> Source:
    """Read a book in the keyword language of another, so that only what it says is compared."""
    if book.language == other.language:
        return read_source(path)
    return Source.of(str(path), translate_file(path, other.language))


def _compare(old: Book, new: Book, probe: Probe, earlier: Probe) -> list[MoneyChange]:
    """Ask both books the same claim, each with the limits that its own earlier claims used."""
    before, after = _ask(old, probe, earlier.used), _ask(new, probe, probe.used)
    found = []
    for name in dict.fromkeys((*before, *after)):
        one, two = before.get(name, _ABSENT), after.get(name, _ABSENT)
        if one[0] != two[0]:
            found.append(MoneyChange(probe.name, name, one[0], two[0], two[1] - one[1]))
    return found


_ABSENT = ("没有这项责任", 0)


def _ask(book: Book, probe: Probe, used: Used) -> dict[str, tuple[str, int]]:
    if probe.plan not in book.plans:
        return {}
    try:
        known = {name: value for name, value in probe.elements.items() if name in book.elements}
        return {each.name: (say(each), each.amount_fen) for each in ask(book, probe.plan, known, used)}
    except MingbaiError as error:
        return dict.fromkeys(book.plans[probe.plan].responsibilities, (f"算不出：{error.what}", 0))


def say(paid: Paid) -> str:
    """Write an answer in a few words."""
    if paid.outcome is Outcome.PAYABLE:
        return format_fen(paid.low_fen)
    if paid.outcome is Outcome.DECLINED:
        return f"拒赔（{paid.declined_by}）"
    if paid.outcome is Outcome.NOT_INVOLVED:
        return "不涉及"
    return f"待补 {format_fen(paid.low_fen)}～{'' if paid.high_fen is None else format_fen(paid.high_fen)}"
