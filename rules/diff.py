"""The difference of two books (条款比对): what changed in the clauses, and what that changes in money on the claims of their tests."""

from dataclasses import dataclass

from domain.assessment import Outcome
from domain.errors import MingbaiError
from domain.money import format_fen
from rules.changes import Change, changes_between
from rules.model import Book
from rules.phrases import Phrase
from rules.probing import Paid, Probe, Used, ask, probes_of
from rules.written import Written


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


def diff(old: Written, new: Written) -> Difference:
    """Compare two books."""
    changes = changes_between(old.source_as_in(new.book), new.source, new.book.language)
    own = {each.name: each for each in probes_of(old.book)}
    probes = own | {each.name: each for each in probes_of(new.book)}
    money = [each for name, probe in probes.items() for each in _compare(old.book, new.book, probe, own.get(name, probe))]
    return Difference(tuple(changes), tuple(money), len(probes))


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
        return dict.fromkeys(book.plans[probe.plan].responsibilities, (Phrase("cannot be worked out: {what}", what=error.what), 0))


def say(paid: Paid) -> str:
    """Write an answer in a few words."""
    if paid.outcome is Outcome.PAYABLE:
        return format_fen(paid.low_fen)
    if paid.outcome is Outcome.DECLINED:
        return f"拒赔（{paid.declined_by}）"
    if paid.outcome is Outcome.NOT_INVOLVED:
        return "不涉及"
    return f"待补 {format_fen(paid.low_fen)}～{'' if paid.high_fen is None else format_fen(paid.high_fen)}"
