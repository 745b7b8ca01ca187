"""What a customer is shown of their own: policies, claims, entitlements, agents; numbers masked."""

from datetime import date

from api.answers.base import Answer, iso_time
from api.answers.status import public_state
from api.answers.wording import STATE_SENTENCES
from api.paging import Page
from domain.money import format_fen
from domain.policy import Agent, Entitlement, Policy
from storage.claims import ClaimRecord


class CustomerToken(Answer):
    """A token with which the customer's device speaks for the customer; send it as a bearer token."""

    token: str
    token_type: str = "bearer"  # noqa: S105 - the scheme's name, no secret
    expires_in_seconds: int = 3600
    customer: str  # the masked name, to be shown back


class OwnPolicy(Answer):
    """One policy in which the customer is insured or policyholder."""

    policy_number: str
    product: str
    plan: str
    effective_from: date
    effective_to: date
    is_in_force: bool
    is_renewal: bool
    sum_insured: str
    sum_insured_fen: int
    direct_settlement: bool


class OwnPolicies(Page):
    """The customer's policies, by number."""

    policies: tuple[OwnPolicy, ...]


class OwnClaim(Answer):
    """One claim of the customer, in a line; the whole story is at `link`."""

    claim_id: str
    state: str
    text: str
    loss_date: date | None
    received_at: str
    link: str


class OwnClaims(Page):
    """The customer's claims, newest first."""

    claims: tuple[OwnClaim, ...]


class OwnEntitlement(Answer):
    """One service (权益) that a policy brings."""

    policy_number: str
    code: str
    name: str
    valid_from: date
    valid_to: date
    used: int
    allowed: int | None


class OwnEntitlements(Page):
    """The customer's entitlements that are valid today."""

    entitlements: tuple[OwnEntitlement, ...]


class OwnAgent(Answer):
    """The agent (代理人) who looks after some policies."""

    agent_id: str
    name: str
    phone: str
    branch: str
    policy_numbers: tuple[str, ...]


class OwnAgents(Page):
    """The customer's agents; a policy without one is looked after by the hotline."""

    agents: tuple[OwnAgent, ...]


def own_policy(policy: Policy, today: date) -> OwnPolicy:
    """Show a policy."""
    return OwnPolicy(
        policy_number=policy.policy_number,
        product=policy.product,
        plan=policy.plan,
        effective_from=policy.effective_from,
        effective_to=policy.effective_to,
        is_in_force=policy.is_in_force(today),
        is_renewal=policy.is_renewal,
        sum_insured=format_fen(policy.sum_insured_fen, grouped=False),
        sum_insured_fen=policy.sum_insured_fen,
        direct_settlement=policy.direct_settlement,
    )


def own_claim(claim: ClaimRecord) -> OwnClaim:
    """Show a claim in a line."""
    return OwnClaim(
        claim_id=claim.claim_id,
        state=public_state(claim.state),
        text=STATE_SENTENCES[claim.state],
        loss_date=claim.loss_date,
        received_at=iso_time(claim.created_ms),
        link=f"/v1/claims/{claim.claim_id}",
    )


def own_entitlement(entitlement: Entitlement) -> OwnEntitlement:
    """Show an entitlement."""
    return OwnEntitlement(**vars(entitlement))


def own_agent(agent: Agent, policies: tuple[Policy, ...]) -> OwnAgent:
    """Show an agent with the policies they look after."""
    mine = tuple(policy.policy_number for policy in policies if policy.agent_id == agent.agent_id)
    return OwnAgent(agent_id=agent.agent_id, name=agent.name, phone=agent.phone, branch=agent.branch, policy_numbers=mine)
