"""Which other claims stand behind a count: those with the same phone, account or device, for whoever looks into one."""

from dataclasses import dataclass

from sqlalchemy import select

from domain.risk import EntityKind
from domain.states import ClaimState
from storage import tables as t
from storage.claims import ClaimRecord
from storage.database import Transaction
from storage.heads import is_among

MOST = 8  # of one kind: who sees eight asks the queue for the rest


@dataclass(frozen=True)
class SharedClaim:
    """Another claim that has something in common with this one."""

    kind: EntityKind
    claim_id: str
    state: ClaimState
    created_ms: int
    is_same_insured: bool
    is_fraud: bool | None  # None: nobody found it to be anything


def claims_sharing(tx: Transaction, claim: ClaimRecord) -> tuple[SharedClaim, ...]:
    """List the newest other claims that share a phone, an account or a device with a claim, later ones among them."""
    account = "" if claim.settlement_json else claim.payee_account_index
    shared = {
        EntityKind.PHONE: (t.claim.c.reporter_phone_index, claim.reporter_phone_index),
        EntityKind.ACCOUNT: (t.claim.c.payee_account_index, account),
        EntityKind.DEVICE: (t.claim.c.device_index, claim.device_index),
    }
    c, label = t.claim.c, t.risk_label.c
    found_to_be = select(label.is_fraud).where(label.claim_id == c.claim_id).order_by(label.label_id.desc()).limit(1).scalar_subquery()
    columns = (c.claim_id, c.state, c.created_ms, c.insured_id, found_to_be.label("is_fraud"))
    found = []
    for kind, (column, value) in shared.items():
        statement = (
            select(*columns)
            .where(is_among(column, tx.cipher.same(value)), c.claim_id != claim.claim_id)
            .order_by(c.created_ms.desc())
            .limit(MOST)
        )
        for row in tx.connection.execute(statement) if value else ():
            same = row.insured_id == claim.insured_id
            found.append(SharedClaim(kind, row.claim_id, ClaimState(row.state), row.created_ms, same, row.is_fraud))
    return tuple(found)
