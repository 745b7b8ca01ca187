"""Rule books as cover asks them: each plan cut down to the responsibilities of one kind, its program written once.

A case is one event, so that what other kinds pay is nothing to it; asking only what is asked for is quick, and needs no
element that decides about something else. The answers are those of the rule engine.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from domain.cover import CoverKind
from rules.codegen.needs import needed_elements
from rules.model import Book, Plan, all_steps
from rules.quick_asking import QuickBook
from rules.unknown import Known
from rules.values import ElementValue, to_plain


@dataclass(frozen=True)
class Asked:
    """The responsibilities of a plan that share a kind and what their case takes beyond the standard one."""

    book: QuickBook
    plan: str
    responsibilities: tuple[str, ...]
    case: Mapping[str, ElementValue]
    looks_at: tuple[str, ...]  # the elements that can change an answer


@dataclass
class CoverBooks:
    """What was prepared so far; a hash always means the same, so nothing of it grows old."""

    _prepared: dict[tuple[str, ...], tuple[Asked, ...]] = field(default_factory=dict)

    def asked(self, book: Book | None, plan: str, kind: CoverKind) -> tuple[Asked, ...]:
        """Give what of a plan is cover of a kind; nothing when none of it is, or there is no book, or no such plan in it."""
        if book is None:
            return ()
        key = (book.product, book.sha256, book.base, plan, kind)
        if key not in self._prepared:
            self._prepared[key] = tuple(_prepare(book, plan, kind)) if plan in book.plans else ()
        return self._prepared[key]


def untold(book: Book, plan: str) -> tuple[str, ...]:
    """Name the responsibilities of a plan whose book does not say what they are cover against (保障)."""
    known = book.plans[plan].responsibilities if plan in book.plans else ()
    return tuple(each for each in known if book.responsibilities[each].covers is None)


def _prepare(book: Book, plan: str, kind: CoverKind) -> Iterator[Asked]:
    groups: dict[tuple[tuple[str, Known], ...], list[str]] = {}
    for name in book.plans[plan].responsibilities:
        case = (book.responsibilities[name].covers or {}).get(kind)
        if case is not None:
            groups.setdefault(tuple(case.items()), []).append(name)
    for told, names in groups.items():
        cut = replace(book, plans={plan: replace(book.plans[plan], responsibilities=tuple(names))})
        plain = {name: to_plain(book, book.elements[name], value) for name, value in told}
        yield Asked(QuickBook(cut), plan, tuple(names), plain, tuple(sorted(_looks_at(cut, cut.plans[plan]))))


def _looks_at(book: Book, plan: Plan) -> frozenset[str]:
    """Name what a program must know, and the day of the loss where claims must lie apart."""
    steps = (step for name in plan.responsibilities for step in all_steps(book.responsibilities[name].steps))
    apart = {plan.loss_date} if any(step.kind == "interval" for step in steps) else set()
    return needed_elements(book, plan) | (apart & set(book.elements))
