"""To whom a claim was handed (转交) in its present round: a colleague by name, or anybody of a role."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, bindparam, delete, insert, or_, select

from storage import tables as t
from storage.database import Transaction


@dataclass(frozen=True)
class Referral:
    """Whose claim it is to be: `to_user` or `to_role`, the other is "". An escalation (上报) goes to who may decide more."""

    claim_id: str
    round: int
    to_user: str
    to_role: str
    is_escalation: bool
    by_user: str
    at_ms: int


def refer(tx: Transaction, referral: Referral) -> None:
    """Write to whom a claim is handed; an earlier word gives way."""
    drop(tx, referral.claim_id)
    tx.connection.execute(insert(t.claim_referral).values(**vars(referral)))


def find(tx: Transaction, claim_id: str) -> Referral | None:
    """Find to whom a claim was handed in its present round."""
    row = next(iter(tx.find(_OF_CLAIM, {"of_claim": claim_id})), None)
    return Referral(**row._mapping) if row else None


def drop(tx: Transaction, claim_id: str) -> None:
    """Forget to whom a claim was handed; one that was not stays as it is."""
    tx.connection.execute(delete(t.claim_referral).where(t.claim_referral.c.claim_id == claim_id))


def holds() -> ColumnElement[bool]:
    """Give the condition under which a row of `claim_referral` is about its claim's present round."""
    r, c = t.claim_referral.c, t.claim.c
    return and_(r.claim_id == c.claim_id, r.round == c.round)


_OF_CLAIM = select(t.claim_referral).join(t.claim, holds()).where(t.claim.c.claim_id == bindparam("of_claim"))


def is_to(user_name: str, role: str) -> ColumnElement[bool]:
    """Give the condition that a claim was handed to somebody, by name or by their role."""
    r = t.claim_referral.c
    return or_(r.to_user == user_name, r.to_role == role)
