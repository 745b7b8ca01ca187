"""A claim's story as text for a terminal, and as plain data for a program."""

import json
from typing import Any

from adjudicator.risk_words import score_json
from adjudicator.story import STATES_ZH, ClaimStory
from domain.money import format_fen
from rules.trace import render_text
from storage.codec import canonical_json, to_json


def story_text(story: ClaimStory) -> str:
    """Tell a claim on a terminal: state and reasons, documents, the waterfall of each policy, lines, money, history."""
    claim = story.claim
    lines = [f"{claim.claim_id}  {STATES_ZH[claim.state]}（{claim.state}）  已支付 {format_fen(story.paid_fen)}"]
    lines += [f"  {reason}" for reason in story.reasons]
    lines += ["", "资料"] + [f"  {each.file_name}  {each.document_class or '未分类'}  {each.state}" for each in story.documents]
    if story.adjudication:
        for policy in story.adjudication.policies:
            lines += ["", f"保单 {policy.policy_number}", render_text(policy.assessment)]
        lines += [f"  {line.name}  {format_fen(line.charged_fen)} → {format_fen(line.paid_fen)}" for line in story.adjudication.lines]
    if story.ledger:
        lines += ["", "分录"]
        lines += [
            f"  借 {each.debit_account}  贷 {each.credit_account}  {format_fen(each.amount_fen)}  {each.event}" for each in story.ledger
        ]
    lines += ["", "经过"] + [f"  {step.seq:3} {step.actor}  {step.action}  {canonical_json(step.detail)}" for step in story.audit]
    return "\n".join(lines)


def story_json(story: ClaimStory) -> dict[str, Any]:
    """Tell a claim as plain data; amounts are whole fen."""
    done, decision = story.adjudication, story.decision
    return {
        "id": story.claim.claim_id,
        "state": story.claim.state,
        "paid_fen": story.paid_fen,
        "reasons": story.reasons,
        "documents": [{"file": each.file_name, "class": each.document_class, "state": each.state} for each in story.documents],
        "policies": [json.loads(to_json(each, type(each))) for each in done.policies] if done else [],
        "score": score_json(done.score) if done and done.score else None,
        "shared": [vars(each) for each in story.shared],
        "flags": [flag.code for flag in done.route.flags] if done else [],
        "findings": [finding.code for finding in done.findings] if done else [],
        "places": [{"finding": each.code} | vars(place) for each in done.findings for place in each.places] if done else [],
        "decision": {"kind": decision.kind, "amount_fen": decision.amount_fen, "actor": decision.actor} if decision else None,
        "ledger": [vars(entry) for entry in story.ledger],
        "audit": [{"seq": step.seq, "actor": step.actor, "action": step.action, "detail": step.detail} for step in story.audit],
    }
