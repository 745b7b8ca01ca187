"""Answers one responsibility on one set of values: is it due, and how much; unknowns give an interval."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from domain.assessment import AccumulatorKey, AccumulatorUse, Check, LineJudgement, Outcome, Step
from rules.accounts import Accounts
from rules.compiler import Scope
from rules.explain import explain, explain_rule, say
from rules.line_answers import judged_lines
from rules.model import Book, Plan, Responsibility
from rules.unknown import Unknown, Value, high_of, low_of
from rules.waterfall import Waterfall

NOTHING_DOUBTFUL: Mapping[str, frozenset[str]] = MappingProxyType({})


@dataclass(frozen=True)
class Run:
    """What one run of a responsibility found; `low` to `high` is the interval of the payout in fen (None: no upper end)."""

    outcome: Outcome
    low: int = 0
    high: int | None = 0
    causes: frozenset[str] = frozenset()
    declined_by: str = ""
    clause: str = ""
    checks: tuple[Check, ...] = ()
    steps: tuple[Step, ...] = ()
    uses: tuple[AccumulatorUse, ...] = ()
    lines: tuple[LineJudgement, ...] = ()

    @property
    def answer(self) -> tuple[object, ...]:
        """What has to be equal for two runs to mean the same to the customer."""
        return (self.outcome, self.low, self.high, self.declined_by if self.outcome is Outcome.DECLINED else "")


def run_responsibility(
    book: Book,
    plan: Plan,
    responsibility: Responsibility,
    values: dict[str, Value],
    used: Mapping[AccumulatorKey, Fraction],
    *,
    doubtful: Mapping[str, frozenset[str]] = NOTHING_DOUBTFUL,
    is_told: bool = True,
) -> Run:
    """Run the conditions, and where none says no, the calculation; `is_told` keeps the reasons and the lines.

    `doubtful` names the shared accounts that an answer which is still unknown may have used, and what is to blame.
    """
    outer = Scope(values, book.compiled)
    scope = outer.rebound({name: formula.evaluate(outer) for name, formula in responsibility.let})
    checks, answers = _check_all(book, responsibility, scope, is_told=is_told)
    unsure = [answer.causes for answer in answers if isinstance(answer, Unknown)]
    trigger = checks[0] if responsibility.trigger is not None else None
    if trigger is not None and trigger.holds is False:
        return Run(Outcome.NOT_INVOLVED, checks=checks[:1])
    bad = next((check for check in checks if check.good is False), None)
    if bad is not None and (trigger is None or trigger.holds):
        return Run(Outcome.DECLINED, declined_by=bad.rule, clause=bad.clause, checks=checks)
    causes = frozenset().union(*unsure)
    if bad is not None:
        return Run(Outcome.UNKNOWN, causes=causes, checks=checks)
    accounts = Accounts(plan, responsibility.name, scope, used, doubtful)
    waterfall = Waterfall(responsibility, book.rules, scope, accounts, is_told)
    waterfall.run()
    return _conclude(waterfall, causes, checks)


def _conclude(waterfall: Waterfall, causes: frozenset[str], checks: tuple[Check, ...]) -> Run:
    balance = waterfall.balance
    causes |= waterfall.open_causes
    steps = tuple(waterfall.lines)
    low, high = low_of(balance) or Fraction(0), high_of(balance)
    if isinstance(balance, Fraction) and not causes:
        lines = judged_lines(waterfall.rules, waterfall.scope) if waterfall.is_told else ()
        return Run(Outcome.PAYABLE, int(low), int(low), checks=checks, steps=steps, uses=tuple(waterfall.uses), lines=lines)
    if isinstance(balance, Unknown):
        causes |= balance.causes
    # A condition that is still open may yet say no, and then nothing is paid.
    may_fail = any(check.holds is None for check in checks)
    lowest = 0 if may_fail else -(-low // 1)
    return Run(Outcome.UNKNOWN, int(lowest), None if high is None else int(high // 1), causes, checks=checks, steps=steps)


def _check_all(book: Book, responsibility: Responsibility, scope: Scope, *, is_told: bool) -> tuple[tuple[Check, ...], list[Value]]:
    checks, answers = [], []
    if responsibility.trigger is not None and responsibility.trigger_at is not None:
        answer = responsibility.trigger.evaluate(scope)
        answers.append(answer)
        detail = explain(responsibility.trigger.tree, scope) if is_told else ""
        holds = None if isinstance(answer, Unknown) else bool(answer)
        checks.append(Check("触发", "触发", holds, holds, detail, "", responsibility.trigger_at.line))
    for role, names in (("须", responsibility.requires), ("不赔", responsibility.excludes)):
        for name in names:
            rule = book.rules[name]
            answer = scope.answer(name).value
            answers.append(answer)
            holds = None if isinstance(answer, Unknown) else bool(answer)
            good = holds if role == "须" or holds is None else not holds
            clause = _clause(book, name, scope)
            checks.append(
                Check(name, role, holds, good, explain_rule(rule, scope) if is_told else "", clause, rule.at.line, say(rule, holds))
            )
    return tuple(checks), answers


def _clause(book: Book, name: str, scope: Scope) -> str:
    rule, answered = book.rules[name], scope.answer(name)
    if answered.exception is not None and rule.exceptions[answered.exception].clause:
        return rule.exceptions[answered.exception].clause
    return rule.clause
