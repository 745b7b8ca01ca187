"""Simulation (模拟): decided claims under a draft of their book, and what each changed line costs.

Each claim is asked the book as it is, the draft, and one book for each change alone. What the changes alone do not explain
of the draft's whole effect is their interaction (共同作用), and is told as such. Claims of one policy follow one another,
each book keeping its own account of the limits, so that a deductible paid earlier is paid once.

Amounts are what the rules propose for each policy by itself, before the coordination of several policies and whatever
people decided. A claim about which something is unknown counts nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from typing import Any

from domain.assessment import FAMILY, AccumulatorKey, Outcome
from domain.errors import MingbaiError
from rules.changes import Arm, Change, arms_of, changes_between
from rules.model import Book, Plan
from rules.phrases import Phrase, from_plain, to_plain
from rules.probing import Paid
from rules.quick_asking import Given, QuickBook
from rules.replay import opened
from rules.source import Source

TOP = 10


@dataclass(frozen=True)
class Case:
    """One policy's part in a decided claim."""

    claim_id: str
    policy_number: str
    plan: str
    month: str  # of the decision: 2026-03
    elements: Mapping[str, Any]  # as they are stored
    used: Mapping[AccumulatorKey, Fraction] | None  # before it; None where it was not stored
    uses_limits: bool = True  # false: it was declined, and used nothing up
    is_shared: bool = False  # the claim has other policies, too


@dataclass(frozen=True)
class Draft:
    """What is simulated: a book, its draft, and the changes between them, each in a book of its own where it can be."""

    base: Book
    draft: Book
    arms: tuple[Arm, ...]
    unattributed: tuple[Change, ...] = ()  # changes that no book can have without the others


@dataclass
class Line:
    """What a change costs, or a plan, a responsibility, a month: claims that are paid otherwise, and how much."""

    before_fen: int = 0
    after_fen: int = 0
    claims: int = 0

    @property
    def change_fen(self) -> int:
        """What the draft pays more."""
        return self.after_fen - self.before_fen

    def add(self, before_fen: int, after_fen: int) -> None:
        """Count one claim."""
        self.before_fen += before_fen
        self.after_fen += after_fen
        self.claims += before_fen != after_fen


@dataclass(frozen=True)
class Largest:
    """A claim that is paid otherwise."""

    claim_id: str
    plan: str
    before_fen: int
    after_fen: int

    @property
    def change_fen(self) -> int:
        """What the draft pays more."""
        return self.after_fen - self.before_fen


@dataclass
class Tally:
    """The result so far: it does not grow with the number of claims."""

    total: Line = field(default_factory=Line)
    by_arm: list[Line] = field(default_factory=list)
    by_plan: dict[str, Line] = field(default_factory=dict)
    by_responsibility: dict[str, Line] = field(default_factory=dict)
    by_month: dict[str, Line] = field(default_factory=dict)
    largest: list[Largest] = field(default_factory=list)
    cases: int = 0
    notes: Counter[str] = field(default_factory=Counter)  # what was left out or assumed, and how often

    @property
    def interaction_fen(self) -> int:
        """What the changes do together, beyond what each does alone."""
        return self.total.change_fen - sum(each.change_fen for each in self.by_arm)

    def to_plain(self) -> dict[str, Any]:
        """Give it as plain data, for a checkpoint: the notes in English, and as phrases beside."""
        told = [to_plain(each) for each in self.notes]
        return {**asdict(self), "notes": dict(self.notes), "phrases": told}  # asdict would count the entries of a Counter anew

    @classmethod
    def from_plain(cls, stored: Mapping[str, Any]) -> "Tally":
        """Read back what `to_plain` gave."""

        def lines(name: str) -> dict[str, Line]:
            return {key: Line(**each) for key, each in stored[name].items()}

        return cls(
            total=Line(**stored["total"]),
            by_arm=[Line(**each) for each in stored["by_arm"]],
            by_plan=lines("by_plan"),
            by_responsibility=lines("by_responsibility"),
            by_month=lines("by_month"),
            largest=[Largest(**each) for each in stored["largest"]],
            cases=stored["cases"],
            notes=Counter(dict(zip(_notes_in(stored), stored["notes"].values(), strict=True))),
        )


def _notes_in(stored: Mapping[str, Any]) -> list[str]:
    """Give the notes of a stored tally; one of an earlier version has them in English alone."""
    return [from_plain(each) for each in stored.get("phrases", stored["notes"])]


def draft_of(base: Book, base_source: Source, draft: Book, draft_source: Source) -> Draft:
    """Find the changes from a book to its draft, both written in the draft's language, and make a book of each."""
    changes = changes_between(base_source, draft_source, draft.language)
    arms, left = arms_of(base.product, base_source, [each for each in changes if not each.is_wording(draft.language)])
    return Draft(base, draft, tuple(arms), tuple(left))


_Chain = dict[tuple[str, int], dict[AccumulatorKey, Fraction]]


def simulate(draft: Draft, insureds: Iterable[Sequence[Case]], tally: Tally) -> Iterator[None]:
    """Count the cases of one insured after another into the tally, one insured a step.

    Between two insureds a run may be broken off and taken up again: within one, the accounts of every book are kept.
    """
    books = _Books(draft)
    tally.by_arm = tally.by_arm or [Line() for _ in draft.arms]
    for cases in insureds:
        chain: _Chain = {}
        for case in cases:
            _count(books, case, chain, tally)
        yield


