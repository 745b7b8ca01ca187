"""Whom a customer turns to: the agent (代理人) who looks after a policy."""

from collections.abc import Sequence

from domain.errors import NotFoundError
from domain.policy import Agent, Policy
from storage import registry
from storage.database import Transaction


def check_looks_after(policies: Sequence[Policy], agent_id: str) -> None:
    """Refuse an agent who looks after none of these policies, in words that tell nothing of the insured.

    Raises:
        NotFoundError: they do not.
    """
    if agent_id not in {each.agent_id for each in policies}:
        raise NotFoundError(
            "no policy of this agent fits what was given", "check the policy number; other policies are reported by the customer"
        )


def agents_of(tx: Transaction, policies: Sequence[Policy]) -> tuple[Agent, ...]:
    """List the agents of some policies, each once, in the order of the policies."""
    ids = dict.fromkeys(each.agent_id for each in policies if each.agent_id)
    return tuple(agent for agent in (registry.find_agent(tx, agent_id) for agent_id in ids) if agent)
