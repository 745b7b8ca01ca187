"""Offset (抵销): a payout is made smaller by what the same person owes on another claim. Only people arrange it (arranging.py).

民法典 art. 568: debts of one kind may be set off once the other's debt is due, and the other is told; 保险法 art. 23 forbids to hold an
insurance benefit back without a right to. So it takes a decision of staff, a debtor who is also the one paid, and a notice.
"""

from adjudicator.owing import pay_by_offset, recoverable_fen, take_in
from adjudicator.telling import notify
from domain.decision import Actor
from domain.errors import ConflictError
from domain.finding import Finding, Severity
from domain.money import format_fen
from storage import audit, claims, recoveries, registry
from storage.claims import ClaimRecord
from storage.database import Transaction
from storage.ledger import Account
from storage.recoveries import ArrangedOffset

LAW = "《民法典》第五百六十八条"


def offset_event(claim_id: str, round_: int) -> str:
    """Name the ledger's event of an offset against the payout of a claim's round."""
    return f"offset {claim_id}/{round_}"


def lock_with_owing(tx: Transaction, claim_id: str) -> ArrangedOffset | None:
    """Lock a claim that is to be decided, and the one it is offset against, in one order for everybody; give the offset."""
    claim = claims.get_claim(tx, claim_id)
    offset = recoveries.find_offset(tx, claim_id, claim.round)
    for each in sorted({claim_id, offset.owing_claim_id} if offset else ()):
        claims.get_claim(tx, each, lock=True)
    return offset


def book_offset(tx: Transaction, claim: ClaimRecord, offset: ArrangedOffset, due_fen: int, actor: Actor) -> int:
    """Set off what was arranged, at most what is due and what is still owed; gives how much, in fen.

    Raises:
        ConflictError: the money would go to somebody who does not owe it.
    """
    check_is_debtor(tx, claim)
    amount_fen = min(offset.amount_fen, due_fen, recoverable_fen(tx, offset.owing_claim_id))
    if amount_fen <= 0:
        recoveries.drop_offset(tx, claim.claim_id, claim.round)
        return 0
    event = offset_event(claim.claim_id, claim.round)
    pay_by_offset(tx, claim.claim_id, amount_fen, event)
    take_in(tx, offset.owing_claim_id, Account.CLAIMS_OFFSET, amount_fen, event)
    for claim_id, other in ((claim.claim_id, offset.owing_claim_id), (offset.owing_claim_id, claim.claim_id)):
        audit.append(tx, claim_id, actor, "offset.booked", {"amount_fen": amount_fen, "claim": other})
    _tell(tx, claim, offset.owing_claim_id, amount_fen, due_fen)
    return amount_fen


def check_is_debtor(tx: Transaction, claim: ClaimRecord) -> None:
    """Make sure that who is paid is who owes: the insured. Heirs and beneficiaries owe nothing for them.

    Raises:
        ConflictError: it is somebody else.
    """
    insured = registry.find_person(tx, claim.insured_id)
    if insured is None or claim.payee is None or claim.payee.holder != insured.name:
        told = f"claim {claim.claim_id} is not paid to the insured, who alone owes what was paid too much"
        raise ConflictError(told, f"pay it in full; an offset that was arranged is called off by: claim offset {claim.claim_id} --cancel")


def _tell(tx: Transaction, claim: ClaimRecord, owing_id: str, amount_fen: int, due_fen: int) -> None:
    rest_fen = recoverable_fen(tx, owing_id)
    told = (
        f"案件 {claim.claim_id} 应付您 {format_fen(due_fen)} 元，其中 {format_fen(amount_fen)} 元与案件 {owing_id} 多付的款项抵销，"
        f"实际支付 {format_fen(due_fen - amount_fen)} 元。"
    )
    left = f"案件 {owing_id} 尚余 {format_fen(rest_fen)} 元。" if rest_fen else f"案件 {owing_id} 的多付款项至此结清。"
    items = tuple(Finding(f"offset.{name}", Severity.NOTE, text, "") for name, text in (("amount", told), ("rest", left)))
    notify(tx, claim, "offset", "多付款项抵销通知", f"{told}{left}本通知依据{LAW}。", items)
