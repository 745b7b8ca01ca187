"""Money that came in from customers, on the bank's statement: booked on the claim that it names, or a finding for a person."""

import re
from collections.abc import Sequence
from datetime import date

from adjudicator.recovering import receive
from adjudicator.system import System
from domain.decision import Actor
from domain.errors import ConflictError, InputError, NotFoundError
from domain.finding import Finding, Severity
from domain.money import format_fen
from domain.payout import Movement, StatementLine
from storage import recoveries
from storage.database import Transaction
from storage.recoveries import Receipt

_CLAIM = re.compile(r"\bC[0-9A-HJKMNP-TV-Z]{15}\b", re.ASCII)  # as storage/ids.py makes them


def compare_receipt(tx: Transaction, line: StatementLine, day: date, actor: Actor) -> Finding | None:
    """Book a line that names the claim it is for, once; None when it is booked already."""
    told, reference = format_fen(line.amount_fen), line.bank_reference
    known = recoveries.find_receipt(tx, reference)
    if known and known.amount_fen == line.amount_fen:
        return None
    named = set(_CLAIM.findall(f"{line.idempotency_key} {line.reason}".upper()))
    if len(named) != 1 or known:
        words = "与我方记录的金额不同" if known else "附言没有写明唯一的案件号"
        return _doubt("bank.receipt_unknown", f"银行入账 {told} 元（流水 {reference}）{words}", "核对后用 ledger receive 入账", reference)
    claim_id = named.pop()
    try:
        receive(tx, Receipt(reference, claim_id, line.amount_fen, day, actor.name), actor)
    except (ConflictError, NotFoundError, InputError) as error:
        return _doubt(
            "bank.receipt_refused", f"银行入账 {told} 元（流水 {reference}）不能记入案件 {claim_id}：{error.what}", "核对后处理", claim_id
        )
    return Finding("bank.received", Severity.NOTE, f"案件 {claim_id} 收到返还款 {told} 元（流水 {reference}）", "已记账", about=claim_id)


def find_missing_receipts(system: System, day: date, lines: Sequence[StatementLine]) -> list[Finding]:
    """Find what was booked by hand as received on a day, and the day's statement does not list."""
    listed = {each.bank_reference for each in lines if each.movement is Movement.RECEIPT}
    with system.database.read() as tx:
        booked = recoveries.receipts_on(tx, day)
    return [
        _doubt(
            "bank.receipt_missing",
            f"案件 {each.claim_id} 记有返还款 {format_fen(each.amount_fen)} 元（流水 {each.bank_reference}），当日对账单没有",
            f"向银行核实；记账人 {each.actor}",
            each.claim_id,
        )
        for each in booked
        if each.bank_reference not in listed
    ]


def _doubt(code: str, message: str, advice: str, about: str) -> Finding:
    return Finding(code, Severity.DOUBT, message, advice, about=about)
