"""Telling people (通知): what a notice or a clock has to say goes into the outbox, in the transaction of what it tells.

A push or a text message names the matter and the claim and nothing else: telephones lie on tables. The notice itself is
read in the app, or at the counter.
"""

from collections.abc import Mapping

from adjudicator import clocks
from domain.china import china_minute
from domain.claim import Channel
from domain.finding import Finding
from domain.message import Way
from storage import messages, notices, registry
from storage.claims import ClaimRecord, NewClaim
from storage.clocks import ClockRecord
from storage.database import Transaction

_BY_APP = (Channel.APP,)  # whoever reported there is told there; everybody else by text message
_WARDENS: Mapping[str, str] = {clocks.PAYMENT: "operator"}  # who is told of a clock; all others: a senior adjuster


def notify(tx: Transaction, claim: ClaimRecord, kind: str, subject: str, body: str, items: tuple[Finding, ...] = ()) -> None:
    """Write a notice to the customer, and the message that brings it to their notice."""
    notice_id = notices.add_notice(tx, claim.claim_id, claim.round, kind, subject, body, items)
    way, recipient = _address(tx, claim)
    told = f"【明白理赔】{subject}。案件号 {claim.claim_id}，全文请在应用“我的理赔”中查看，或致电客服查询。"
    messages.add_message(tx, claim.claim_id, notice_id, way, recipient, subject, told)


def tell_joined(tx: Transaction, claim: ClaimRecord, told: NewClaim) -> None:
    """Tell both channels that a loss they both reported is one claim, under one number."""
    said = f"您的案件 {claim.claim_id} 又收到一次报案，经核对是同一事故，已合并处理，不会重复受理，请以案件号 {claim.claim_id} 查询。"
    notify(tx, claim, "joined", "两次报案已合并处理", said)
    if told.channel not in _BY_APP and told.reporter_phone and told.reporter_phone != claim.reporter_phone:
        messages.add_message(tx, claim.claim_id, None, Way.SMS, told.reporter_phone, "两次报案已合并处理", f"【明白理赔】{said}")


def _address(tx: Transaction, claim: ClaimRecord) -> tuple[Way, str]:
    insured = registry.find_person(tx, claim.insured_id)
    phone = claim.reporter_phone or (insured.phone if insured else "")
    if claim.channel in _BY_APP or not phone:
        return Way.APP_PUSH, claim.insured_id
    return Way.SMS, phone


def warn(tx: Transaction, clock: ClockRecord) -> None:
    """Tell the people who can still keep a promise that little time is left."""
    name, due = clocks.NAMES_ZH.get(clock.kind, clock.kind), china_minute(clock.due_ms)
    _tell_staff(tx, clock, f"时限预警：{name}", f"案件 {clock.claim_id} 的「{name}」将于 {due} 到期，请优先处理。")


def tell_breach(tx: Transaction, clock: ClockRecord) -> None:
    """Tell those who answer for it that a promise was not kept."""
    name, due = clocks.NAMES_ZH.get(clock.kind, clock.kind), china_minute(clock.due_ms)
    _tell_staff(tx, clock, f"时限已超：{name}", f"案件 {clock.claim_id} 的「{name}」已于 {due} 到期，尚未完成。")


def _tell_staff(tx: Transaction, clock: ClockRecord, subject: str, body: str) -> None:
    recipient = _WARDENS.get(clock.kind, "senior_adjuster")
    messages.add_message(tx, clock.claim_id, None, Way.STAFF, recipient, subject, body)
