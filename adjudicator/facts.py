"""Turns a claim into what the risk model and the router are asked: complete facts, and for the router no money."""

from collections.abc import Sequence
from datetime import date

from adjudicator.duplicates import DUPLICATE_INVOICE, DUPLICATES
from adjudicator.evidence import Evidence
from domain.assessment import Assessment, Outcome
from domain.china import china_day, china_hour
from domain.finding import Finding, Severity
from domain.policy import Person, Policy
from domain.risk import Band, Shared
from riskmodel.facts import RiskFacts, shared_facts
from storage.claims import ClaimRecord
from storage.counters import Earlier


def is_payee_insured(claim: ClaimRecord, insured: Person) -> bool:
    """Tell whether the money goes to the insured; a hospital that settles directly is paid in their stead."""
    if claim.payee is None or claim.payee.holder == insured.name:
        return True
    return claim.settlement_json is not None and claim.payee.holder == claim.reporter_name


def build_risk_facts(
    claim: ClaimRecord,
    insured: Person,
    policies: Sequence[Policy],
    evidence: Evidence,
    assessments: Sequence[Assessment],
    findings: Sequence[Finding],
    shared: Shared,
    earlier: Earlier,
    personal: frozenset[str] = frozenset(),
) -> RiskFacts:
    """Build what is known when the claim is scored: the youngest policy counts, because a new one is the likelier reason to report.

    `personal` names what configuration allows to be known of a person: age.
    """
    proposed_fen = sum(each.total_fen for each in assessments)
    outcomes = [result.outcome for each in assessments for result in each.results]
    on = loss_day(claim, evidence)
    return RiskFacts(
        claimed_fen=claimed_fen(evidence, proposed_fen),
        payable_fen=proposed_fen,
        sum_insured_fen=sum(each.sum_insured_fen for each in policies) or None,
        loss_date=on,
        report_date=china_day(claim.created_ms),
        report_hour=china_hour(claim.created_ms),
        policy_effective_from=max((each.first_effective_from for each in policies), default=None),
        policy_changed_on=max((each.changed_on for each in policies if each.changed_on), default=None),
        inpatient_days=evidence.inpatient_days,
        loss_cause=claim.loss_cause or "",
        diagnosis_icd10=evidence.diagnosis_icd10 or "",
        hospital_grade=evidence.hospital.grade if evidence.hospital else "",
        hospital_ownership=evidence.hospital.ownership if evidence.hospital else "",
        payee_is_insured=is_payee_insured(claim, insured),
        channel=claim.channel,
        document_doubts=sum(each.severity is Severity.DOUBT and each.code != DUPLICATE_INVOICE for each in findings),
        invoice_duplicate=any(each.code == DUPLICATE_INVOICE for each in findings),
        duplicate_marks=sum(each.code in DUPLICATES for each in findings),
        rules_declined=outcomes.count(Outcome.DECLINED),
        rules_unknown=outcomes.count(Outcome.UNKNOWN),
        insured_age_years=_age_years(insured.birth_date, on or china_day(claim.created_ms)) if "age" in personal else None,
        **vars(earlier),
        **shared_facts(shared),  # type: ignore[arg-type]  # each under the name of its own fact
    )


def claimed_fen(evidence: Evidence, proposed_fen: int) -> int:
    """Give what is claimed: what the invoices charged, or what the contract gives, whichever is more."""
    return max(proposed_fen, evidence.charged_fen or 0)


def _age_years(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def loss_day(claim: ClaimRecord, evidence: Evidence) -> date | None:
    """Give the day of the loss: as it was reported, else the first day that the papers tell; None when neither does."""
    return claim.loss_date or evidence.first_day


def build_route_facts(
    policies: Sequence[Policy],
    assessments: Sequence[Assessment],
    findings: Sequence[Finding],
    band: Band,
    *,
    loss_date: date | None,
    payee_is_insured: bool,
    earlier_claims: int,
    over_limit: bool,
    audit_sample: bool,
    reduced: bool,
    is_covered: bool,
) -> dict[str, bool | int | str]:
    """Build every fact that rules/book/routing.yaml declares. Amounts were compared before: the router sees only the answers."""
    outcomes = [result for each in assessments for result in each.results]
    ages = [(loss_date - each.first_effective_from).days for each in policies] if loss_date else []
    return {
        "has_payable": any(each.outcome is Outcome.PAYABLE for each in outcomes),
        "has_declined": any(each.outcome is Outcome.DECLINED for each in outcomes),
        "has_unknown": any(each.outcome is Outcome.UNKNOWN for each in outcomes),
        "nil_outcome": sum(each.total_fen + each.waived_fen for each in assessments) == 0,
        "over_straight_through_limit": over_limit,
        "documents_incomplete": any(each.severity is Severity.BLOCK for each in findings),
        "doubt_findings": sum(each.severity is Severity.DOUBT for each in findings),
        "risk_band": str(band.value),
        "audit_sample": audit_sample,
        "earlier_claims_this_year": earlier_claims,
        "policy_in_force": is_covered and loss_date is not None and all(each.is_in_force(loss_date) for each in policies),
        "payee_is_insured": payee_is_insured,
        "policy_age_days": min(ages, default=0),
        "indemnity_reduced_by_coordination": reduced,
    }
