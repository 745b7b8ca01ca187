"""What a customer is shown of their own: policies, claims, entitlements, agents; numbers masked."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import Field

from api.answers.base import Answer, iso_time
from api.answers.holdings import PolicyFigure, Words, line_of, policy_figure, product_name_of, state_words
from api.answers.status import public_state
from api.answers.wording import STATE_SENTENCES
from api.paging import Page
from domain.contract import Holding
from domain.identity import mask_name
from domain.money import format_fen
from domain.policy import Agent, Entitlement, Policy
from entitlement.figures import Figure
from storage.claims import ClaimRecord


class CustomerToken(Answer):
    """A token with which the customer's device speaks for the customer; send it as a bearer token."""

    token: str
    token_type: str = "bearer"  # noqa: S105 - the scheme's name, no secret
    expires_in_seconds: int = 3600
    customer: str  # the masked name, to be shown back


class OwnPolicy(Answer):
    """One policy in which the customer is insured or policyholder, in a line; the whole of it is at `link`."""

    policy_number: str
    product: str
    product_name: str
    line: str = Field(description="life, property; unknown where the product's terms are not here")
    plan: str
    state: Words
    since: date | None = Field(description="the first day of this state; null of one that has not begun")
    my_part: str = Field(description="policyholder, insured or both")
    effective_from: date
    effective_to: date
    is_in_force: bool
    is_renewal: bool
    sum_insured: str
    sum_insured_fen: int
    premium: str | None = Field(description="of one instalment; null where only the cover is known here")
    premium_fen: int | None
    frequency: str | None
    paid_to: date | None = Field(description="the first due day whose premium is not paid; null: every premium is")
    direct_settlement: bool
    link: str


class OwnPolicies(Page):
    """The customer's policies, by number."""

    as_of: date
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


class OwnPolicyDetail(OwnPolicy):
    """One policy with everything of it."""

    policyholder: str = Field(description="the masked name")
    insured: str = Field(description="the masked name")
    first_effective_from: date
    payment_years: int | None
    automatic_premium_loan: bool | None
    auto_renew: bool | None
    grace_until: date | None = Field(description="the last day of grace, while a premium is missing and the policy still covers")
    reinstate_until: date | None = Field(description="the last day on which a lapsed policy can be reinstated")
    responsibilities: tuple[str, ...] = Field(
        description="what the contract pays for, as its rule book names it; empty where no book is here"
    )
    figures: tuple[PolicyFigure, ...]
    agent: OwnAgent | None


class OwnAgents(Page):
    """The customer's agents; a policy without one is looked after by the hotline."""

    agents: tuple[OwnAgent, ...]


def own_policy(holding: Holding, person_id: str) -> OwnPolicy:
    """Show a policy in a line."""
    return OwnPolicy(**_line_of(holding, person_id))


def own_policy_detail(
    holding: Holding,
    person_id: str,
    names: tuple[str, str],
    responsibilities: tuple[str, ...],
    figures: Sequence[Figure],
    agent: Agent | None,
) -> OwnPolicyDetail:
    """Show everything of a policy; `names` are those of its policyholder and its insured."""
    contract, standing = holding.contract, holding.standing
    return OwnPolicyDetail(
        **_line_of(holding, person_id),
        policyholder=mask_name(names[0]),
        insured=mask_name(names[1]),
        first_effective_from=holding.policy.first_effective_from,
        payment_years=contract.payment_years if contract else None,
        automatic_premium_loan=contract.automatic_premium_loan if contract else None,
        auto_renew=contract.auto_renew if contract else None,
        grace_until=standing.grace_until,
        reinstate_until=standing.reinstate_until,
        responsibilities=responsibilities,
        figures=tuple(policy_figure(holding, each) for each in figures),
        agent=own_agent(agent, (holding.policy,)) if agent else None,
    )


def _line_of(holding: Holding, person_id: str) -> dict[str, Any]:
    policy, contract = holding.policy, holding.contract
    parts = [name for name, each in (("policyholder", policy.policyholder_id), ("insured", policy.insured_id)) if each == person_id]
    return {
        "policy_number": policy.policy_number,
        "product": policy.product,
        "product_name": product_name_of(holding),
        "line": line_of(holding),
        "plan": policy.plan,
        "state": state_words(holding.standing.state),
        "since": holding.standing.since,
        "my_part": parts[0] if len(parts) == 1 else "both",
        "effective_from": policy.effective_from,
        "effective_to": policy.effective_to,
        "is_in_force": holding.standing.is_covering,
        "is_renewal": policy.is_renewal,
        "sum_insured": format_fen(policy.sum_insured_fen, grouped=False),
        "sum_insured_fen": policy.sum_insured_fen,
        "premium": format_fen(contract.premium_on(holding.day), grouped=False) if contract else None,
        "premium_fen": contract.premium_on(holding.day) if contract else None,
        "frequency": contract.frequency_on(holding.day).value if contract else None,
        "paid_to": holding.standing.paid_to,
        "direct_settlement": policy.direct_settlement,
        "link": f"/v1/me/policies/{policy.policy_number}",
    }


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
