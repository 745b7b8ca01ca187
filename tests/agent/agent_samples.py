"""Agents, branches and customers to arrange things between: synthetic, as in tests/storage/storage_samples.py."""

from dataclasses import replace
from datetime import date
from typing import Any

from agent.standing import shortfall_of
from agent.wordings import current
from domain.agent import AgentProfile, Branch, ConsentScope
from domain.china import DAY_MS, HOUR_MS, china_day, china_midnight_ms
from domain.decision import Actor
from domain.policy import Agent, Policy
from domain.working_days import is_working_day
from storage import agents, registry
from storage.database import Transaction
from tests.storage.storage_samples import person, policy

ME, AGENT_ACTOR = Actor("I1", "customer"), Actor("A1", "field_agent")
BRANCH = Branch("B1", "示例市中心网点", "990101", "示例路 1 号", 31.2304, 121.4737)
CHANGE, CLAIMS, HEALTH = (current(each).version for each in (ConsentScope.CHANGE, ConsentScope.CLAIMS, ConsentScope.HEALTH))


def profile(number: int, **changes: Any) -> AgentProfile:
    made = AgentProfile(f"A{number}", "B1", f"9901{number:016d}", date(2020, 5, 1), ("zh",), ("9901",), capacity=3)
    return replace(made, **changes)


def save_town(tx: Transaction, people: int = 3, agent_count: int = 3, **changes: Any) -> None:
    """Store agents A1 … of one branch, people I1 … and a policy P1 … of each, looked after by A1."""
    numbers = range(1, agent_count + 1)
    registry.save_agents(tx, [Agent(f"A{each}", f"示理{each}", f"1549000{each:04d}", "示例支公司") for each in numbers])
    agents.save_branches(tx, [BRANCH])
    agents.save_profiles(tx, [profile(each, **changes) for each in numbers], shortfall_of(0, 0))
    registry.save_people(tx, [person(each) for each in range(1, people + 1)])
    registry.save_policies(tx, [a_policy(each) for each in range(1, people + 1)])


def a_policy(number: int, **changes: Any) -> Policy:
    return policy(number, number, **{"effective_to": date(2030, 2, 28), **changes})


def slot(tx: Transaction, hour: int = 10, days: int = 3) -> int:
    """Give a moment on a working day to come, at an hour of China."""
    day = china_day(tx.now_ms() + days * DAY_MS)
    while not is_working_day(day):
        day = china_day(china_midnight_ms(day) + DAY_MS)
    return china_midnight_ms(day) + hour * HOUR_MS
