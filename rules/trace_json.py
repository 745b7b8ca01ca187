"""The trace as plain data for other programs: exact amounts as text, fen as whole numbers, nothing left out."""

import json
from collections.abc import Mapping
from fractions import Fraction

from domain.assessment import AccumulatorUse, Assessment, Check, LineJudgement, ResponsibilityResult, Step

Json = Mapping[str, object]


def render_json(assessment: Assessment) -> str:
    """Write an assessment as JSON with stable English keys; equal assessments make equal text."""
    return json.dumps(trace_data(assessment), ensure_ascii=False, sort_keys=True, indent=1)


def trace_data(assessment: Assessment) -> Json:
    """Give an assessment as plain data. Amounts in 元 are fen; a fraction is "n/d"; null is unknown, or no upper end."""
    return {
        "product": assessment.product,
        "plan": assessment.plan,
        "book_hash": assessment.book_hash,
        "basis": assessment.basis,
        "total_fen": assessment.total_fen,
        "results": [_result(each) for each in assessment.results],
    }


def _result(result: ResponsibilityResult) -> Json:
    return {
        "name": result.name,
        "outcome": result.outcome.name.lower(),
        "benefit": result.benefit.name.lower(),
        "amount_fen": result.amount_fen,
        "low_fen": result.low_fen,
        "high_fen": result.high_fen,
        "declined_by": result.declined_by,
        "clause": result.clause,
        "unknowns": [{"element": each.element, "document": each.document} for each in result.unknowns],
        "checks": [_check(each) for each in result.checks],
        "lines": [_line(each) for each in result.lines],
        "steps": [_step(each) for each in result.steps],
        "uses": [_use(each) for each in result.uses],
        "documents": list(result.documents),
        "counterfactual": result.counterfactual,
    }


def _check(check: Check) -> Json:
    return {
        "rule": check.rule,
        "role": {"触发": "trigger", "须": "requires", "不赔": "excludes"}[check.role],
        "holds": check.holds,
        "good": check.good,
        "said": check.said,
        "detail": check.detail,
        "clause": check.clause,
        "line": check.line,
    }


def _line(line: LineJudgement) -> Json:
    adjustments = [
        {"code": each.code, "reason": each.reason, "amount_fen": each.amount_fen, "clause": each.clause, "line": each.line}
        for each in line.adjustments
    ]
    return {
        "rule": line.rule,
        "place": line.place,
        "name": line.name,
        "charged_fen": line.charged_fen,
        "adjustments": adjustments,
        "allowed_fen": line.allowed_fen,
    }


def _step(step: Step) -> Json:
    return {
        "kind": step.kind,
        "label": step.label,
        "operand": step.operand,
        "before": _exact(step.before),
        "after": _exact(step.after),
        "after_high": _exact(step.after_high),
        "is_exact": step.is_exact,
        "unit": step.unit,
        "clause": step.clause,
        "line": step.line,
        "note": step.note,
    }


def _use(use: AccumulatorUse) -> Json:
    return {
        "name": use.key.name,
        "period": use.key.period,
        "used_before": _exact(use.used_before),
        "used_now": _exact(use.used_now),
        "at_most": _exact(use.at_most),
        "unit": use.unit,
    }


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else str(value)