class _Books:
    """The books that every case is put to: the base first, the draft second, then the arms."""

    def __init__(self, draft: Draft) -> None:
        self.all = [QuickBook(each) for each in (draft.base, draft.draft, *(arm.book for arm in draft.arms))]
        self.reads_alike = [each.reads_like(self.all[0]) for each in self.all]
        about_plans = [arm.is_about_plans for arm in draft.arms]
        self.about_plans = [False, all(about_plans) and not draft.unattributed, *about_plans]
        self.differing: dict[str, list[bool]] = {}

    def ask(self, case: Case, chain: _Chain) -> Iterator[tuple[Paid, ...]]:
        """Put a case to every book; one that only changes other plans answers what the base answers."""
        if case.plan not in self.differing:
            self.differing[case.plan] = [self._is_differing(place, case.plan) for place in range(len(self.all))]
        first: tuple[Given, tuple[Paid, ...]] | None = None
        for place, (quick, is_differing) in enumerate(zip(self.all, self.differing[case.plan], strict=True)):
            used = chain.setdefault((case.policy_number, place), dict(case.used or {}))
            if first is not None and not is_differing:
                yield first[1]
                continue
            given = first[0] if first is not None and self.reads_alike[place] else quick.read(opened(quick.book, case.elements))
            paid = quick.ask(case.plan, given, used)
            first = first or (given, paid)
            yield paid

    def _is_differing(self, place: int, plan: str) -> bool:
        return not self.about_plans[place] or not _is_same_plan(self.all[0].book, self.all[place].book, plan)


def _is_same_plan(one: Book, two: Book, name: str) -> bool:
    """Tell whether two books, which differ in their plans alone, pay the same under one of them."""
    first, second = one.plans.get(name), two.plans.get(name)
    if first is None or second is None or one.base != two.base:
        return False
    bare = [replace(each, tests=(), at=first.at, parameters={}) for each in (first, second)]
    return bare[0] == bare[1] and _values(first) == _values(second)


def _values(plan: Plan) -> dict[str, tuple[object, ...]]:
    return {name: (each.type, each.values) for name, each in plan.parameters.items()}


def _count(books: _Books, case: Case, chain: _Chain, tally: Tally) -> None:
    tally.cases += 1
    if case.is_shared:
        tally.notes[Phrase("claims under several policies: amounts are before coordination")] += 1
    if case.used is None and (case.policy_number, 0) not in chain:
        tally.notes[Phrase("decisions older than the storing of limits used before: taken as unused")] += 1
    _catch_up_with_family(case, chain, len(books.all))
    answers: list[tuple[Paid, ...]] = []
    try:
        answers.extend(books.ask(case, chain))
    except MingbaiError as error:
        who = (Phrase("the book"), Phrase("the draft"))[len(answers)] if len(answers) < 2 else Phrase("a change")
        tally.notes[Phrase("left out, {who} cannot answer: {what}", who=who, what=error.what)] += 1
        return
    if any(paid.outcome is Outcome.UNKNOWN for answer in answers[:2] for paid in answer):
        tally.notes[Phrase("something is unknown: what is unknown counts nothing")] += 1
    totals = [sum(each.amount_fen for each in answer) for answer in answers]
    _book(case, answers, totals, tally)
    for index, answer in enumerate(answers if case.uses_limits else []):
        used = chain[case.policy_number, index]
        for use in (use for paid in answer for use in paid.uses):
            used[use.key] = used.get(use.key, Fraction(0)) + use.used_now


def _catch_up_with_family(case: Case, chain: _Chain, books: int) -> None:
    """Add to every book's accounts what other members used of the family's since this policy's last claim, as the base counted it."""
    base = chain.get((case.policy_number, 0))
    if base is None or case.used is None:
        return
    for key, amount in case.used.items():
        others = amount - base.get(key, Fraction(0))
        if key.period.startswith(FAMILY) and others > 0:
            for place in range(books):
                used = chain[case.policy_number, place]
                used[key] = used.get(key, Fraction(0)) + others


def _book(case: Case, answers: list[tuple[Paid, ...]], totals: list[int], tally: Tally) -> None:
    before_fen, after_fen = totals[0], totals[1]
    tally.total.add(before_fen, after_fen)
    for line, alone_fen in zip(tally.by_arm, totals[2:], strict=True):
        line.add(before_fen, alone_fen)
    tally.by_plan.setdefault(case.plan, Line()).add(before_fen, after_fen)
    tally.by_month.setdefault(case.month, Line()).add(before_fen, after_fen)
    olds, news = ({each.name: each.amount_fen for each in answer} for answer in answers[:2])
    for name in dict.fromkeys((*olds, *news)):
        tally.by_responsibility.setdefault(name, Line()).add(olds.get(name, 0), news.get(name, 0))
    if after_fen != before_fen:
        tally.largest.append(Largest(case.claim_id, case.plan, before_fen, after_fen))
        tally.largest.sort(key=lambda each: (-abs(each.change_fen), each.claim_id))
        del tally.largest[TOP:]
