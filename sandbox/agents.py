"""Agents of the sandbox: branches in towns that do not exist, and as many agents as wanted, the same for the same seed.

Towns lie where the sandbox's region 99 might: around real coordinates, so that distances are those of a country, under codes that
no authority assigns. Names are made of a surname and 示; licence numbers begin with 99, telephones with 154.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from domain.agent import AgentProfile, Branch, Hours
from domain.places import Datum
from domain.policy import Agent
from sandbox.medical_base import AGENTS
from sandbox.numbers import phone

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗"
_GIVEN = "成真远安宁和信诚达康"
_LANGUAGES = (("zh",), ("zh",), ("zh",), ("zh", "yue"), ("zh", "nan"), ("zh", "en"), ("zh", "wuu"), ("zh", "sgn"))
_HOURS = (Hours(), Hours(), Hours(other_days=((10 * 60, 16 * 60),)), Hours(working_days=((13 * 60, 20 * 60),)))
_AGENTS_A_BRANCH = 50
_DEMO_BRANCHES = (
    Branch("B9901", "示例市中心网点", "990101", "示例市示例区示例路 1 号", 31.2304, 121.4737),
    Branch("B9902", "示例县网点", "990201", "示例县人民路 2 号", 31.3850, 121.2490, Datum.GCJ02),
)


@dataclass(frozen=True)
class Town:
    """Where branches lie: around a place, within some degrees."""

    code: str
    latitude: float
    longitude: float
    spread: float


@dataclass(frozen=True)
class AgentForce:
    """Agents with their profiles and branches, each once."""

    branches: tuple[Branch, ...]
    agents: tuple[Agent, ...]
    profiles: tuple[AgentProfile, ...]


def demo_force() -> AgentForce:
    """Give profiles and branches to the agents of the demo."""
    places = ("B9901", "B9901", "B9902")
    profiles = tuple(
        AgentProfile(
            agent.agent_id,
            branch_id,
            licence_number(number),
            date(2012 + 4 * number, 5, 1),
            _LANGUAGES[2 + number],
            ("9901", "9902"),
            hours=_HOURS[number],
        )
        for number, (agent, branch_id) in enumerate(zip(AGENTS, places, strict=True), start=0)
    )
    return AgentForce(_DEMO_BRANCHES, AGENTS, profiles)


def licence_number(number: int) -> str:
    """Make a licence number (执业证编号) of twenty digits that no authority gave."""
    return f"99{number:018d}"


def towns(count: int, seed: int) -> tuple[Town, ...]:
    """Draw towns over the country; the first ones are large."""
    chance = random.Random(f"towns {seed}")
    return tuple(
        Town(f"{9900 + place % 100:04d}", chance.uniform(22.0, 41.0), chance.uniform(103.0, 121.5), 0.3 if place < 5 else 0.08)
        for place in range(count)
    )


def iter_force(agent_count: int, seed: int = 1, *, town_count: int = 100) -> Iterator[AgentForce]:
    """Draw agents branch by branch, fifty in each, so that memory does not grow; a fifth of all are in the five large towns."""
    chance, places = random.Random(f"agents {seed}"), towns(town_count, seed)
    for branch_number in range(-(-agent_count // _AGENTS_A_BRANCH)):
        town = chance.choice(places[:5] if chance.random() < 0.2 else places)
        branch = Branch(
            f"B{branch_number:06d}",
            f"示例网点{branch_number}",
            f"{town.code}01",
            f"示例路 {branch_number} 号",
            round(town.latitude + chance.gauss(0, town.spread), 6),
            round(town.longitude + chance.gauss(0, town.spread), 6),
        )
        first = branch_number * _AGENTS_A_BRANCH
        numbers = range(first, min(first + _AGENTS_A_BRANCH, agent_count))
        agents = tuple(Agent(f"A{each:07d}", _name(each), phone(10_000_000 + each), branch.name) for each in numbers)
        yield AgentForce((branch,), agents, tuple(_profile(each, branch, town, chance) for each in numbers))


def _name(number: int) -> str:
    return _SURNAMES[number % len(_SURNAMES)] + "示" + _GIVEN[number // len(_SURNAMES) % len(_GIVEN)]


def _profile(number: int, branch: Branch, town: Town, chance: random.Random) -> AgentProfile:
    return AgentProfile(
        f"A{number:07d}",
        branch.branch_id,
        licence_number(number),
        date(2000, 1, 1) + timedelta(days=chance.randrange(9000)),
        chance.choice(_LANGUAGES),
        (town.code,),
        capacity=chance.choice((100, 300, 500)),
        accepting=chance.random() < 0.9,
        hours=chance.choice(_HOURS),
    )
