"""The explanation of benefits (理赔给付说明): from every line that was charged to the money that is paid, to the 分."""

from collections.abc import Mapping
from fractions import Fraction

from adjudicator.decide import parts_paid
from adjudicator.letter_frame import LetterCase, frame, ways_to_object
from adjudicator.reckoning import Reckoning, reckon
from adjudicator.trace_in_words import tell_accounts, tell_step
from adjudicator.wording import quote_clauses
from domain.allocation import Adjustment, LineAllocation
from domain.assessment import Outcome, ResponsibilityResult
from domain.letter import Column, Letter, Letterhead, LetterKind, LetterTable, Section
from domain.money import format_fen
from storage.decisions import Adjudication, Decision, PolicyAssessment

# What the calculation takes off after a line was reviewed (see rules/line_payout.py); every other code is the line's own.
_BY_CALCULATION = frozenset({"social_insurance", "deductible", "share", "limit", "rounding", "coordination", "other", "not_covered"})
_LINES = (
    Column("费用项目", 23),
    Column("收费", 14, is_figure=True),
    Column("不计入的部分", 17),
    Column("可计入", 14, is_figure=True),
    Column("计算扣减", 18),
    Column("给付", 14, is_figure=True),
)
_STEPS = (Column("计算步骤", 58), Column("结果", 22, is_figure=True), Column("条款", 20))
_ACCOUNTS = (
    Column("项目", 18),
    Column("计算期间", 26),
    Column("总额", 15, is_figure=True),
    Column("此前已用", 14, is_figure=True),
    Column("本次使用", 13, is_figure=True),
    Column("剩余", 14, is_figure=True),
)


def write_benefits_letter(case: LetterCase, head: Letterhead, decision: Decision, done: Adjudication) -> Letter:
    """Write the explanation of a decision that pays or waives."""
    reckoning = reckon(done, decision.kind, decision.amount_fen)
    parts = parts_paid(done, decision.amount_fen) or {}
    opening = "本说明逐项列出费用、扣减与给付的计算过程，与理赔决定通知书一并使用；单位为人民币元。"
    sections = (
        Section("", (opening, case.difference) if case.difference else (opening,)),
        Section("给付结算", tables=(_balance(reckoning, done),)),
        Section("费用明细", tables=_lines(reckoning)),
        Section("各项责任的计算", tables=tuple(_steps(each, result) for each in done.policies for result in _payable(each))),
        quote_clauses([(each, _cited(each)) for each in done.policies], case.wordings),
        Section("限额与免赔额", tables=tuple(table for each in done.policies if (table := _accounts(each, parts)))),
        ways_to_object(head, is_refused=False),
    )
    return frame(case, head, LetterKind.BENEFITS, "", sections)


def _payable(assessed: PolicyAssessment) -> list[ResponsibilityResult]:
    return [each for each in assessed.assessment.results if each.outcome is Outcome.PAYABLE]


def _balance(reckoning: Reckoning, done: Adjudication) -> LetterTable:
    rows: list[tuple[str, str]] = []
    if reckoning.lines:
        rows.append(("费用合计", format_fen(reckoning.charged_fen)))
        rows += [(label, format_fen(-amount)) for label, amount in reckoning.taken]
        rows.append(("费用给付", format_fen(reckoning.costs_fen)))
    rows += [(name, format_fen(amount)) for name, amount in reckoning.benefits]
    if reckoning.difference_fen:
        rows.append(("按条款合计", format_fen(reckoning.by_terms_fen)))
        rows.append((f"核定调{'减' if reckoning.difference_fen < 0 else '增'}（理由见决定通知书）", format_fen(reckoning.difference_fen)))
    if done.waived_fen:
        rows.append(("另：豁免保险费（不是现金给付）", format_fen(done.waived_fen)))
    columns = (Column("项目", 65), Column("金额（元）", 35, is_figure=True))
    return LetterTable("从费用到给付", columns, tuple(rows), ("核定给付", format_fen(reckoning.paid_fen)))


def _lines(reckoning: Reckoning) -> tuple[LetterTable, ...]:
    if not reckoning.lines:
        return ()
    rows = tuple(map(_line, reckoning.lines))
    total = (
        "合计",
        format_fen(reckoning.charged_fen),
        _unless_nothing(sum(_sum(_own(each)) for each in reckoning.lines)),
        format_fen(sum(_allowed_fen(each) for each in reckoning.lines)),
        _unless_nothing(sum(_sum(_calculated(each)) for each in reckoning.lines)),
        format_fen(reckoning.costs_fen),
    )
    return (LetterTable("收费 − 不计入的部分 = 可计入；可计入 − 计算扣减 = 给付", _LINES, rows, total),)


def _unless_nothing(fen: int) -> str:
    return format_fen(fen) if fen else ""


def _line(line: LineAllocation) -> tuple[str, ...]:
    own, calculated = _own(line), _calculated(line)
    return (
        line.name,
        format_fen(line.charged_fen),
        _tell(own),
        format_fen(_allowed_fen(line)),
        _tell(calculated),
        format_fen(line.paid_fen),
    )


def _own(line: LineAllocation) -> list[Adjustment]:
    return [each for each in line.adjustments if each.code not in _BY_CALCULATION]


def _calculated(line: LineAllocation) -> list[Adjustment]:
    return [each for each in line.adjustments if each.code in _BY_CALCULATION]


def _allowed_fen(line: LineAllocation) -> int:
    return line.charged_fen - _sum(_own(line))


def _sum(adjustments: list[Adjustment]) -> int:
    return sum(each.amount_fen for each in adjustments)


def _tell(adjustments: list[Adjustment]) -> str:
    return "\n".join(f"{each.label} {format_fen(each.amount_fen)}" for each in adjustments)


def _steps(assessed: PolicyAssessment, result: ResponsibilityResult) -> LetterTable:
    rows = tuple((*tell_step(step), step.clause) for step in result.steps)
    given = "豁免保险费" if result.is_waived else "给付"
    caption = f"{result.name}（保险单 {assessed.policy_number}，{assessed.assessment.plan}）"
    return LetterTable(caption, _STEPS, rows, (given, format_fen(result.amount_fen or 0), ""))


def _cited(assessed: PolicyAssessment) -> list[str]:
    return [step.clause for result in _payable(assessed) for step in result.steps if step.clause]


def _accounts(assessed: PolicyAssessment, parts: Mapping[str, Fraction]) -> LetterTable | None:
    accounts = tell_accounts(assessed.assessment.results, parts.get(assessed.policy_number, Fraction(1)))
    if not accounts:
        return None
    rows = tuple((each.name, each.period, each.at_most, each.used_before, each.used_now, each.left) for each in accounts)
    return LetterTable(f"保险单 {assessed.policy_number}", _ACCOUNTS, rows)
