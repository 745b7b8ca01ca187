"""Reconciliation (对账): the bank's statement of a day, held against our orders and our ledger, line by line.

What the bank knows and we did not is written down at once: a payment that had been given up came late, money came back.
Whatever cannot be explained is a finding for a person. Running a day again finds it reconciled.
"""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from adjudicator.reconciling_receipts import compare_receipt, find_missing_receipts
from adjudicator.reconciling_servicing import compare_order, find_missing_orders
from adjudicator.settling import confirm, give_back
from adjudicator.system import System
from domain.china import china_midnight_ms
from domain.decision import Actor
from domain.errors import BankError, ConflictError, InputError
from domain.finding import Finding, Severity
from domain.money import format_fen
from domain.payout import BankStatus, Movement, StatementLine
from domain.states import PaymentState
from storage import claims, ledger, payouts, servicing_orders
from storage.codec import sha256_of
from storage.database import Transaction
from storage.ledger import Account
from storage.reconciliations import Reconciliation, save_reconciliation

_COLUMNS = ("movement", "idempotency_key", "bank_reference", "amount_fen", "reason")


def reconcile(system: System, day: date, lines: Sequence[StatementLine], source: str, actor: Actor) -> Reconciliation:
    """Compare a day; gives what was found, after it was kept. Differences are findings of severity DOUBT."""
    findings: list[Finding] = []
    matched = matched_fen = 0
    for line in _each_once(lines, findings):
        with system.database.write() as tx:
            finding = compare_receipt(tx, line, day, actor) if line.movement is Movement.RECEIPT else _compare(tx, line, actor)
        if finding:
            findings.append(finding)
        elif line.movement in (Movement.PAYMENT, Movement.COLLECTION):
            matched, matched_fen = matched + 1, matched_fen + line.amount_fen
    findings += find_missing_receipts(system, day, lines)
    on_statement = {each.idempotency_key for each in lines if each.movement in (Movement.PAYMENT, Movement.COLLECTION)}
    findings += _find_missing(system, day, on_statement)
    findings += find_missing_orders(system, day, on_statement)
    digest = sha256_of(sorted([each.movement, each.idempotency_key, each.bank_reference, each.amount_fen, each.reason] for each in lines))
    with system.database.write() as tx:
        done = Reconciliation(day, source, digest, matched, matched_fen, tuple(findings), actor.name, tx.now_ms())
        save_reconciliation(tx, done)
    system.wake()
    return done


def read_statement(content: str) -> tuple[StatementLine, ...]:
    """Read a statement from CSV with the columns movement, idempotency_key, bank_reference, amount_fen and perhaps reason.

    Raises:
        InputError: a column is missing, or a line cannot be understood; the message names it.
    """
    rows = csv.DictReader(io.StringIO(content.removeprefix("\ufeff")))
    missing = [name for name in _COLUMNS[:4] if name not in (rows.fieldnames or ())]
    if missing:
        raise InputError(f"the statement has no column {missing[0]}", f"its first line must name: {', '.join(_COLUMNS)}", field="file")
    return tuple(_line(row, number) for number, row in enumerate(rows, start=2))


def _line(row: dict[str, str], number: int) -> StatementLine:
    movement, key, reference, amount, reason = ((row.get(name) or "").strip() for name in _COLUMNS)
    if movement not in tuple(Movement):
        raise _unread(number, f"movement is {movement!r}", "write one of " + ", ".join(Movement))
    if not (amount.isascii() and amount.isdigit()):
        raise _unread(number, f"amount_fen is {amount!r}", "write a whole number of fen: 1250 for 12.50 yuan")
    return StatementLine(Movement(movement), key, reference, int(amount), reason)


def _unread(number: int, told: str, way_out: str) -> InputError:
    return InputError(f"line {number} of the statement cannot be read: {told}", way_out, field="file")


def _each_once(lines: Sequence[StatementLine], findings: list[Finding]) -> list[StatementLine]:
    """Give every movement of a key once; what the bank lists twice it may have done twice. Payments come before returns."""
    seen = Counter(map(_identity, lines))
    for (movement, key), count in seen.items():
        if count > 1:
            findings.append(_doubt("bank.twice", f"指令 {key} 在对账单中出现 {count} 次（{movement}）", "向银行核实是否重复付款", key))
    once = {_identity(each): each for each in lines}
    return sorted(once.values(), key=lambda each: (each.movement is Movement.RETURN, each.idempotency_key))


def _identity(line: StatementLine) -> tuple[Movement, str]:
    """Tell lines apart: by our key, and what comes from customers by the bank's own number."""
    return line.movement, line.bank_reference if line.movement is Movement.RECEIPT else line.idempotency_key


