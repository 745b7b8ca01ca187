"""Tells how the line rules of a responsibility judged each line, for the trace and for laying the payout back onto lines."""

from collections.abc import Mapping
from fractions import Fraction

from domain.assessment import LineAdjustment, LineJudgement
from rules.compiler import Scope
from rules.line_work import JudgedLine, LineWork, judge_lines
from rules.model import Rule


def judged_lines(rules: Mapping[str, Rule], scope: Scope) -> tuple[LineJudgement, ...]:
    """List the lines of every line rule that was asked in a scope; a rule with anything open about a line has none."""
    found: list[LineJudgement] = []
    for name in scope.answers:
        work = rules[name].general
        if isinstance(work, LineWork):
            judged = judge_lines(work, scope)
            if all(isinstance(fen, Fraction) for line in judged for fen in (line.charged, line.allowed, *(fen for _, fen in line.taken))):
                found += [_tell(name, place, line, rules[name].clause) for place, line in enumerate(judged, start=1)]
    return tuple(found)


def _tell(rule: str, place: int, line: JudgedLine, clause: str) -> LineJudgement:
    adjustments = tuple(
        LineAdjustment(each.code, each.reason, _fen(taken), each.clause or clause, each.at.line) for each, taken in line.taken
    )
    return LineJudgement(rule, place, line.name or f"第{place}行", _fen(line.charged), adjustments, _fen(line.allowed))


def _fen(value: object) -> int:
    assert isinstance(value, Fraction) and value.denominator == 1  # noqa: S101 – a line adds up in whole 分
    return int(value)
