"""The stage `adjudicate`: the engines speak, and the route says who has the next word. A clean claim decides itself."""

from collections.abc import Callable

from adjudicator import clocks
from adjudicator.adjudicate import Worked, work_out
from adjudicator.decide import SYSTEM, Verdict, decide
from adjudicator.evidence import Evidence, gather
from adjudicator.letters import tell_given
from adjudicator.system import System
from domain.claim import Payee
from domain.decision import Actor, DecisionKind, Queue
from domain.errors import NotFoundError
from domain.policy import Hospital
from domain.risk import RiskScore
from domain.states import ClaimState
from storage import audit, claims, decisions, documents, registry, tasks
from storage.claims import ClaimRecord
from storage.database import Transaction
from storage.decisions import Adjudication
from storage.tasks import Lease

CarryOut = Callable[[Transaction, ClaimRecord, Adjudication, Verdict, Actor, Payee | None], None]  # decide, or hold
_SEVERITY = "疾病程度"
_NEXT = {
    Queue.STRAIGHT_THROUGH: ClaimState.APPROVED_STRAIGHT_THROUGH,
    Queue.REVIEW: ClaimState.IN_REVIEW,
    Queue.INVESTIGATION: ClaimState.IN_INVESTIGATION,
}


def judge(system: System, lease: Lease) -> None:
    """Adjudicate, score and route a claim whose papers are complete; pay it when nothing speaks against that."""
    with system.database.write() as tx:
        tasks.finish(tx, lease)
        claim = claims.get_claim(tx, lease.claim_id, lock=True)
        if claim.state is not ClaimState.READING:
            return
        judge_now(system, tx, claim, gather_evidence(system, tx, claim))


def judge_now(system: System, tx: Transaction, claim: ClaimRecord, evidence: Evidence, carry_out: CarryOut = decide) -> Worked:
    """Work a claim out and move it to where its route leads, within the caller's transaction; `carry_out` decides a clean one."""
    learn_from(tx, claim, evidence)
    return conclude(system, tx, claims.get_claim(tx, claim.claim_id), evidence, carry_out)


def conclude(system: System, tx: Transaction, claim: ClaimRecord, evidence: Evidence, carry_out: CarryOut = decide) -> Worked:
    """Work out and move a claim that has learnt what its papers tell."""
    worked = work_out(system, tx, claim, evidence)
    save_work(tx, claim, worked, SYSTEM)
    done = worked.adjudication
    if is_for_critical_illness(done):
        clocks.start_critical_illness(tx, claim.claim_id)
    claims.move(tx, claim.claim_id, ClaimState.ADJUDICATED, SYSTEM, {"proposed_fen": done.proposed_fen})
    claims.move(tx, claim.claim_id, ClaimState.SCORED, SYSTEM, _told_of(done.score))
    flags = [each.code for each in done.route.flags]
    queue = Queue.REVIEW if claim.round > 1 and done.route.queue is Queue.STRAIGHT_THROUGH else done.route.queue
    claims.move(tx, claim.claim_id, _NEXT[queue], SYSTEM, {"queue": queue, "flags": flags})
    if queue is Queue.STRAIGHT_THROUGH:  # never a reopened claim: what it was paid before may be too much
        verdict = Verdict(DecisionKind.PAY_FULL, done.proposed_fen, f"资料齐全，按条款{tell_given(done.proposed_fen, done.waived_fen)}")
        carry_out(tx, claims.get_claim(tx, claim.claim_id), done, verdict, SYSTEM, claim.payee)
    return worked


def _told_of(score: RiskScore | None) -> dict[str, object]:
    return {"band": score.band, "model": score.model_hash[:12]} if score else {"band": None}


def is_for_critical_illness(done: Adjudication) -> bool:
    """Tell whether a claim is made under contracts of critical illness (重疾险) alone: those that ask how severe it is.

    An insured who also has other cover claims under all of it; there, only a pathology report tells that it is urgent.
    """
    return bool(done.policies) and all(_SEVERITY in {told.name for told in each.elements} for each in done.policies)


def gather_evidence(system: System, tx: Transaction, claim: ClaimRecord) -> Evidence:
    """Bring together what a claim's documents say; hospitals are those of the medical base and those that settle with us."""
    insured = registry.find_person(tx, claim.insured_id)
    if insured is None:
        raise NotFoundError(f"the insured of claim {claim.claim_id} is not in the customer data", "import the customer again")
    hospitals = tx.once(("hospitals", "of the base too"), lambda: _hospitals(system, tx))
    return gather(documents.documents_of(tx, claim.claim_id), insured, hospitals, system.medical_base)


def _hospitals(system: System, tx: Transaction) -> tuple[Hospital, ...]:
    known = registry.list_hospitals(tx)
    names = {each.name for each in known}
    listed = [Hospital(each.code, each.name, each.grade, each.nature) for each in system.medical_base.hospitals.values()]
    return (*known, *(each for each in listed if each.name not in names))


def learn_from(tx: Transaction, claim: ClaimRecord, evidence: Evidence) -> None:
    """Write into the claim what only its papers told: the hospital, and the loss date when nobody reported one."""
    learnt: dict[str, object] = {}
    if evidence.hospital and claim.hospital_id != evidence.hospital.hospital_id:
        if registry.find_hospital(tx, evidence.hospital.hospital_id) is None:  # one of the medical base, met for the first time
            registry.save_hospitals(tx, [evidence.hospital])
        learnt["hospital_id"] = evidence.hospital.hospital_id
    if claim.loss_date is None and evidence.first_day:
        learnt["loss_date"] = evidence.first_day
    if learnt:
        claims.note_facts(tx, claim.claim_id, **learnt)


def save_work(tx: Transaction, claim: ClaimRecord, worked: Worked, actor: Actor) -> None:
    """Keep an adjudication with the feature row of its score."""
    done = worked.adjudication
    decisions.save_adjudication(tx, claim.claim_id, claim.round, done)
    decisions.save_risk_row(tx, claim.claim_id, claim.round, worked.scoring, done.score)
    books = {each.policy_number: each.assessment.book_hash for each in done.policies}
    bases = sorted({each.base_hash for each in done.policies})
    audit.append(tx, claim.claim_id, actor, "claim.adjudicated", {"proposed_fen": done.proposed_fen, "books": books, "bases": bases})
