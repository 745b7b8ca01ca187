"""Notices to the customer: the one supplement notice (补充资料通知), the decision, the receipt of a report."""

from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update

from domain.finding import Finding
from storage import tables as t
from storage.codec import from_json, to_json
from storage.database import Transaction
from storage.ids import new_id

WITH_LETTER = frozenset({"supplement", "decision", "repayment", "offset"})  # the kinds that a letter on paper follows


@dataclass(frozen=True)
class Notice:
    """One notice as it was written; `items` are what it asks for or tells, one by one."""

    notice_id: str
    claim_id: str
    round: int
    kind: str  # supplement | decision | repayment | offset | report_received …
    subject: str
    body: str
    items: tuple[Finding, ...]
    created_ms: int


def add_notice(tx: Transaction, claim_id: str, round_: int, kind: str, subject: str, body: str, items: tuple[Finding, ...]) -> str:
    """Write a notice and give its number; the database itself refuses a second supplement notice in one round."""
    notice_id, now = new_id("N"), tx.now_ms()
    row = {
        "notice_id": notice_id,
        "claim_id": claim_id,
        "round": round_,
        "kind": kind,
        "subject": subject,
        "body": body,
        "items_json": to_json(items, tuple[Finding, ...]),
        "created_ms": now,
        "letter_due_ms": now if kind in WITH_LETTER else None,
    }
    tx.later(claim_id, _ADD, row)
    if kind == "supplement":
        tx.last((claim_id, "papers asked"), _NOTE_ASKED, {"of_claim": claim_id})
    return notice_id


_ADD = insert(t.notice)
_OF_CLAIM = select(t.notice).where(t.notice.c.claim_id == bindparam("of_claim")).order_by(t.notice.c.created_ms, t.notice.c.notice_id)
_NOTE_ASKED = update(t.claim).where(t.claim.c.claim_id == bindparam("of_claim")).values(completeness=t.PAPERS_ASKED)


def notices_of(tx: Transaction, claim_id: str) -> tuple[Notice, ...]:
    """List a claim's notices, oldest first."""
    rows = tx.find(_OF_CLAIM, {"of_claim": claim_id})
    return tuple(
        Notice(
            row.notice_id,
            row.claim_id,
            row.round,
            row.kind,
            row.subject,
            row.body,
            from_json(row.items_json, tuple[Finding, ...]),
            row.created_ms,
        )
        for row in rows
    )
