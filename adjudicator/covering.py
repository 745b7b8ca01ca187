"""Know your cover (知保障) of a customer: their policies as they stand, the published books, what they agreed to have kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from actuarial.benefits import Instalment, instalments
from adjudicator.china_time import today
from adjudicator.system import System
from domain.contract import PREMIUM_KINDS, EntryKind, Holding, sum_of
from domain.cover import CoverKind
from domain.policy import Person
from entitlement.cover.ages import LAST_AGE
from entitlement.cover.asking import Asker, Coverage
from entitlement.cover.assumptions import of_plain
from entitlement.cover.peers import Rank, band_of, city_of, make_group, rank_in
from entitlement.cover.suggestions import Suggestion, suggest
from entitlement.cover.view import CoverView, Insurance, cover_now, look_at_cover
from policy.holdings import holdings_of, holdings_of_person
from storage import cover, decisions
from storage.cover import CoverGroup
from storage.database import Transaction

_PAGE = 500


@dataclass(frozen=True)
class CoverTold:
    """All that is told of a customer's cover. `own` names the assumptions that are theirs, and not everybody's."""

    view: CoverView
    own: frozenset[str]
    ranks: Mapping[CoverKind, Rank]
    suggestions: tuple[Suggestion, ...]


def tell_cover(system: System, tx: Transaction, insured: Person, told: Mapping[str, Any]) -> CoverTold:
    """Work out a customer's cover today, with what they told of themselves in the place of what is assumed of everybody.

    Raises:
        ValueError: something told is no value of its assumption.
    """
    model, day = system.cover, today(tx)
    insurance = insurance_of(system, tx, holdings_of_person(tx, insured.person_id, system.terms, day), insured, day)
    assumed = replace(model.defaults.values, **{name: of_plain(name, value) for name, value in told.items()})
    asker = Asker(model.books, insured)
    view = look_at_cover(asker, insurance, assumed, day)
    published = {name: each.book for name, each in system.books.in_force(tx, {each.product for each in model.catalogue}, day).items()}
    suggestions = suggest(asker, model.catalogue, published, view, insurance.coverages)
    return CoverTold(view, frozenset(told), _ranks(system, tx, asker, insurance.coverages, day), suggestions)


def insurance_of(system: System, tx: Transaction, holdings: Sequence[Holding], insured: Person, day: date) -> Insurance:
    """Sort a person's policies into those that cover, each with its book and what is used of its limits, and those that do not."""
    mine = [each for each in holdings if each.policy.insured_id == insured.person_id and each.policy.effective_to >= day]
    covering = [each for each in mine if each.standing.is_covering]
    books = system.books.in_force(tx, {each.policy.product for each in covering}, day)
    decisions.look_ahead(tx, [each.policy.policy_number for each in covering if not each.policy.family_id])
    coverages = []
    for each in covering:
        found = books.get(each.policy.product)
        used = decisions.accumulators_of(tx, each.policy.policy_number)
        coverages.append(Coverage(each.policy, found.book if found else None, used, _instalments(each, insured, day), _moved(each)))
    return Insurance(tuple(coverages), tuple(each.policy for each in mine if not each.standing.is_covering))


def _moved(holding: Holding) -> dict[str, int]:
    """Tell what was paid on a contract and by it, by the names of elements; nothing where no contract is known."""
    if holding.contract is None:
        return {}
    paid = sum_of(holding.entries, *PREMIUM_KINDS)
    received = sum(e.amount_fen for e in holding.entries if e.kind is EntryKind.BENEFIT_DUE and e.event.startswith("survival "))
    return {"已交保费": paid, "累计已交保费": paid, "已领生存金": received}


def _instalments(holding: Holding, insured: Person, day: date) -> tuple[Instalment, ...] | None:
    """List what the contract terms pay to who lives, from a day on; None where no terms are known, so that the book is asked."""
    if holding.contract is None or holding.terms is None:
        return None
    last = date(min(insured.birth_date.year + LAST_AGE + 1, date.max.year), 12, 31)
    every = instalments(holding.policy, holding.contract, holding.terms, insured.birth_date, last)
    return tuple(each for each in every if each.due >= day)


def _ranks(system: System, tx: Transaction, asker: Asker, coverages: Sequence[Coverage], day: date) -> dict[CoverKind, Rank]:
    """Compare by what is assumed of everybody, as the groups were counted; nothing where no group was kept."""
    city = city_of(asker.insured.region_code)
    groups = cover.groups_of(tx, city, band_of(asker.insured.age_on(day))) if city else {}
    if not groups:
        return {}
    there = cover_now(asker, coverages, system.cover.defaults.values, day)
    return {kind: rank_in(group, there[kind].low_fen) for kind, group in groups.items()}


def count_groups(system: System) -> Iterator[int]:
    """Count how similar people are covered, page by page, and put it in the place of what was counted before; gives how many so far."""
    amounts: dict[tuple[str, int], dict[CoverKind, list[int]]] = {}
    after, seen, full = "", 0, True
    while full:
        with system.database.read() as tx:
            day = today(tx)
            page = cover.page_of_insured(tx, after, _PAGE)
            _count_page(system, tx, page, day, amounts)
        after, seen, full = page[-1].person_id if page else "", seen + len(page), len(page) == _PAGE
        yield seen
    with system.database.write() as tx:
        cover.replace_groups(tx, _groups(amounts, day, system.cover.least_people))


def _count_page(
    system: System, tx: Transaction, page: Sequence[Person], day: date, amounts: dict[tuple[str, int], dict[CoverKind, list[int]]]
) -> None:
    numbers = cover.policies_of_many(tx, [each.person_id for each in page])
    held: dict[str, list[Holding]] = {}
    for holding in holdings_of(tx, numbers, system.terms, day):
        held.setdefault(holding.policy.insured_id, []).append(holding)
    for person in page:
        insurance = insurance_of(system, tx, held.get(person.person_id, []), person, day)
        if insurance.coverages and (city := city_of(person.region_code)):
            there = cover_now(Asker(system.cover.books, person), insurance.coverages, system.cover.defaults.values, day)
            of_group = amounts.setdefault((city, band_of(person.age_on(day))), {kind: [] for kind in CoverKind})
            for kind, existing in there.items():
                of_group[kind].append(existing.low_fen)


def _groups(amounts: Mapping[tuple[str, int], Mapping[CoverKind, Sequence[int]]], day: date, least: int) -> Iterator[CoverGroup]:
    for (city, band), kinds in amounts.items():
        for kind, fen in kinds.items():
            if group := make_group(city, band, kind, fen, day, least):
                yield group
