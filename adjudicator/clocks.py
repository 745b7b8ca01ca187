"""The clocks (时限) of a claim: what the law and the contract promise, when they run, pause and are met.

Insurance Law art. 23: decision within 30 days of complete papers, payment within 10 days of the decision;
art. 24: the refusal letter within 3 days. A reported claim without papers is called back within a working day.
While the customer is asked for papers, the decision clock stands still.
"""

from datetime import UTC, date, datetime, time, timedelta

from storage.clocks import meet_clock, pause_clock, resume_clock, start_clock
from storage.database import Transaction

DAY_MS = 86_400_000
_CHINA = timedelta(hours=8)

CALL_BACK = "call_back"  # 报案回访: one working day
DECISION = "decision"  # 核定: 30 days
CRITICAL_ILLNESS_DECISION = "critical_illness_decision"  # 重疾核定: one working day
PAYMENT = "payment"  # 给付: 10 days
REFUSAL_LETTER = "refusal_letter"  # 拒赔通知: 3 days

NAMES_ZH = {
    CALL_BACK: "报案回访（1个工作日）",
    DECISION: "核定（30日）",
    CRITICAL_ILLNESS_DECISION: "重疾核定（1个工作日）",
    PAYMENT: "给付（10日）",
    REFUSAL_LETTER: "拒赔通知（3日）",
}


def start_report(tx: Transaction, claim_id: str) -> None:
    """Somebody reported: they are called back within a working day, unless the papers come first."""
    start_clock(tx, claim_id, CALL_BACK, working_day_ms(tx.now_ms()))


def start_decision(tx: Transaction, claim_id: str) -> None:
    """Papers are in: the call-back is done with, and the decision is due."""
    meet_clock(tx, claim_id, CALL_BACK)
    start_clock(tx, claim_id, DECISION, 30 * DAY_MS)


def start_critical_illness(tx: Transaction, claim_id: str) -> None:
    """A critical illness is confirmed by pathology: one working day."""
    start_clock(tx, claim_id, CRITICAL_ILLNESS_DECISION, working_day_ms(tx.now_ms()))


def papers_asked(tx: Transaction, claim_id: str) -> None:
    """The customer's move: the decision clocks stand still."""
    for kind in (DECISION, CRITICAL_ILLNESS_DECISION):
        pause_clock(tx, claim_id, kind, "等待客户补充资料")


def papers_arrived(tx: Transaction, claim_id: str) -> None:
    """Our move again: the decision clocks run on."""
    for kind in (DECISION, CRITICAL_ILLNESS_DECISION):
        resume_clock(tx, claim_id, kind)


def decided(tx: Transaction, claim_id: str, *, pays: bool, refuses: bool) -> None:
    """A decision is made: now the money, or the letter of refusal, is due; a waiver of premiums owes neither."""
    for kind in (DECISION, CRITICAL_ILLNESS_DECISION):
        resume_clock(tx, claim_id, kind)
        meet_clock(tx, claim_id, kind)
    if pays or refuses:
        start_clock(tx, claim_id, PAYMENT if pays else REFUSAL_LETTER, (10 if pays else 3) * DAY_MS)


def paid(tx: Transaction, claim_id: str) -> None:
    """The money has arrived."""
    meet_clock(tx, claim_id, PAYMENT)


def refusal_sent(tx: Transaction, claim_id: str) -> None:
    """The letter of refusal has gone out."""
    meet_clock(tx, claim_id, REFUSAL_LETTER)


def working_day_ms(now_ms: int) -> int:
    """Measure from now to the same time on the next Monday-to-Friday day in China; public holidays are not known here."""
    now = datetime.fromtimestamp(now_ms / 1000, UTC) + _CHINA
    days = {4: 3, 5: 2}.get(now.weekday(), 1)
    return days * DAY_MS


def today(tx: Transaction) -> date:
    """Give the calendar day in China by the database's clock."""
    return china_day(tx.now_ms())


def china_day(at_ms: int) -> date:
    """Give the calendar day in China (UTC+8) of a time in milliseconds."""
    return (datetime.fromtimestamp(at_ms / 1000, UTC) + _CHINA).date()


def china_midnight_ms(day: date) -> int:
    """Give the moment when a day begins in China."""
    return int((datetime.combine(day, time(), UTC) - _CHINA).timestamp() * 1000)
