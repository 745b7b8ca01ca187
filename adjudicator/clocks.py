"""The clocks (时限) of a claim: what the law and the contract promise, when they run, pause and are met.

Insurance Law art. 23: decision within 30 days of complete papers, payment within 10 days of the decision;
art. 24: the refusal letter within 3 days; art. 25: an advance of what is certain at 60 days. A reported claim without
papers is called back within a working day. While the customer is asked for papers, the clocks of the decision stand still.
People are warned when a fifth of a clock is left (adjudicator/escalating.py).
"""

from domain.china import DAY_MS, HOUR_MS
from domain.working_days import after_working_days
from storage.clocks import meet_clock, meet_clocks, pause_clock, restart_clock, resume_clock, start_clock
from storage.database import Transaction

CALL_BACK = "call_back"  # 报案回访: one working day
DECISION = "decision"  # 核定: 30 days
ADVANCE = "advance"  # 先行给付: 60 days
CRITICAL_ILLNESS_DECISION = "critical_illness_decision"  # 重疾核定: one working day
PAYMENT = "payment"  # 给付: 10 days
REFUSAL_LETTER = "refusal_letter"  # 拒赔通知: 3 days
CONFIRMATION = "confirmation"  # 医院确认: the hospital's, not ours; then its pre-settlement is taken back
CATASTROPHE_CONTACT = "catastrophe_contact"  # 灾害联系: one hour
CATASTROPHE_DECISION = "catastrophe_decision"  # 灾害核定: one day from complete papers

NAMES_ZH = {
    CALL_BACK: "报案回访（1个工作日）",
    DECISION: "核定（30日）",
    ADVANCE: "先行给付（60日）",
    CRITICAL_ILLNESS_DECISION: "重疾核定（1个工作日）",
    PAYMENT: "给付（10日）",
    REFUSAL_LETTER: "拒赔通知（3日）",
    CONFIRMATION: "医院确认预结算",
    CATASTROPHE_CONTACT: "灾害联系（1小时）",
    CATASTROPHE_DECISION: "灾害核定（资料齐全后1日）",
}
_UNTIL_DECIDED = (DECISION, ADVANCE, CRITICAL_ILLNESS_DECISION, CATASTROPHE_DECISION)


def start_report(tx: Transaction, claim_id: str) -> None:
    """Somebody reported: they are called back within a working day, unless the papers come first."""
    start_clock(tx, claim_id, CALL_BACK, _working_days_ms(tx, 1))


def start_complete(tx: Transaction, claim_id: str) -> None:
    """A new claim came with its papers: there is nobody to call back, and the decision is due."""
    start_clock(tx, claim_id, CALL_BACK, _working_days_ms(tx, 1), is_met=True)
    start_clock(tx, claim_id, DECISION, 30 * DAY_MS)
    start_clock(tx, claim_id, ADVANCE, 60 * DAY_MS)


def start_decision(tx: Transaction, claim_id: str) -> None:
    """Papers are in: the call-back is done with, and the decision is due; when it takes 60 days, so is what is certain by then."""
    meet_clocks(tx, claim_id, (CALL_BACK, CATASTROPHE_CONTACT))
    start_clock(tx, claim_id, DECISION, 30 * DAY_MS)
    start_clock(tx, claim_id, ADVANCE, 60 * DAY_MS)


def reopened(tx: Transaction, claim_id: str) -> None:
    """A decided claim is taken up again: what was promised for the decision is promised anew, from now."""
    restart_clock(tx, claim_id, DECISION, 30 * DAY_MS)
    restart_clock(tx, claim_id, ADVANCE, 60 * DAY_MS)


def start_critical_illness(tx: Transaction, claim_id: str) -> None:
    """A critical illness is confirmed by pathology, or claimed under a contract of critical illness: one working day."""
    start_clock(tx, claim_id, CRITICAL_ILLNESS_DECISION, _working_days_ms(tx, 1))


def start_contact(tx: Transaction, claim_id: str) -> None:
    """A claim belongs to a catastrophe: the insured is contacted within an hour, at any time of any day."""
    start_clock(tx, claim_id, CATASTROPHE_CONTACT, HOUR_MS)


def contacted(tx: Transaction, claim_id: str) -> None:
    """The insured has heard of us, or we of them: a notice went out, a person called, a report or papers came in."""
    meet_clock(tx, claim_id, CATASTROPHE_CONTACT)


def start_catastrophe_decision(tx: Transaction, claim_id: str) -> None:
    """The papers of a catastrophe's claim are complete: the decision is due within a day, worked or not."""
    start_clock(tx, claim_id, CATASTROPHE_DECISION, DAY_MS)


def papers_asked(tx: Transaction, claim_id: str) -> None:
    """The customer's move: the decision clocks stand still."""
    for kind in _UNTIL_DECIDED:
        pause_clock(tx, claim_id, kind, "等待客户补充资料")


def papers_arrived(tx: Transaction, claim_id: str) -> None:
    """Our move again: the decision clocks run on."""
    for kind in _UNTIL_DECIDED:
        resume_clock(tx, claim_id, kind)


def decided(tx: Transaction, claim_id: str, *, pays: bool, refuses: bool) -> None:
    """A decision is made: now the money, or the letter of refusal, is due; a waiver of premiums owes neither."""
    meet_clocks(tx, claim_id, _UNTIL_DECIDED, resume=True)
    if pays or refuses:
        restart_clock(tx, claim_id, PAYMENT if pays else REFUSAL_LETTER, (10 if pays else 3) * DAY_MS)


def advanced(tx: Transaction, claim_id: str) -> None:
    """What is certain is paid in advance: that money is due, and the decision on the rest still is."""
    meet_clock(tx, claim_id, ADVANCE)
    restart_clock(tx, claim_id, PAYMENT, 10 * DAY_MS)


def presettled(tx: Transaction, claim_id: str, within_ms: int) -> None:
    """A hospital was told what is paid, and has so long to confirm it."""
    meet_clocks(tx, claim_id, _UNTIL_DECIDED)
    start_clock(tx, claim_id, CONFIRMATION, within_ms)


def confirmed(tx: Transaction, claim_id: str) -> None:
    """The hospital confirmed."""
    meet_clock(tx, claim_id, CONFIRMATION)


def bounced(tx: Transaction, claim_id: str) -> None:
    """The bank gave the money back: it is due anew."""
    restart_clock(tx, claim_id, PAYMENT, 10 * DAY_MS)


def paid(tx: Transaction, claim_id: str) -> None:
    """The money has arrived."""
    meet_clock(tx, claim_id, PAYMENT)


def refusal_sent(tx: Transaction, claim_id: str) -> None:
    """The letter of refusal has gone out."""
    meet_clock(tx, claim_id, REFUSAL_LETTER)


def withdrawn(tx: Transaction, claim_id: str) -> None:
    """Nothing is owed any more: every promise of the claim is done with."""
    meet_clocks(tx, claim_id, tuple(NAMES_ZH))


def _working_days_ms(tx: Transaction, count: int) -> int:
    now = tx.now_ms()
    return after_working_days(now, count) - now
