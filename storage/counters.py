"""How often the phone, account, device, agent or hospital of a claim stood on other claims: counts for the risk model.

Only claims that came in before this one are counted, so a count means the same at scoring and at training.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from storage import tables as t
from storage.claims import ClaimRecord
from storage.database import Transaction

_DAY_MS = 86_400_000


@dataclass(frozen=True)
class Counts:
    """What a claim shares with the claims before it."""

    phone_other_insureds: int
    account_other_insureds: int
    device_other_insureds: int
    earlier_claims_365d: int
    earlier_claims_same_hospital: int
    hospital_claims_90d: int
    agent_claims_90d: int


def count_shared(tx: Transaction, claim: ClaimRecord, agent_id: str) -> Counts:
    """Count what a claim has in common with earlier ones."""
    c = t.claim.c
    before = (c.claim_id != claim.claim_id, c.created_ms < claim.created_ms)

    def others(column: ColumnElement[str], value: str) -> int:
        if not value:
            return 0
        statement = select(func.count(func.distinct(c.insured_id))).where(column == value, c.insured_id != claim.insured_id, *before)
        return int(tx.connection.execute(statement).scalar_one())

    def claims(*conditions: ColumnElement[bool], days: int) -> int:
        since = claim.created_ms - days * _DAY_MS
        return int(
            tx.connection.execute(select(func.count()).select_from(t.claim).where(*before, c.created_ms >= since, *conditions)).scalar_one()
        )

    of_agent = c.insured_id.in_(select(t.policy.c.insured_id).where(t.policy.c.agent_id == agent_id))
    same_hospital = c.hospital_id == claim.hospital_id
    return Counts(
        phone_other_insureds=others(c.reporter_phone_index, claim.reporter_phone_index),
        account_other_insureds=others(c.payee_account_index, claim.payee_account_index),
        device_other_insureds=others(c.device_index, claim.device_index),
        earlier_claims_365d=claims(c.insured_id == claim.insured_id, days=365),
        earlier_claims_same_hospital=claims(c.insured_id == claim.insured_id, same_hospital, days=365) if claim.hospital_id else 0,
        hospital_claims_90d=claims(same_hospital, days=90) if claim.hospital_id else 0,
        agent_claims_90d=claims(of_agent, days=90) if agent_id else 0,
    )
