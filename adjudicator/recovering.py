"""Getting back (追偿) what was paid too much: a later decision was lower, or money went twice. Asked for kindly, booked when it comes.

The customer is asked by a letter, and has 30 days. Who received it in good faith and has it no longer need not give it back
(民法典 art. 986): that is for people to hear, and to write off (writing_off.py).
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from adjudicator.china_time import today
from adjudicator.owing import paid_fen, recoverable_fen, take_in
from adjudicator.payees import was_settled
from adjudicator.people import DECIDERS, actor_of, check_role
from adjudicator.system import System
from adjudicator.telling import notify
from domain.china import china_day
from domain.decision import Actor
from domain.errors import ConflictError, InputError, NotAllowedError, SetupError
from domain.finding import Finding, Severity
from domain.money import format_capitals, format_fen
from domain.states import ClaimState
from storage import audit, claims, ledger, notices, recoveries
from storage.access import Staff
from storage.claims import ClaimRecord
from storage.database import Database, Transaction
from storage.ledger import Account
from storage.recoveries import Receipt

DAYS_TO_REPAY = 30
_REFERENCE = re.compile(r"[!-~]{1,64}")  # one word of the bank's, as it stands on the statement


@dataclass(frozen=True)
class Owing:
    """What is to be given back on a claim: how much, since when, when it was last asked for, and a write-off that waits for a signature."""

    claim_id: str
    amount_fen: int
    since: date
    asked: date | None
    write_off_fen: int | None


def list_owing(database: Database) -> tuple[Owing, ...]:
    """List every claim on which something is to be given back."""
    with database.read() as tx:
        found = ledger.receivables(tx)
        ids = [each.claim_id for each in found]
        waiting = {each.claim_id: each.amount_fen for each in recoveries.write_offs_of(tx, ids) if each.booked_ms is None}
        return tuple(
            Owing(each.claim_id, each.amount_fen, china_day(each.since_ms), _day(last_asked(tx, each.claim_id)), waiting.get(each.claim_id))
            for each in found
        )


def ask_back(system: System, claim_id: str, staff: Staff, reason: str) -> None:
    """Ask the customer, by a notice and a letter, to give back what was paid too much; `reason` is what they will read.

    Raises:
        NotAllowedError: a role that decides nothing.
        InputError: no reason.
        SetupError: nobody could tell the customer where to pay.
        ConflictError: nothing is owed, the claim is being decided anew, or the customer was asked less than 30 days ago.
    """
    check_role(staff, DECIDERS)
    if not reason.strip():
        raise InputError("asking for money back needs a reason", "write, for the customer to read, why it was too much", field="reason")
    if not system.letterhead.repay_to:
        raise SetupError("letters.repay_to is not set: no letter could say where to pay", "write bank, holder and account into config.yaml")
    with system.database.write() as tx:
        claim = claims.get_claim(tx, claim_id, lock=True)
        check_settled(claim)
        if was_settled(tx, claim):
            told = f"claim {claim_id} was paid to the hospital {claim.reporter_name}: the customer owes nothing"
            raise ConflictError(told, "settle it with the hospital; what comes in is booked by `ledger receive` or the bank's statement")
        owed = recoverable_fen(tx, claim_id)
        if not owed:
            raise ConflictError(f"nothing is to be given back on claim {claim_id}", "`claim owed` lists where something is")
        asked = last_asked(tx, claim_id)
        due = china_day(asked) + timedelta(days=DAYS_TO_REPAY) if asked else None
        if due and today(tx) <= due:
            raise ConflictError(f"the customer was asked on claim {claim_id} and has until {due}", "wait until then, or call them")
        items = _items(system, tx, claim_id, owed, reason.strip())
        notify(tx, claim, "repayment", f"请返还多付的理赔款 {format_fen(owed)} 元", "\n".join(each.message for each in items), items)
        audit.append(tx, claim_id, actor_of(staff), "repayment.asked", {"amount_fen": owed, "reason": audit.Said(reason.strip())})


def receive(tx: Transaction, receipt: Receipt, actor: Actor) -> bool:
    """Book money that a customer gave back; False when this receipt is booked already.

    Raises:
        InputError: no amount, or no reference of a bank.
        NotFoundError: no such claim.
        ConflictError: more than the claim owes; or the bank's number is that of another receipt.
    """
    if receipt.amount_fen <= 0:
        raise InputError(f"{format_fen(receipt.amount_fen)} is no amount that came in", "give one of 0.01 or more", field="amount")
    if not _REFERENCE.fullmatch(receipt.bank_reference):
        told = f"{receipt.bank_reference!r} is no reference of a bank"
        raise InputError(told, "give the number of the statement's line: up to 64 letters and digits", field="reference")
    claim = claims.get_claim(tx, receipt.claim_id, lock=True)
    known = recoveries.find_receipt(tx, receipt.bank_reference)
    if known is None:
        owed = recoverable_fen(tx, claim.claim_id)
        if receipt.amount_fen > owed:
            told = f"{format_fen(receipt.amount_fen)} came in, and claim {claim.claim_id} owes {format_fen(owed)}"
            raise ConflictError(told, "book what is owed, and have the bank give the rest back")
        if recoveries.add_receipt(tx, receipt):
            _book(tx, claim, receipt, actor)
            return True
        known = recoveries.find_receipt(tx, receipt.bank_reference)
    if known is None or (known.claim_id, known.amount_fen) != (receipt.claim_id, receipt.amount_fen):
        about = f"{format_fen(known.amount_fen)} on claim {known.claim_id}" if known else "another receipt"
        raise ConflictError(f"the bank's number {receipt.bank_reference} is that of {about}", "look it up on the statement")
    return False


def check_settled(claim: ClaimRecord) -> None:
    """Make sure that what a claim owes stands: it is decided and paid, and not taken up again.

    Raises:
        ConflictError: it is not.
    """
    if claim.state not in (ClaimState.PAID, ClaimState.CLOSED):
        told = f"claim {claim.claim_id} is {claim.state}, and what it owes may change"
        raise ConflictError(told, "decide it first; what is owed then stands in `claim owed`")


def check_authority(staff: Staff, amount_fen: int) -> None:
    """Make sure that somebody may decide on an amount alone.

    Raises:
        NotAllowedError: it is beyond their authority.
    """
    if amount_fen > staff.authority_fen:
        told = f"{format_fen(amount_fen)} is beyond the authority of {staff.user_name}, {format_fen(staff.authority_fen)}"
        raise NotAllowedError(told, "hand it to somebody with more authority")


def last_asked(tx: Transaction, claim_id: str) -> int | None:
    """Tell when the customer was last asked to give something back; None: never."""
    return max((each.created_ms for each in notices.notices_of(tx, claim_id) if each.kind == "repayment"), default=None)


def _items(system: System, tx: Transaction, claim_id: str, owed_fen: int, reason: str) -> tuple[Finding, ...]:
    paid = paid_fen(tx, claim_id)
    due = today(tx) + timedelta(days=DAYS_TO_REPAY)
    told = {
        "amount": f"您的案件 {claim_id} 已给付 {format_fen(paid)} 元，比应给付的金额多 {format_fen(owed_fen)} 元"
        f"（大写：{format_capitals(owed_fen)}）。由此给您带来不便，我们深表歉意。",
        "reason": f"多付的原因：{reason.rstrip('。')}。",
        "way": f"请您在 {due} 前将多付的款项转入：{system.letterhead.repay_to}，附言写明案件号 {claim_id}。",
        "help": "如一次返还有困难，或款项已用于医疗等支出，请与我们联系，我们与您商量分期返还等办法。",
    }
    return tuple(Finding(f"repayment.{name}", Severity.NOTE, text, "") for name, text in told.items())


def _book(tx: Transaction, claim: ClaimRecord, receipt: Receipt, actor: Actor) -> None:
    claim_id, amount_fen = claim.claim_id, receipt.amount_fen
    take_in(tx, claim_id, Account.BANK, amount_fen, f"receipt {receipt.bank_reference}")
    audit.append(tx, claim_id, actor, "repayment.received", {"amount_fen": amount_fen, "bank_reference": receipt.bank_reference})
    rest = recoverable_fen(tx, claim_id)
    if was_settled(tx, claim):  # it came from the hospital: nothing for the customer to hear
        return
    left = f"尚余 {format_fen(rest)} 元。" if rest else "多付的款项已全部结清。"
    notify(tx, claim, "repaid", "已收到您返还的款项", f"案件 {claim_id}：已收到您返还的 {format_fen(amount_fen)} 元，谢谢。{left}")


def _day(moment_ms: int | None) -> date | None:
    return None if moment_ms is None else china_day(moment_ms)
