"""The insurer's books of the sandbox: everybody whom the scenarios need, and nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.agent import AgentProfile, Branch
from domain.contract import Contract, PolicyEntry
from domain.policy import Agent, Entitlement, Hospital, Person, Policy
from sandbox.agents import demo_force
from sandbox.many_policies import build_customer
from sandbox.medical_base import AGENTS, HOSPITALS
from sandbox.scenario import Scenario
from sandbox.scenarios import SCENARIOS

_SECOND_OPINIONS_A_YEAR = 2


@dataclass(frozen=True)
class Portfolio:
    """People, policies, hospitals, agents with their branches and cards, entitlements; contracts and the entries of their ledger."""

    persons: tuple[Person, ...]
    policies: tuple[Policy, ...]
    hospitals: tuple[Hospital, ...]
    agents: tuple[Agent, ...]
    entitlements: tuple[Entitlement, ...]
    contracts: tuple[Contract, ...] = ()
    policy_entries: tuple[PolicyEntry, ...] = ()
    branches: tuple[Branch, ...] = ()
    agent_profiles: tuple[AgentProfile, ...] = ()


def build_portfolio(scenarios: Sequence[Scenario] = SCENARIOS) -> Portfolio:
    """Collect the cast of scenarios; the same scenarios make the same portfolio."""
    members = {member.person.person_id: member for scenario in scenarios for member in scenario.cast}
    force = demo_force()
    policies = tuple(policy for member in members.values() for policy in member.policies)
    return Portfolio(
        persons=tuple(member.person for member in members.values()),
        policies=policies,
        hospitals=HOSPITALS,
        agents=force.agents,
        entitlements=tuple(_entitlement_of(policy) for policy in policies),
        branches=force.branches,
        agent_profiles=force.profiles,
    )


def build_customer_portfolio() -> Portfolio:
    """Give the one customer with 157 policies, for whom `sandbox/many_policies.py` invents a life of premiums and benefits."""
    books = build_customer()
    return Portfolio((books.person,), books.policies, (), AGENTS, (), books.contracts, books.entries)


def _entitlement_of(policy: Policy) -> Entitlement:
    """Give direct settlement (理赔直付) where the policy has it, and otherwise a second opinion."""
    term = policy.policy_number, policy.effective_from, policy.effective_to
    if policy.direct_settlement:
        return Entitlement("direct-settlement", "理赔直付", *term)
    return Entitlement("second-opinion", "专家二次诊疗意见", *term, allowed=_SECOND_OPINIONS_A_YEAR)
