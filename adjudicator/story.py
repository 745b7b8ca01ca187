"""The story of a claim (案件全貌): everything about one claim in one value, for screens and for the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from adjudicator.four_eyes import decided_before
from adjudicator.owing import payable_fen
from adjudicator.payees import tell_waiting
from adjudicator.pending import find_pending
from adjudicator.system import System
from adjudicator.unknowns import asked_for, tell_unknown
from domain.assessment import Benefit, Outcome, ResponsibilityResult
from domain.errors import NotFoundError
from domain.money import format_fen
from domain.policy import Hospital, Person, Policy
from domain.risk import RiskScore
from domain.states import ClaimState, PaymentState
from storage import audit, claims, clocks, decisions, documents, ledger, notices, payouts, registry, tasks
from storage.audit import AuditEntry
from storage.claims import ClaimRecord
from storage.clocks import ClockRecord
from storage.decisions import Adjudication, Decision
from storage.documents import DocumentRecord
from storage.ledger import LedgerEntry
from storage.notices import Notice
from storage.payouts import PayoutRecord
from storage.sharing import SharedClaim, claims_sharing
from storage.verdicts import Pending

STATES_ZH = {
    ClaimState.REPORTED: "已报案，等待资料",
    ClaimState.SUBMITTED: "资料已收到",
    ClaimState.READING: "正在识别资料",
    ClaimState.NEEDS_SUPPLEMENT: "等待补充资料",
    ClaimState.ADJUDICATED: "已理算",
    ClaimState.SCORED: "已评分",
    ClaimState.APPROVED_STRAIGHT_THROUGH: "自动审核通过",
    ClaimState.IN_REVIEW: "人工审核中",
    ClaimState.IN_INVESTIGATION: "调查中",
    ClaimState.DECIDED: "已作出决定",
    ClaimState.PRESETTLED: "已预结算，待医院确认",
    ClaimState.PAYING: "支付中",
    ClaimState.PAID: "已支付",
    ClaimState.CLOSED: "已结案",
    ClaimState.REOPENED: "重新立案",
    ClaimState.WITHDRAWN: "已撤案",
    ClaimState.DUPLICATE: "已并入其他案件",
}


@dataclass(frozen=True)
class ClaimStory:
    """One claim with everything that belongs to it."""

    claim: ClaimRecord
    insured: Person
    policies: tuple[Policy, ...]
    hospital: Hospital | None
    documents: tuple[DocumentRecord, ...]
    adjudication: Adjudication | None
    decision: Decision | None
    payouts: tuple[PayoutRecord, ...]
    notices: tuple[Notice, ...]
    clocks: tuple[ClockRecord, ...]
    ledger: tuple[LedgerEntry, ...]
    audit: tuple[AuditEntry, ...]
    error: str  # why a task of it was given up; "" when none was
    shared: tuple[SharedClaim, ...] = ()  # the claims behind what the score says is shared; of scores that say so alone
    waits_for: str = ""  # whose account the money of a decided hospital's bill waits for
    pending: Pending | None = None  # a person's verdict whose minute is not over
    decided_before: Mapping[str, int] = field(default_factory=dict)  # who may not decide it anew, and the round they decided it in

    @property
    def paid_fen(self) -> int:
        """The money that the bank has confirmed."""
        return sum(each.amount_fen for each in self.payouts if each.has_moved_money)

    @property
    def payout(self) -> PayoutRecord | None:
        """The newest payment order."""
        return self.payouts[-1] if self.payouts else None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Chinese sentences that tell why the claim stands where it stands, the weightiest first."""
        if self.error:
            return (f"处理失败，已转人工：{self.error}",)
        if self.claim.state is ClaimState.NEEDS_SUPPLEMENT:
            return self.asked
        if self.payout and self.claim.state is ClaimState.DECIDED and self.payout.state in (PaymentState.BOUNCED, PaymentState.UNKNOWN):
            return (f"付款未成功：{self.payout.last_error}",)
        if self.waits_for:
            return (self.waits_for,)
        if self.decision and self.decision.kind != "pay_full":
            return (self.decision.reason,)
        if self.adjudication is None:
            return (STATES_ZH[self.claim.state],)
        return self._reasons_of_engines(self.adjudication)

    @property
    def asked(self) -> tuple[str, ...]:
        """What the last supplement notice asks for, and how it is to be sent."""
        notices = [each for each in self.notices if each.kind == "supplement"]
        return tuple(f"{item.message}：{item.advice}" for each in notices[-1:] for item in each.items)

    def _reasons_of_engines(self, done: Adjudication) -> tuple[str, ...]:
        flags = [each.message for each in done.route.flags if self.decision is None]
        outcomes = [
            _tell_result(result, asked_for(each))
            for each in done.policies
            for result in each.assessment.results
            if result.outcome is not Outcome.NOT_INVOLVED
        ]
        doubts = [each.message for each in done.findings]
        risk = [each.text for each in done.score.reasons[:3]] if done.score and done.score.band != "low" else []
        return tuple(flags + doubts + risk + outcomes)


def _shares(score: RiskScore | None) -> bool:
    return score is not None and any(each.feature == "sharing" for each in score.reasons)


def _tell_result(result: ResponsibilityResult, asked: Mapping[str, str]) -> str:
    if result.outcome is Outcome.DECLINED:
        refused = "不予豁免" if result.benefit is Benefit.WAIVER else "拒赔"
        return f"{result.name}：{refused}，{result.declined_by}（{result.clause}）"
    if result.outcome is Outcome.UNKNOWN:
        return f"{result.name}：{tell_unknown(result, asked)}"
    limits = [f"{step.label} {step.note}" for step in result.steps if step.note and step.kind in ("减", "限") and step.before != step.after]
    given = "豁免保费" if result.is_waived else "赔付"
    return f"{result.name}：{given} {format_fen(result.amount_fen or 0)}" + (f"（{'；'.join(limits)}）" if limits else "")


def tell(system: System, claim_id: str) -> ClaimStory:
    """Bring everything about a claim together, as of one moment.

    Raises:
        NotFoundError: no such claim.
    """
    with system.database.read() as tx:
        claim = claims.get_claim(tx, claim_id)
        insured = registry.find_person(tx, claim.insured_id)
        if insured is None:
            raise NotFoundError(f"the insured of claim {claim_id} is not in the customer data", "import the customer again")
        done = decisions.find_adjudication(tx, claim_id, claim.round)
        return ClaimStory(
            claim=claim,
            insured=insured,
            policies=registry.find_policies(tx, claim.policy_numbers),
            hospital=registry.find_hospital(tx, claim.hospital_id) if claim.hospital_id else None,
            documents=documents.documents_of(tx, claim_id),
            adjudication=done,
            decision=decisions.find_decision(tx, claim_id, claim.round),
            payouts=payouts.payouts_of(tx, claim_id),
            notices=notices.notices_of(tx, claim_id),
            clocks=clocks.clocks_of(tx, claim_id),
            ledger=ledger.entries_of(tx, claim_id),
            audit=audit.entries(tx, claim_id),
            error=tasks.last_error(tx, claim_id),
            waits_for=tell_waiting(tx, claim, payable_fen(tx, claim_id)) if claim.settlement_json else "",
            pending=find_pending(tx, claim_id),
            decided_before=decided_before(tx, claim),
            shared=claims_sharing(tx, claim) if done and _shares(done.score) else (),
        )
