"""Adjudication (理算): evidence meets the contracts; lines, risk and route follow. Nothing here moves a state or money.

It runs inside one transaction that holds the policies, so that two claims never use the same limit twice.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from adjudicator.allocation import allocate
from adjudicator.catastrophe import check_event
from adjudicator.claim_checks import check_form, check_history, check_id_card, check_payee, check_standing
from adjudicator.duplicates import find_duplicates
from adjudicator.elements import build_elements, stored_values
from adjudicator.evidence import Evidence, check_loss_date, readable
from adjudicator.facts import build_risk_facts, build_route_facts, claimed_fen, is_payee_insured, loss_day
from adjudicator.known import Known
from adjudicator.papers import papers_of
from adjudicator.published import InForce, missing_book
from adjudicator.same_loss import find_perhaps_same
from adjudicator.scoring import UNREAD, score_in_time, to_people, with_reasons
from adjudicator.shared import keys_of_claim
from adjudicator.system import System
from domain.assessment import Assessment
from domain.catastrophe import CatastropheEvent
from domain.china import china_day
from domain.contract import Standing
from domain.decision import Queue
from domain.errors import NotFoundError
from domain.finding import Finding
from domain.policy import Person, Policy
from policy.holdings import not_covering
from riskmodel.features import feature_row
from rules.coordination import coordinate
from rules.engine import adjudicate as ask_rules
from rules.replay import opened
from rules.routing import route
from storage import decisions, events, registry
from storage.claims import ClaimRecord
from storage.counters import count_earlier
from storage.database import Transaction
from storage.decisions import Adjudication, PolicyAssessment, Scoring, SharedCost
from storage.documents import documents_of
from storage.entities import meet


@dataclass(frozen=True)
class Worked:
    """An adjudication, with what its score was made from."""

    adjudication: Adjudication
    scoring: Scoring


def work_out(system: System, tx: Transaction, claim: ClaimRecord, evidence: Evidence) -> Worked:
    """Ask the rules, the risk model and the router about a claim.

    Raises:
        NotFoundError: the insured or a policy has gone, or no book of a policy's product was in force on the day of the loss.
    """
    insured = _insured(tx, claim)
    policies = registry.find_policies(tx, claim.policy_numbers, lock=True)
    books = books_of(system, tx, policies, loss_day(claim, evidence))
    assessed = [_assess(system, tx, claim, policy, insured, evidence, book) for policy, book in zip(policies, books, strict=True)]
    alone = tuple(answer for answer, _ in assessed)
    answers = _coordinated(alone, evidence)
    findings = (
        evidence.findings + check_loss_date(claim.loss_date, evidence) + _check_claim(tx, claim, policies) + find_duplicates(tx, claim)
    )
    event = events.get_event(tx, claim.event_code).event if claim.event_code else None
    findings += tuple(dict.fromkeys(finding for _, found in assessed for finding in found)) + check_event(event, claim)
    uncovered = uncovered_on(system, tx, policies, loss_day(claim, evidence))
    findings += tuple(check_standing(number, standing) for number, standing in uncovered.items())
    reduced = _totals(each.assessment for each in alone) != _totals(each.assessment for each in answers)
    return _score_and_route(
        system, tx, claim, insured, policies, answers, evidence, findings, event, reduced=reduced, is_covered=not uncovered
    )


def uncovered_on(system: System, tx: Transaction, policies: Sequence[Policy], lost_on: date | None) -> dict[str, Standing]:
    """Find the policies that had lapsed or ended on the day of the loss by what was paid; none while that day is unknown."""
    return not_covering(tx, policies, system.terms, lost_on) if lost_on else {}


def _assess(
    system: System, tx: Transaction, claim: ClaimRecord, policy: Policy, insured: Person, evidence: Evidence, published: InForce
) -> tuple[PolicyAssessment, tuple[Finding, ...]]:
    book = published.book
    known = Known(policy, insured, claim.loss_date, claim.loss_cause, evidence, system.medical_base, book.elements)
    built = build_elements(book, known)
    used = decisions.accumulators_of(tx, policy.policy_number, without_claim=claim.claim_id)
    # The elements are opened as a replay opens them from the stored decision, so that both ask the rules the same.
    answer = ask_rules(book, policy.plan, opened(book, stored_values(built.elements)), used)
    return PolicyAssessment(policy.policy_number, built.elements, answer, base_hash=published.base_sha256), built.findings


def _coordinated(alone: tuple[PolicyAssessment, ...], evidence: Evidence) -> tuple[PolicyAssessment, ...]:
    """Keep all payers of one cost below that cost; where nobody knows the cost, or one policy is the only payer, nothing changes."""
    others_fen = (evidence.social_insurance_paid_fen or 0) + (evidence.others_paid_fen or 0)
    if evidence.charged_fen is None or (len(alone) == 1 and evidence.others_paid_fen is None):
        return alone
    together = coordinate([each.assessment for each in alone], evidence.charged_fen, others_fen)
    cost = SharedCost(evidence.charged_fen, others_fen)
    return tuple(replace(each, assessment=answer, shared_cost=cost) for each, answer in zip(alone, together, strict=True))


def books_of(system: System, tx: Transaction, policies: Sequence[Policy], lost_on: date | None) -> list[InForce]:
    """Give each policy the book of its product that is in force on the day of the loss, or today; all found in one look.

    Raises:
        NotFoundError: no such book was published for that day.
    """
    day = lost_on or china_day(tx.now_ms())
    books = system.books.in_force(tx, {each.product for each in policies}, day)
    for each in policies:
        if each.product not in books:
            raise missing_book(tx, each.product, each.policy_number, day)
    return [books[each.product] for each in policies]


def _score_and_route(
    system: System,
    tx: Transaction,
    claim: ClaimRecord,
    insured: Person,
    policies: Sequence[Policy],
    answers: tuple[PolicyAssessment, ...],
    evidence: Evidence,
    findings: tuple[Finding, ...],
    event: CatastropheEvent | None,
    *,
    reduced: bool,
    is_covered: bool,
) -> Worked:
    assessments = [each.assessment for each in answers]
    proposed_fen = sum(_totals(assessments))
    limit_fen = system.limits.straight_through_fen
    limit_fen = event.limit_fen(limit_fen) if event else limit_fen
    earlier = count_earlier(tx, claim)
    if earlier.earlier_claims_365d:
        findings += find_perhaps_same(tx, claim, evidence, system.limits.same_loss_days)
    met = meet(tx, claim.claim_id, keys_of_claim(system, tx, claim, evidence), claimed_fen(evidence, proposed_fen))
    risk_facts = build_risk_facts(claim, insured, policies, evidence, assessments, findings, met.shared, earlier, system.risk_personal)
    features = feature_row(risk_facts)
    model, rate = system.risk_model, system.limits.audit_sample_rate
    scored = score_in_time(model, features, proposed_fen, system.limits.score_ms, system.clock)
    score = scored.score
    inclusion = model.policy.audit_inclusion(score.probability, rate) if score else 0.0  # without a score people look anyway
    facts = build_route_facts(
        policies,
        assessments,
        findings,
        score.band if score else UNREAD,
        loss_date=loss_day(claim, evidence),
        payee_is_insured=is_payee_insured(claim, insured),
        earlier_claims=earlier.earlier_claims_365d,
        over_limit=proposed_fen + sum(each.waived_fen for each in assessments) > limit_fen,
        audit_sample=False,
        reduced=reduced,
        is_covered=is_covered,
    )
    codes = {each.code for each in findings}
    chosen = route(system.routing, facts, codes)
    chosen = to_people(chosen, scored.why_not) if scored.why_not else chosen
    drawn = _is_drawn(claim, inclusion)
    audit_drawn = drawn if chosen.queue is Queue.STRAIGHT_THROUGH else None  # whoever goes to people anyway is no audit
    if drawn:
        chosen = route(system.routing, facts | {"audit_sample": True}, codes)
    if score and chosen.queue is not Queue.STRAIGHT_THROUGH:  # nobody reads the reasons of a claim that nobody looks at
        score = with_reasons(model, score, features)
    lines = allocate(evidence.lines, assessments, evidence.charged_fen or 0)
    done = Adjudication(answers, lines, findings, score, chosen)
    return Worked(done, Scoring(features, inclusion, met.known_json, audit_drawn))


def _check_claim(tx: Transaction, claim: ClaimRecord, policies: Sequence[Policy]) -> tuple[Finding, ...]:
    records = documents_of(tx, claim.claim_id)
    papers = readable(records)
    reported_on = china_day(claim.created_ms)
    return (
        check_payee(papers, claim.payee)
        + check_form(papers, claim.loss_date, policies)
        + check_history(papers, policies)
        + check_id_card(papers_of(records), claim.loss_date or reported_on)
    )


def _insured(tx: Transaction, claim: ClaimRecord) -> Person:
    insured = registry.find_person(tx, claim.insured_id)
    if insured is None:
        raise NotFoundError(f"the insured of claim {claim.claim_id} is not in the customer data", "import the customer again")
    return insured


def _totals(assessments: Iterable[Assessment]) -> list[int]:
    return [each.total_fen for each in assessments]


def _is_drawn(claim: ClaimRecord, rate: float) -> bool:
    # The claim's own random id decides, so that asking again does not draw again.
    draw = int.from_bytes(hashlib.sha256(f"audit {claim.claim_id} {claim.round}".encode()).digest()[:8], "big")
    return draw < rate * 2**64
