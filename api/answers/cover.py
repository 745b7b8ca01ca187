"""Know your cover: each figure with the policies and responsibilities it comes from, each assumption with its source."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from adjudicator.covering import CoverTold
from api.answers.base import Answer, iso_time
from domain.cover import KINDS_ZH, CoverKind
from domain.money import format_fen
from entitlement.cover.assumptions import MONEY, NAMES, RATES, SHARES, Defaults, to_plain
from entitlement.cover.existing import Part
from entitlement.cover.peers import Rank
from entitlement.cover.suggestions import Suggestion
from entitlement.cover.view import AtAge, KindView, NotCounted
from storage.cover import Profile

_CHANGING = (CoverKind.MEDICAL, CoverKind.SAVINGS)  # of a bill that rises, of payments that come nearer


class CoverAtAge(Answer):
    """One kind at one age. `at_most` is above `existing` while something is unknown, null where nobody can tell how far."""

    age: int
    existing: str
    existing_fen: int
    at_most: str | None
    at_most_fen: int | None
    by_accident: str
    by_accident_fen: int
    needed: str
    needed_fen: int
    missing: str
    missing_fen: int


class CoverSource(Answer):
    """Where existing cover comes from: a responsibility of a policy, over the ages at which it pays the same.

    What it pays of a bill that rises, and what payments to come are worth, differs at every age: `amount` is that at
    `from_age`, and `last_amount` that at `to_age`.
    """

    policy_number: str
    product: str
    plan: str
    responsibility: str
    from_age: int
    to_age: int
    amount: str
    amount_fen: int
    last_amount: str
    last_amount_fen: int
    at_most: str | None
    at_most_fen: int | None
    unknown: tuple[str, ...]  # elements that nobody told, and that would change the amount
    declined_by: str | None  # the rule that says no, such as the waiting period


class CoverRank(Answer):
    """Where the customer stands among customers of the same city and age: at least so many percent have less cover."""

    more_than_percent: int
    people_at_least: int
    city: str
    age_from: int
    age_to: int
    counted_on: date


class CoverSuggestion(Answer):
    """A plan that would bring some of what is missing, and why."""

    product: str
    plan: str
    name_zh: str
    name_en: str
    adds: str
    adds_fen: int
    premium_a_year: str
    premium_a_year_fen: int
    premium_as_of: date
    why_zh: str
    why_en: str


class KindOfCover(Answer):
    """One of the five kinds: today, at every age to a hundred, and where it comes from."""

    kind: str
    kind_zh: str
    now: CoverAtAge
    ages: tuple[CoverAtAge, ...]
    sources: tuple[CoverSource, ...]
    sources_by_accident: tuple[CoverSource, ...]
    rank: CoverRank | None
    suggestions: tuple[CoverSuggestion, ...]


class AssumptionShown(Answer):
    """One assumption that needs were worked out from; `is_own` when the customer told it."""

    name: str
    name_zh: str
    name_en: str
    value: str | tuple[int, ...]
    unit: str  # 元 | % | years
    source: str
    as_of: date | None
    is_own: bool


class CoverNotCounted(Answer):
    """Something of a policy that counts for nothing: no_book, not_said or not_covering; no responsibilities: all of it."""

    policy_number: str
    product: str
    why: str
    responsibilities: tuple[str, ...]


class CoverAnswer(Answer):
    """A customer's cover. `kept_since` tells since when what they told of themselves is kept; null: it is not."""

    as_of: date
    age: int
    kinds: tuple[KindOfCover, ...]
    assumptions: tuple[AssumptionShown, ...]
    not_counted: tuple[CoverNotCounted, ...]
    kept_since: str | None


def cover_answer(told: CoverTold, defaults: Defaults, kept: Profile | None) -> CoverAnswer:
    """Show all that is told of a customer's cover."""
    view = told.view
    return CoverAnswer(
        as_of=view.day,
        age=view.age,
        kinds=tuple(_kind(each, told.ranks.get(kind), told.suggestions) for kind, each in view.kinds.items()),
        assumptions=assumptions_shown(told, defaults),
        not_counted=tuple(map(_not_counted, view.not_counted)),
        kept_since=iso_time(kept.consented_ms) if kept else None,
    )


