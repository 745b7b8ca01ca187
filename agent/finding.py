"""Finding an agent: near, and well spoken of. A star less weighs as much as two kilometres more.

The order is by `distance + 2 m × shortfall` (agent/standing.py): an agent of five sure stars at seven kilometres comes before one
whom nobody rated at three. Branches are taken nearest first, and of each the best; what is still farther away than the last
that is shown weighs, cannot come before it, and is not looked at. Agents farther than 200 km are not near.
"""

from dataclasses import dataclass

from domain.agent import AgentCard, Branch
from domain.errors import NotFoundError
from domain.places import Position, box_around, distance_m
from storage import agents
from storage.agents import Standing, Wanted
from storage.database import Transaction

METRES_A_SHORTFALL = 2
FARTHEST_M = 200_000
_FIRST_M = 4_000


@dataclass(frozen=True, order=True)
class Weighed:
    """An agent with what they weigh: less comes first."""

    weight: int
    agent_id: str
    distance_m: int


@dataclass(frozen=True)
class Found:
    """An agent of a search; without a position there is no distance, and the shortfall alone weighs."""

    card: AgentCard
    distance_m: int | None
    weight: int


def nearest(tx: Transaction, place: Position, wanted: Wanted, after: tuple[int, str] | None, limit: int) -> tuple[Found, ...]:
    """List the agents around a place, as they weigh; those after a weight and a number."""
    best: list[Weighed] = []
    seen: set[str] = set()
    radius_m = _FIRST_M
    while True:
        for distance, branch in _branches_within(tx, place, radius_m, seen):
            if len(best) == limit and distance > best[-1].weight:
                break
            seen.add(branch.branch_id)
            best = sorted([*best, *_best_of(tx, branch, distance, wanted, after, limit)])[:limit]
        if radius_m >= FARTHEST_M or (len(best) == limit and best[-1].weight <= radius_m):
            break
        radius_m = min(2 * radius_m, FARTHEST_M)
    cards = agents.find_cards(tx, [each.agent_id for each in best])
    return tuple(Found(cards[each.agent_id], each.distance_m, each.weight) for each in best)


def _branches_within(tx: Transaction, place: Position, radius_m: int, seen: set[str]) -> list[tuple[int, Branch]]:
    """Give the branches within a radius that were not looked at yet, nearest first."""
    around = agents.branches_in(tx, box_around(place, radius_m))
    measured = [(distance_m(place, Position(each.latitude, each.longitude)), each) for each in around if each.branch_id not in seen]
    return sorted((each for each in measured if each[0] <= radius_m), key=lambda each: (each[0], each[1].branch_id))


def _best_of(tx: Transaction, branch: Branch, distance: int, wanted: Wanted, after: tuple[int, str] | None, limit: int) -> list[Weighed]:
    found = agents.best_of_branch(tx, branch.branch_id, wanted, _bound(distance, after), limit)
    return [Weighed(distance + METRES_A_SHORTFALL * each.shortfall, each.agent_id, distance) for each in found]


def _bound(distance: int, after: tuple[int, str] | None) -> Standing | None:
    """Say in terms of one branch which agents come after a weight: between two shortfalls, no number is left to compare."""
    if after is None or after[0] < distance:
        return None
    whole, rest = divmod(after[0] - distance, METRES_A_SHORTFALL)
    return Standing(whole, _AFTER_ALL if rest else after[1])


_AFTER_ALL = "\U0010ffff"  # sorts behind every number


def of_city(tx: Transaction, wanted: Wanted, after: tuple[int, str] | None, limit: int) -> tuple[Found, ...]:
    """List the agents who serve a city, the best standing first; those after a shortfall and a number."""
    found = agents.best_of_city(tx, wanted, Standing(*after) if after else None, limit)
    cards = agents.find_cards(tx, [each.agent_id for each in found])
    return tuple(Found(cards[each.agent_id], None, each.shortfall) for each in found)


def card_of(tx: Transaction, agent_id: str) -> AgentCard:
    """Give an agent's card.

    Raises:
        NotFoundError: there is no such agent, or none who can be found.
    """
    card = agents.find_card(tx, agent_id)
    if card is None:
        raise NotFoundError(f"no agent {agent_id}", "GET /v1/agents finds those there are")
    return card
