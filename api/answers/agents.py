"""What is shown of agents: those a search found, cards, free slots, and a link's card; positions as the asker states theirs."""

from datetime import date
from typing import Any

from agent.finding import Found
from agent.standing import mean_of
from agent.wordings import Wording
from api.answers.base import Answer, iso_time
from api.paging import Page
from domain.agent import AgentCard, Branch
from domain.places import Datum, Position, to_gcj02


class BranchShown(Answer):
    """A branch (网点)."""

    branch_id: str
    name: str
    region_code: str
    address: str
    latitude: float
    longitude: float
    datum: Datum


class AgentShown(Answer):
    """An agent (代理人) in a list."""

    agent_id: str
    name: str
    initials: str  # stands where a photograph would
    licence_number: str  # 执业证编号
    service_years: int
    languages: tuple[str, ...]
    city_codes: tuple[str, ...]
    is_accepting: bool
    rating: str | None  # the plain mean, "4.5"; null: nobody rated
    ratings: int
    standing: str  # what the ratings are worth, 1.000 to 5.000: what a search weighs
    branch: BranchShown


class AgentFound(AgentShown):
    """An agent of a search."""

    distance_m: int | None  # to the branch; null where no position was sent


class AgentsFound(Page):
    """Who was found, in the order in which they weigh."""

    agents: tuple[AgentFound, ...]


class AgentDetail(AgentShown):
    """A card (名片)."""

    phone: str


class SharedCard(AgentDetail):
    """The card that a link leads to."""


class FreeSlots(Answer):
    """When an agent is free; a slot that is shown may be taken a second later."""

    agent_id: str
    slot_minutes: int
    slots: tuple[str, ...]


class WordingShown(Answer):
    """The words that a customer agrees to; a consent sends back their version."""

    scope: str
    version: str
    text: str
    text_en: str


class Wordings(Page):
    """The words that are asked for now."""

    wordings: tuple[WordingShown, ...]


def agent_found(found: Found, day: date, datum: Datum) -> AgentFound:
    """Show an agent of a search."""
    return AgentFound(**_shown(found.card, day, datum), distance_m=found.distance_m)


def agent_detail(card: AgentCard, day: date, datum: Datum) -> AgentDetail:
    """Show a card."""
    return AgentDetail(**_shown(card, day, datum), phone=card.phone)


def shared_card(card: AgentCard, day: date) -> SharedCard:
    """Show a card to whoever has its link."""
    return SharedCard(**_shown(card, day, Datum.WGS84), phone=card.phone)


def free_slots(agent_id: str, slot_minutes: int, moments: tuple[int, ...]) -> FreeSlots:
    """Show when an agent is free."""
    return FreeSlots(agent_id=agent_id, slot_minutes=slot_minutes, slots=tuple(map(iso_time, moments)))


def wording_shown(wording: Wording) -> WordingShown:
    """Show words to be agreed to."""
    return WordingShown(scope=wording.scope, version=wording.version, text=wording.text_zh, text_en=wording.text_en)


def _shown(card: AgentCard, day: date, datum: Datum) -> dict[str, Any]:
    return {
        "agent_id": card.agent_id,
        "name": card.name,
        "initials": card.name[:1],
        "licence_number": card.profile.licence_number,
        "service_years": card.service_years(day),
        "languages": card.profile.languages,
        "city_codes": card.profile.city_codes,
        "is_accepting": card.profile.accepting,
        "rating": mean_of(card.ratings, card.stars),
        "ratings": card.ratings,
        "standing": standing_words(card),
        "branch": _branch(card.branch, datum),
    }


def standing_words(card: AgentCard) -> str:
    """Write an agent's standing in stars, to the thousandth."""
    stars, rest = divmod(5000 - card.shortfall, 1000)
    return f"{stars}.{rest:03d}"


def _branch(branch: Branch, datum: Datum) -> BranchShown:
    kept = Position(branch.latitude, branch.longitude)
    place = to_gcj02(kept) if datum is Datum.GCJ02 else kept
    told = {name: value for name, value in vars(branch).items() if name not in ("latitude", "longitude", "datum")}
    return BranchShown(**told, latitude=round(place.latitude, 6), longitude=round(place.longitude, 6), datum=datum)