def assumptions_shown(told: CoverTold, defaults: Defaults) -> tuple[AssumptionShown, ...]:
    """Show every assumption with its source."""
    shown = []
    for name in NAMES:
        words, is_own = defaults.told[name], name in told.own
        shown.append(
            AssumptionShown(
                name=name,
                name_zh=words.zh,
                name_en=words.en,
                value=to_plain(name, told.view.assumed),
                unit="元" if name in MONEY else "%" if name in (*SHARES, *RATES) else "years",
                source="客户告知" if is_own else words.source,
                as_of=None if is_own else words.as_of,
                is_own=is_own,
            )
        )
    return tuple(shown)


def _kind(view: KindView, rank: Rank | None, suggestions: Sequence[Suggestion]) -> KindOfCover:
    return KindOfCover(
        kind=view.kind,
        kind_zh=KINDS_ZH[view.kind],
        now=_at_age(view.now),
        ages=tuple(map(_at_age, view.ages)),
        sources=sources_of(view),
        sources_by_accident=sources_of(view, by_accident=True),
        rank=CoverRank(**vars(rank)) if rank else None,
        suggestions=tuple(_suggestion(each) for each in suggestions if each.kind is view.kind),
    )


def _at_age(at: AtAge) -> CoverAtAge:
    high = at.existing.high_fen
    return CoverAtAge(
        age=at.age,
        existing=_yuan(at.existing.low_fen),
        existing_fen=at.existing.low_fen,
        at_most=None if high is None else _yuan(high),
        at_most_fen=high,
        by_accident=_yuan(at.by_accident.low_fen),
        by_accident_fen=at.by_accident.low_fen,
        needed=_yuan(at.needed_fen),
        needed_fen=at.needed_fen,
        missing=_yuan(at.missing_fen),
        missing_fen=at.missing_fen,
    )


def sources_of(view: KindView, *, by_accident: bool = False) -> tuple[CoverSource, ...]:
    """List where the cover of a kind comes from, the earliest first, ages in a row put together."""
    ages = {each.age: (each.by_accident if by_accident else each.existing).parts for each in view.ages}
    return tuple(sorted(_spans(ages, is_steady=view.kind not in _CHANGING), key=lambda each: (each.from_age, each.policy_number)))


def _spans(ages: Mapping[int, tuple[Part, ...]], *, is_steady: bool) -> Iterator[CoverSource]:
    running: dict[object, tuple[int, Part, int, Part]] = {}
    for age, parts in ages.items():
        present = {part if is_steady else (part.policy_number, part.responsibility, bool(part.declined_by)): part for part in parts}
        for key in [key for key in running if key not in present]:
            yield _source(*running.pop(key))
        for key, part in present.items():
            first_age, first, *_ = running.get(key, (age, part))
            running[key] = first_age, first, age, part
    for span in running.values():
        yield _source(*span)


def _source(from_age: int, part: Part, to_age: int, last: Part) -> CoverSource:
    return CoverSource(
        policy_number=part.policy_number,
        product=part.product,
        plan=part.plan,
        responsibility=part.responsibility,
        from_age=from_age,
        to_age=to_age,
        amount=_yuan(part.low_fen),
        amount_fen=part.low_fen,
        last_amount=_yuan(last.low_fen),
        last_amount_fen=last.low_fen,
        at_most=None if part.high_fen is None else _yuan(part.high_fen),
        at_most_fen=part.high_fen,
        unknown=part.unknowns,
        declined_by=part.declined_by or None,
    )


def _suggestion(suggestion: Suggestion) -> CoverSuggestion:
    offer = suggestion.offer
    return CoverSuggestion(
        product=offer.product,
        plan=offer.plan,
        name_zh=offer.zh,
        name_en=offer.en,
        adds=_yuan(suggestion.adds_fen),
        adds_fen=suggestion.adds_fen,
        premium_a_year=_yuan(suggestion.premium_fen),
        premium_a_year_fen=suggestion.premium_fen,
        premium_as_of=offer.as_of,
        why_zh=suggestion.why_zh,
        why_en=suggestion.why_en,
    )


def _not_counted(each: NotCounted) -> CoverNotCounted:
    return CoverNotCounted(policy_number=each.policy_number, product=each.product, why=each.why, responsibilities=each.responsibilities)


def _yuan(fen: int) -> str:
    return format_fen(fen, grouped=False)
