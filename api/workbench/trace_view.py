"""The calculation as a waterfall: every step with its amounts, a bar, and the clause it follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from adjudicator.wording import Wording
from api.workbench.language import plainly, say
from api.workbench.words import figure_words
from domain.assessment import Check, Outcome, ResponsibilityResult, Step, UnknownCause
from domain.money import format_fen
from rules.clauses import find_clause
from rules.model import Clause
from storage.decisions import PolicyAssessment

_SIGNS = {"起": "", "减": "−", "乘": "×", "限": "≤", "取整": "≈"}
_TONES = {Outcome.PAYABLE: "good", Outcome.NOT_INVOLVED: "quiet", Outcome.DECLINED: "bad", Outcome.UNKNOWN: "warn"}


@dataclass(frozen=True)
class Bar:
    """One step; `kept` and `taken` are widths in percent of the largest balance of the same unit."""

    sign: str
    label: str
    operand: str
    before: str
    after: str
    kept: float
    taken: float
    clause: str
    note: str
    line: int


@dataclass(frozen=True)
class ResultView:
    """One responsibility's answer."""

    name: str
    outcome: str
    tone: str
    amount: str
    why: str
    checks: tuple[Check, ...]
    bars: tuple[Bar, ...]
    counterfactual: str


@dataclass(frozen=True)
class PolicyView:
    """One policy's answer."""

    policy_number: str
    plan: str
    product: str
    basis: str
    book_hash: str
    total_fen: int
    results: tuple[ResultView, ...]
    quotes: Mapping[str, Clause]


def policy_view(assessed: PolicyAssessment, wording: Wording) -> PolicyView:
    """Prepare one policy's answer, with the contract's wording of what it cites; what the loss does not touch comes last."""
    answer = assessed.assessment
    results = sorted(answer.results, key=lambda each: each.outcome is Outcome.NOT_INVOLVED)
    return PolicyView(
        policy_number=assessed.policy_number,
        plan=answer.plan,
        product=answer.product,
        basis=answer.basis,
        book_hash=answer.book_hash,
        total_fen=answer.total_fen,
        results=tuple(map(_result_view, results)),
        quotes={cited: clause for cited in clauses_cited(answer.results) if (clause := find_clause(wording, cited))},
    )


def clauses_cited(results: Sequence[ResponsibilityResult]) -> tuple[str, ...]:
    """List the clauses that a calculation names, the refusing ones first: one of them is usually the one to decline by."""
    refusing = [result.clause for result in results]
    named = [check.clause for result in results for check in result.checks] + [step.clause for result in results for step in result.steps]
    return tuple(dict.fromkeys(each for each in refusing + named if each))


def _result_view(result: ResponsibilityResult) -> ResultView:
    return ResultView(
        name=result.name,
        outcome=say("豁免保费" if result.is_waived else result.outcome),
        tone=_TONES[result.outcome],
        amount=_amount(result),
        why=_why(result),
        checks=result.checks,
        bars=_bars(result.steps),
        counterfactual=result.counterfactual,
    )


def _amount(result: ResponsibilityResult) -> str:
    if result.outcome is Outcome.UNKNOWN:
        high = say("不封顶") if result.high_fen is None else format_fen(result.high_fen)
        return f"{format_fen(result.low_fen or 0)} ～ {high}"
    return format_fen(result.amount_fen or 0) if result.outcome is Outcome.PAYABLE else ""


def _why(result: ResponsibilityResult) -> str:
    if result.outcome is Outcome.DECLINED:
        return " · ".join(part for part in (result.declined_by, result.clause) if part)
    return say("、").join(map(_tell_cause, result.unknowns))


def _tell_cause(cause: UnknownCause) -> str:
    if not cause.document:
        return cause.element
    return say("{element}（请补{document}）", element=cause.element, document=plainly(cause.document))


def _bars(steps: tuple[Step, ...]) -> tuple[Bar, ...]:
    return tuple(_bar(step, _largest(steps, step.unit)) for step in steps)


def _largest(steps: tuple[Step, ...], unit: str) -> Fraction:
    balances = [balance for step in steps if step.unit == unit for balance in (step.before, step.after) if balance is not None]
    return max(balances, default=Fraction(0))


def _bar(step: Step, largest: Fraction) -> Bar:
    taken = max(Fraction(0), (step.before or step.after) - step.after)
    after = figure_words(step.after, step.unit)
    if not step.is_exact:
        after += " ～ " + (figure_words(step.after_high, step.unit) or say("不封顶"))
    return Bar(
        sign=_SIGNS.get(step.kind, ""),
        label=step.label,
        operand=step.operand,
        before=figure_words(step.before, step.unit),
        after=after,
        kept=_share(step.after, largest),
        taken=_share(taken, largest),
        clause=step.clause,
        note=step.note,
        line=step.line,
    )


def _share(part: Fraction, whole: Fraction) -> float:
    return round(float(part / whole * 100), 2) if whole > 0 and part > 0 else 0.0
