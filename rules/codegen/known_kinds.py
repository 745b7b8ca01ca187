"""What the generators know of the model: whatever was added to it since goes to the reference engine, and is never overlooked."""

from dataclasses import MISSING, fields

from rules.codegen.pieces import NotCoveredError
from rules.model import Plan, Responsibility, Step

_STEP = {
    *("kind", "label", "formula", "type", "at", "is_at_most", "per", "rounding", "counts_payout", "shared", "by"),
    *("offset", "also", "bands", "turns", "after_turns", "parts"),
}
_RESPONSIBILITY = {"name", "trigger", "trigger_at", "requires", "excludes", "let", "documents", "steps", "covers", "at"}
_PLAN = {"name", "basis", "year_from", "loss_date", "responsibilities", "benefits", "parameters", "tests", "at"}
_PERIODS = ("", "policy_year", "occurrence", "lifetime", "family")


def check_step(step: Step) -> None:
    """Refuse a step that says more than the generators understand.

    Raises:
        NotCoveredError: it does.
    """
    _refuse_new_fields(step, _STEP, f"the step {step.kind}")
    for each in (step, *step.also):
        if each.per not in _PERIODS:
            raise NotCoveredError(f"accounts per {each.per}")


def check_responsibility(responsibility: Responsibility) -> None:
    """Refuse a responsibility that says more than the generators understand.

    Raises:
        NotCoveredError: it does.
    """
    _refuse_new_fields(responsibility, _RESPONSIBILITY, f"the responsibility {responsibility.name}")


def check_plan(plan: Plan) -> None:
    """Refuse a plan that says more than the generators understand.

    Raises:
        NotCoveredError: it does.
    """
    _refuse_new_fields(plan, _PLAN, f"the plan {plan.name}")


def _refuse_new_fields(item: Step | Responsibility | Plan, known: set[str], what: str) -> None:
    for each in fields(item):
        default = each.default_factory() if each.default_factory is not MISSING else each.default
        if each.name not in known and getattr(item, each.name) != default:
            raise NotCoveredError(f"{each.name} of {what}")
