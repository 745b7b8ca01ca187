"""One loss that is told on two channels (同一事故): what is surely the same is joined to the open claim, what may be is asked of a person.

Surely: the same insured, the same day of the loss, nothing that speaks against it (cause, policies, account), and one open claim only.
Perhaps: days not further apart than `limits.same_loss_days`, or a stay that a hospital settles directly meanwhile. Twice on one
channel is no business of this room: a channel knows what it sent, and papers that come twice are found by themselves.
"""

from dataclasses import dataclass
from datetime import date

from adjudicator import clocks
from adjudicator.evidence import Evidence
from adjudicator.hospital_bill import SettlementRequest
from adjudicator.story import STATES_ZH
from adjudicator.telling import notify
from domain.claim import Channel, LossCause
from domain.decision import Actor, DecisionKind
from domain.finding import Finding, Severity
from domain.states import ClaimState
from storage import claims, decisions, documents, tasks
from storage.claims import ClaimRecord, NewClaim
from storage.codec import from_json
from storage.database import Transaction

# A claim that is read or judged at this moment takes no papers: what comes then is a claim of its own, and a person joins the two.
JOINABLE = (ClaimState.REPORTED, ClaimState.SUBMITTED, ClaimState.NEEDS_SUPPLEMENT, ClaimState.IN_REVIEW)


@dataclass(frozen=True)
class _Days:
    """The days of a loss or of a stay; both ends count."""

    first: date
    last: date

    def apart_days(self, other: "_Days") -> int:
        """Tell how many days lie between two; 0 when they share one."""
        return max((self.first - other.last).days, (other.first - self.last).days, 0)


def find_same(tx: Transaction, new: NewClaim) -> ClaimRecord | None:
    """Find the one open claim of another channel that a report surely is about, locked; None when there is none, or there are several."""
    found = [each for each in claims.claims_elsewhere(tx, new.insured_id, new.channel) if each.state in JOINABLE and _is_same(each, new)]
    if len(found) != 1:
        return None
    claim = claims.get_claim(tx, found[0].claim_id, lock=True)
    return claim if claim.state in JOINABLE and _is_same(claim, new) else None


def find_perhaps_same(tx: Transaction, claim: ClaimRecord, evidence: Evidence, within_days: int) -> tuple[Finding, ...]:
    """Find claims of other channels that came before and may be about the same loss: a doubt for a person, who merges them or goes on."""
    if claim.channel is Channel.EVENT:  # we made it, whatever channel told of the loss since
        return ()
    ours = _days_of(claim, evidence)
    found = [
        each for each in claims.claims_elsewhere(tx, claim.insured_id, claim.channel) if (each.created_ms, each.claim_id) < _place(claim)
    ]
    if claim.settlement_json:  # reports without papers become the hospital's when it confirms
        found = [each for each in found if each.state is not ClaimState.REPORTED]
    return tuple(_finding(each) for each in found if _is_near(tx, ours, claim.loss_cause, each, within_days))


def join_reports(tx: Transaction, settled: ClaimRecord, actor: Actor) -> None:
    """Give reports without papers of a stay to the hospital's settlement of it: there is nothing left to send."""
    bill = from_json(settled.settlement_json or "", SettlementRequest)
    for each in claims.claims_elsewhere(tx, settled.insured_id, settled.channel):
        is_of_stay = each.loss_date is not None and bill.admission_date <= each.loss_date <= bill.discharge_date
        if not is_of_stay or each.state is not ClaimState.REPORTED or _contradicts(each.loss_cause, settled.loss_cause):
            continue
        report = claims.get_claim(tx, each.claim_id, lock=True)
        if report.state is ClaimState.REPORTED and report.event_code is None and not documents.documents_of(tx, report.claim_id):
            claims.move(tx, report.claim_id, ClaimState.DUPLICATE, actor, {"into": settled.claim_id})
            tasks.drop(tx, report.claim_id)
            clocks.withdrawn(tx, report.claim_id)
            told = f"您报案的 {report.claim_id} 已由{settled.reporter_name}直接结算，合并为案件 {settled.claim_id}，您无须再提交资料。"
            notify(tx, report, "merged", "报案已由医院直付处理", told)


def _is_same(claim: ClaimRecord, new: NewClaim) -> bool:
    if claim.settlement_json is not None or claim.round > 1 or claim.loss_date is None or claim.loss_date != new.loss_date:
        return False
    accounts = {each.payee.account_number for each in (claim, new) if each.payee}
    shares_policy = bool(set(claim.policy_numbers) & set(new.policy_numbers))
    return shares_policy and len(accounts) < 2 and not _contradicts(claim.loss_cause, new.loss_cause)


def _contradicts(one: LossCause | None, other: LossCause | None) -> bool:
    return one is not None and other is not None and one is not other


def _is_near(tx: Transaction, ours: _Days | None, cause: LossCause | None, other: ClaimRecord, within_days: int) -> bool:
    theirs = _days_of(other)
    if ours is None or theirs is None or _contradicts(cause, other.loss_cause) or ours.apart_days(theirs) > within_days:
        return False
    return decisions.find_kind(tx, other.claim_id, other.round) is not DecisionKind.CANCELLED


def _days_of(claim: ClaimRecord, evidence: Evidence | None = None) -> _Days | None:
    if claim.settlement_json:
        bill = from_json(claim.settlement_json, SettlementRequest)
        return _Days(bill.admission_date, bill.discharge_date)
    first = claim.loss_date or (evidence.first_day if evidence else None)
    last = evidence.discharge_date if evidence else None
    return _Days(first, max(first, last or first)) if first else None


def _place(claim: ClaimRecord) -> tuple[int, str]:
    return claim.created_ms, claim.claim_id


def _finding(other: ClaimRecord) -> Finding:
    whose = f"{other.reporter_name}直付" if other.settlement_json else "另一渠道报案"
    told = (
        f"案件 {other.claim_id}（{whose}，{STATES_ZH[other.state]}，同一被保险人）的出险日期 {other.loss_date} 与本案相近，可能是同一事故"
    )
    return Finding("claim.perhaps_same", Severity.DOUBT, told, "如为同一事故请并案，否则继续审核", about=other.claim_id)
