"""Consent (授权): a customer lets the agent who looks after them see more, and takes that back; both hold at once."""

from agent.wordings import check_current
from domain.agent import Consent, ConsentScope
from domain.decision import Actor
from domain.errors import ConflictError, NotFoundError
from storage import agent_acts, consents
from storage.agent_sight import looks_after
from storage.database import Transaction


def give(tx: Transaction, person_id: str, agent_id: str, scope: ConsentScope, wording_version: str, actor: Actor) -> Consent:
    """Give a consent to the words that are asked for now; one that is in force is given back as it is.

    Raises:
        NotFoundError: the agent looks after no policy of this customer.
        ConflictError: the words are other ones, or health is to be seen where claims are not.
    """
    agent_acts.lock_customer(tx, person_id)
    if not looks_after(tx, agent_id, person_id):
        raise NotFoundError(f"agent {agent_id} looks after none of your policies", "GET /v1/me/agent names those who do")
    check_current(scope, wording_version)
    standing = {each.scope: each for each in _standing(tx, person_id, agent_id)}
    if scope in standing and standing[scope].wording_version == wording_version:
        return standing[scope]
    if scope is ConsentScope.HEALTH and ConsentScope.CLAIMS not in standing:
        raise ConflictError("health is part of claims, and this agent may not see claims", "consent to claims first")
    if scope in standing:  # to earlier words
        consents.end(tx, [standing[scope].consent_id], "customer")
    given = consents.give(tx, person_id, agent_id, scope, wording_version)
    told = {"consent": given.consent_id, "agent": agent_id, "scope": scope, "wording": wording_version}
    agent_acts.append(tx, agent_acts.of_customer(person_id), actor, "consent.given", **told)
    return given


def withdraw(tx: Transaction, person_id: str, consent_id: str, actor: Actor) -> Consent:
    """Take a consent back; with claims goes health. One that is over already stays as it is.

    Raises:
        NotFoundError: the customer gave no such consent.
    """
    agent_acts.lock_customer(tx, person_id)
    wanted = next((each for each in consents.consents_of(tx, person_id) if each.consent_id == consent_id), None)
    if wanted is None:
        raise NotFoundError(f"no consent {consent_id}", "GET /v1/me/agent-consents lists yours")
    if wanted.ended_ms is None:
        ending = [wanted] if wanted.scope is ConsentScope.HEALTH else _standing(tx, person_id, wanted.agent_id)
        consents.end(tx, [each.consent_id for each in ending], "customer")
        for each in ending:
            told = {"consent": each.consent_id, "agent": each.agent_id, "scope": each.scope}
            agent_acts.append(tx, agent_acts.of_customer(person_id), actor, "consent.withdrawn", **told)
    return next(each for each in consents.consents_of(tx, person_id) if each.consent_id == consent_id)


def _standing(tx: Transaction, person_id: str, agent_id: str) -> list[Consent]:
    return [each for each in consents.consents_of(tx, person_id) if each.agent_id == agent_id and each.ended_ms is None]
