"""Reconciling the money of servicing transactions (保全收付费): each line of the statement against our order."""

from datetime import date, timedelta

from adjudicator.servicing_money import write_answer
from adjudicator.system import System
from domain.china import china_midnight_ms
from domain.finding import Finding, Severity
from domain.money import format_fen
from domain.payout import BankAnswer, BankStatus, Movement, StatementLine
from domain.servicing import Direction
from domain.states import PaymentState
from storage import servicing_orders
from storage.database import Transaction
from storage.servicing_orders import ServicingOrder

_MOVEMENTS = {Direction.PAY: Movement.PAYMENT, Direction.COLLECT: Movement.COLLECTION}


def compare_order(tx: Transaction, line: StatementLine, order: ServicingOrder) -> Finding | None:
    """Compare one line, and write down what only the bank knew; None when both say the same."""
    about, told = order.transaction_id, format_fen(line.amount_fen)
    if line.movement is Movement.RETURN:
        return _doubt("bank.returned", f"保全业务 {about} 的 {told} 元被银行退回：{line.reason}", "联系客户更换账户", about)
    if line.movement is not _MOVEMENTS[order.direction]:
        return _doubt(
            "bank.direction", f"指令 {order.idempotency_key}：银行记为 {line.movement}，我方为 {order.direction}", "立即向银行核实", about
        )
    if line.amount_fen != order.amount_fen:
        ours = format_fen(order.amount_fen)
        return _doubt("bank.amount", f"指令 {order.idempotency_key}：银行 {told} 元，我方 {ours} 元", "向银行核实金额", about)
    if order.state is PaymentState.CONFIRMED:
        return None
    if order.state is PaymentState.BOUNCED:
        told = f"指令 {order.idempotency_key} 我方记为未成功，银行已办理 {told} 元"
        return _doubt("bank.late", told, "向银行核实，并由人工补记或退款", about)
    was = order.state
    write_answer(tx, order, BankAnswer(BankStatus.CONFIRMED, line.bank_reference))
    return _doubt("bank.late", f"指令 {order.idempotency_key} 我方记为 {was}，银行已办理 {told} 元，现已补记", "核对是否重复", about)


def find_missing_orders(system: System, day: date, on_statement: set[str]) -> list[Finding]:
    """Find what the bank confirmed to us on a day and its statement does not list."""
    with system.database.read() as tx:
        confirmed = servicing_orders.confirmed_between(tx, china_midnight_ms(day), china_midnight_ms(day + timedelta(days=1)))
    missing = (each for each in confirmed if each.idempotency_key not in on_statement)
    return [
        _doubt(
            "bank.missing",
            f"保全业务 {each.transaction_id} 的 {format_fen(each.amount_fen)} 元（指令 {each.idempotency_key}）我方记为已办理，对账单没有",
            "核对前后一日；没有则立即向银行核实",
            each.transaction_id,
        )
        for each in missing
    ]


def _doubt(code: str, message: str, advice: str, about: str) -> Finding:
    return Finding(code, Severity.DOUBT, message, advice, about=about)
