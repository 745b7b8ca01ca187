"""What is answered in FHIR R4: claim responses, explanations of benefit and errors, each checked by its model before it leaves."""

import json
import re
from collections.abc import Sequence
from typing import Any

from fhir.resources.R4B.claimresponse import ClaimResponse
from fhir.resources.R4B.explanationofbenefit import ExplanationOfBenefit
from fhir.resources.R4B.operationoutcome import OperationOutcome

from adjudicator.settlement import SettlementAnswer, SettlementStatus
from adjudicator.story import ClaimStory
from api.answers.base import iso_time
from api.answers.status import is_told_in_full
from api.answers.wording import DECISION_WORDS, STATE_SENTENCES
from api.problems import Problem
from domain.allocation import LineAllocation
from domain.decision import DecisionKind

MEDIA_TYPE = "application/fhir+json"
_CODES = "http://terminology.hl7.org/CodeSystem"
_ISSUES = {
    400: "structure", 401: "login", 403: "forbidden", 404: "not-found", 405: "not-supported", 409: "conflict", 412: "conflict",
    413: "too-costly", 415: "not-supported", 422: "invalid", 429: "throttled",
}  # fmt: skip


def claim_response(answer: SettlementAnswer, insured_masked: str, hospital_name: str, received_ms: int, *, waits: bool) -> str:
    """Tell what a hospital's claim came to."""
    stands = answer.status in (SettlementStatus.PRE_SETTLED, SettlementStatus.CONFIRMED)
    outcome = "complete" if stands else "queued" if answer.status is SettlementStatus.NOT_SETTLED else "partial"
    resource: dict[str, Any] = {
        "resourceType": "ClaimResponse",
        "id": answer.claim_id,
        "identifier": [{"system": "urn:mingbai:claim", "value": answer.claim_id}],
        "status": "active" if stands or outcome == "queued" else "cancelled",
        "type": {"coding": [{"system": f"{_CODES}/claim-type", "code": "institutional"}]},
        "use": "predetermination" if waits else "claim",
        "patient": {"display": insured_masked},
        "created": iso_time(received_ms),
        "insurer": {"display": "明白理赔"},
        "requestor": {"display": hospital_name},
        "outcome": outcome,
        "disposition": answer.explanation,
        "item": _items(answer.lines, "itemSequence"),
        "total": [
            _total("submitted", answer.bill_fen),
            _total("benefit", answer.insurer_fen),
            {"category": {"coding": [{"system": "urn:mingbai:total", "code": "customer-pays"}]}, "amount": _money(answer.customer_fen)},
        ],
    }
    if answer.status is SettlementStatus.PRE_SETTLED and answer.confirm_by_ms:
        resource |= {"preAuthRef": answer.claim_id, "preAuthPeriod": {"end": iso_time(answer.confirm_by_ms)}}
    if answer.status is SettlementStatus.CONFIRMED and answer.insurer_fen:
        payment = {"coding": [{"system": f"{_CODES}/ex-paymenttype", "code": "complete"}]}
        resource["payment"] = {"type": payment, "amount": _money(answer.insurer_fen)}
    return _checked(ClaimResponse, resource)


def explanation_of_benefit(story: ClaimStory, insured_masked: str) -> str:
    """Tell what was decided of a claim, line by line where it is paid in full; before that, only that it is being worked on."""
    claim, done, decision = story.claim, story.adjudication, story.decision
    is_told = is_told_in_full(story) and decision is not None
    lines = done.lines if is_told and done and decision and decision.kind is DecisionKind.PAY_FULL else ()
    resource: dict[str, Any] = {
        "resourceType": "ExplanationOfBenefit",
        "id": claim.claim_id,
        "identifier": [{"system": "urn:mingbai:claim", "value": claim.claim_id}],
        "status": "active",
        "type": {"coding": [{"system": f"{_CODES}/claim-type", "code": "institutional"}]},
        "use": "claim",
        "patient": {"display": insured_masked},
        "created": iso_time(claim.created_ms),
        "insurer": {"display": "明白理赔"},
        "provider": {"display": story.hospital.name if story.hospital else "未提供"},
        "outcome": "complete" if is_told else "queued",
        "disposition": DECISION_WORDS[decision.kind] if is_told and decision else STATE_SENTENCES[claim.state],
        "insurance": [{"focal": not place, "coverage": {"display": number}} for place, number in enumerate(claim.policy_numbers)],
        "item": [{**item, "productOrService": {"text": line.name}} for item, line in zip(_items(lines, "sequence"), lines, strict=True)],
    }
    if is_told and decision:
        charged = [_total("submitted", sum(each.charged_fen for each in lines))] if lines else []
        resource["total"] = [*charged, _total("benefit", decision.amount_fen)]
        if story.paid_fen:
            resource["payment"] = {"amount": _money(story.paid_fen)}
    return _checked(ExplanationOfBenefit, resource)


def operation_outcome(problem: Problem) -> str:
    """Tell an error, one issue for each field that cannot be taken."""
    code = _ISSUES.get(problem.status, "exception")
    told = [(each.field, each.detail, each.way_out) for each in problem.errors] or [(problem.field, problem.detail, problem.way_out)]
    issues: list[dict[str, Any]] = []
    for pointer, detail, way_out in told:
        issue: dict[str, Any] = {"severity": "error", "code": code, "diagnostics": f"{detail} | {way_out}" if way_out else detail}
        issue["details"] = {"text": problem.advice_zh or problem.title_zh, "coding": [{"system": "urn:mingbai", "code": problem.code}]}
        if pointer:
            issue["expression"] = [fhir_path(pointer)]
        issues.append(issue)
    return _checked(OperationOutcome, {"resourceType": "OperationOutcome", "issue": issues})


def fhir_path(pointer: str) -> str:
    """Write a JSON pointer as a FHIRPath: /item/0/net -> Claim.item[0].net."""
    steps = [each for each in pointer.split("/") if each]
    return "Claim" + "".join(f"[{each}]" if each.isdigit() else f".{each}" for each in steps)


def _items(lines: Sequence[LineAllocation], number: str) -> list[dict[str, Any]]:
    return [{number: place, "adjudication": _adjudication(line)} for place, line in enumerate(lines, start=1)]


def _adjudication(line: LineAllocation) -> list[dict[str, Any]]:
    taken = [
        {
            "category": {"coding": [{"system": "urn:mingbai:adjustment", "code": each.code}]},
            "reason": {"text": each.label},
            "amount": _money(each.amount_fen),
        }
        for each in line.adjustments
    ]
    return [_total("submitted", line.charged_fen), *taken, _total("benefit", line.paid_fen)]


def _total(code: str, fen: int) -> dict[str, Any]:
    return {"category": {"coding": [{"system": f"{_CODES}/adjudication", "code": code}]}, "amount": _money(fen)}


def _money(fen: int) -> dict[str, Any]:
    # FHIR writes amounts as JSON numbers. Whole 分 below 10^15 come out of this division with exactly their two decimals.
    return {"value": fen / 100, "currency": "CNY"}


def _checked(model: Any, resource: dict[str, Any]) -> str:
    """Write a resource after its model has taken it; empty lists are not written, as FHIR wants it."""
    kept = {name: value for name, value in resource.items() if value != []}
    model.model_validate(kept)
    text = json.dumps(kept, ensure_ascii=False)
    return re.sub(r"[\ud800-\udfff]", "�", text)  # an echoed value may hold half a character