def _compare(tx: Transaction, line: StatementLine, actor: Actor) -> Finding | None:
    """Compare one line, and write down what only the bank knew; None when both say the same."""
    key, told = line.idempotency_key, format_fen(line.amount_fen)
    payout = payouts.find_by_key(tx, key)
    if payout is None and (order := servicing_orders.find(tx, key, lock=True)):
        return compare_order(tx, line, order)
    if payout is None:
        return _doubt("bank.unknown", f"银行有一笔 {told} 元的付款（流水 {line.bank_reference}），我方没有指令 {key}", "向银行核实", key)
    about = payout.claim_id
    claims.get_claim(tx, about, lock=True)  # a worker may be writing the bank's answer down at this moment
    payout = payouts.find_by_key(tx, key) or payout
    if line.amount_fen != payout.amount_fen:
        ours = format_fen(payout.amount_fen)
        return _doubt("bank.amount", f"指令 {key}：银行 {told} 元，我方 {ours} 元", "向银行核实金额", about)
    if ledger.has_event(tx, about, f"{line.movement} {key}"):
        if line.movement is Movement.PAYMENT and payout.bank_reference not in (None, line.bank_reference):
            return _doubt(
                "bank.reference", f"指令 {key}：银行流水 {line.bank_reference}，我方记为 {payout.bank_reference}", "核对流水号", about
            )
        return None
    if line.movement is Movement.RETURN:
        if not payout.has_moved_money:
            return _doubt("bank.return_unpaid", f"银行退回了指令 {key}，我方没有记账付出", "先核对付款当日的对账单", about)
        give_back(tx, key, line.reason or "银行退票", actor)
        return Finding(
            "bank.returned", Severity.NOTE, f"案件 {about} 的 {told} 元被银行退回：{line.reason}", "已通知客户更换账户", about=about
        )
    if payout.state is PaymentState.ORDERED:
        return _doubt("bank.never_sent", f"指令 {key} 我方尚未发送，银行已付 {told} 元", "暂停该案付款并向银行核实", about)
    if other := payouts.find_by_reference(tx, line.bank_reference):
        told = f"指令 {key} 与指令 {other.idempotency_key} 的银行流水同为 {line.bank_reference}"
        return _doubt("bank.reference", told, "向银行核实流水号", about)
    was = payout.state
    confirm(tx, key, line.bank_reference, actor)
    return _doubt("bank.late", f"指令 {key} 我方记为 {was}，银行已付 {told} 元，现已补记", "核对是否重复付款", about)


def _find_missing(system: System, day: date, on_statement: set[str]) -> list[Finding]:
    """Find what we booked as paid on a day and the statement does not list; near midnight it may stand on the next day's."""
    with system.database.read() as tx:
        entries = ledger.booked_between(tx, Account.BANK, china_midnight_ms(day), china_midnight_ms(day + timedelta(days=1)))
    paid: dict[str, tuple[str, int]] = {}
    for each in entries:
        what, key = each.event.split(" ")[:2]
        if what == Movement.PAYMENT and key not in on_statement:
            paid[key] = (each.claim_id, paid.get(key, ("", 0))[1] + each.amount_fen)
    return [_missing(system, key, claim_id, fen) for key, (claim_id, fen) in paid.items()]


def _missing(system: System, key: str, claim_id: str, amount_fen: int) -> Finding:
    told = f"案件 {claim_id} 的 {format_fen(amount_fen)} 元（指令 {key}）我方记为已付，当日对账单没有"
    try:
        is_known = system.bank.query(key).status is BankStatus.CONFIRMED
    except BankError:
        return _doubt("bank.missing", f"{told}，且银行查询无应答", "银行恢复后重新对账", claim_id)
    if is_known:
        return Finding("bank.other_day", Severity.NOTE, f"{told}，银行查询为已付，应在前后一日的对账单中", "核对前后一日", about=claim_id)
    return _doubt("bank.missing", f"{told}，银行查询也没有", "立即向银行核实，必要时更正", claim_id)


def _doubt(code: str, message: str, advice: str, about: str) -> Finding:
    return Finding(code, Severity.DOUBT, message, advice, about=about)


def check_is_past(day: date, today: date) -> None:
    """Make sure that a day is over: its statement would not be complete.

    Raises:
        ConflictError: it is not.
    """
    if day >= today:
        raise ConflictError(f"{day} is not over: its statement is not complete", f"reconcile {today - timedelta(days=1)}, or wait")
