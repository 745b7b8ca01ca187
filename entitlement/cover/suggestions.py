"""Suggestions (保障建议): for what is surely missing today, a plan of the catalogue that would bring some of it, and why.

Never where cover is enough, or may be enough once something unknown is told; never a plan that the person is too old or too
young for, has already, or that would pay nothing.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from actuarial.calendar import add_years
from domain.cover import KINDS_ZH, CoverKind
from domain.money import format_fen
from domain.policy import Person, Policy
from entitlement.cover.asking import Asker, Coverage
from entitlement.cover.catalogue import Offer
from entitlement.cover.view import CoverView, cover_now
from rules.model import Book

MOST_OF_A_KIND = 2
_WAITED_DAYS = 364  # a new policy is asked as it will be at the end of its first year, when no waiting period runs any more


@dataclass(frozen=True)
class Suggestion:
    """One plan for one kind, with what it would bring there, and the reason in both languages."""

    kind: CoverKind
    offer: Offer
    adds_fen: int
    premium_fen: int
    why_zh: str
    why_en: str


def suggest(
    asker: Asker, catalogue: Sequence[Offer], published: Mapping[str, Book], view: CoverView, coverages: Sequence[Coverage]
) -> tuple[Suggestion, ...]:
    """Suggest at most two plans for each kind in which something is surely missing, the cheapest cover first."""
    missing = {kind: each.now.missing_fen for kind, each in view.kinds.items() if each.now.missing_fen}
    has = {(each.policy.product, each.policy.plan) for each in coverages if each.policy.is_in_force(view.day)}
    found: dict[CoverKind, list[Suggestion]] = {kind: [] for kind in missing}
    for offer in catalogue:
        book, kinds = published.get(offer.product), offer.covers & missing.keys()
        if book is None or not kinds or not offer.is_open_to(view.age) or (offer.product, offer.plan) in has:
            continue
        for kind, adds_fen in _brings(asker, Coverage(_supposed(offer, asker.insured, view.day), book), coverages, view, kinds):
            if adds_fen:
                found[kind].append(_suggestion(view, kind, offer, adds_fen))
    return tuple(each for kind, some in found.items() for each in sorted(some, key=lambda s: _price(s, missing[kind]))[:MOST_OF_A_KIND])


def _brings(
    asker: Asker, new: Coverage, coverages: Sequence[Coverage], view: CoverView, kinds: Collection[CoverKind]
) -> Iterator[tuple[CoverKind, int]]:
    """Ask the books for the cover with a plan: what there is more than without it is what it surely brings."""
    after = cover_now(asker, [*coverages, new], view.assumed, view.day, kinds)
    for kind in kinds:
        yield kind, max(after[kind].low_fen - view.kinds[kind].now.existing.low_fen, 0)


def _supposed(offer: Offer, insured: Person, today: date) -> Policy:
    """A policy of the plan that began a year ago less a day, and has nothing paid on it."""
    start = today - timedelta(days=_WAITED_DAYS)
    end = add_years(start, offer.years) - timedelta(days=1)
    return Policy("", insured.person_id, insured.person_id, offer.product, offer.plan, start, end, start)


def _price(suggestion: Suggestion, missing_fen: int) -> tuple[Fraction, str]:
    """What a yuan of the missing cover costs a year."""
    return Fraction(suggestion.premium_fen, min(suggestion.adds_fen, missing_fen)), suggestion.offer.product


def _suggestion(view: CoverView, kind: CoverKind, offer: Offer, adds_fen: int) -> Suggestion:
    now, premium_fen = view.kinds[kind].now, offer.premium_fen(view.age)
    needed, there, missing = (format_fen(each) for each in (now.needed_fen, now.existing.low_fen, now.missing_fen))
    zh = (
        f"{KINDS_ZH[kind]}保障需要 {needed} 元，现有 {there} 元，至少还差 {missing} 元；"
        f"{offer.zh}在等待期满后可补 {format_fen(adds_fen)} 元。"
        f"您 {view.age} 岁，可投保年龄 {offer.youngest} 至 {offer.oldest} 岁；"
        f"参考保费每年 {format_fen(premium_fen)} 元（{offer.as_of}，以核保为准）。"
    )
    en = (
        f"Cover in {kind.value}: {needed} yuan are needed, {there} are there, at least {missing} are missing; "
        f"{offer.en} would bring {format_fen(adds_fen)} once its waiting period is over. At {view.age} you may be insured "
        f"(ages {offer.youngest} to {offer.oldest}); about {format_fen(premium_fen)} yuan a year ({offer.as_of}; the insurer decides)."
    )
    return Suggestion(kind, offer, adds_fen, premium_fen, zh, en)
