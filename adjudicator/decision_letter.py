"""The letter of a decision (理赔决定): what is paid or refused, every responsibility with its clause, and what the law promises."""

from collections.abc import Iterator

from adjudicator.letter_frame import LetterCase, frame, ways_to_object
from adjudicator.letters import told_payee
from adjudicator.unknowns import asked_for, tell_unknown
from adjudicator.wording import quote_clauses
from domain.assessment import Benefit, Outcome, ResponsibilityResult
from domain.decision import DecisionKind
from domain.letter import KIND_NAMES_ZH, Column, Letter, Letterhead, LetterKind, LetterTable, Section
from domain.money import format_capitals, format_fen
from storage.decisions import Adjudication, Decision, PolicyAssessment

_KINDS = {
    DecisionKind.PAY_FULL: LetterKind.PAYMENT,
    DecisionKind.PAY_PART: LetterKind.PART_PAYMENT,
    DecisionKind.DECLINE: LetterKind.REFUSAL,
    DecisionKind.ADVANCE: LetterKind.ADVANCE,
}
_PAYS = "《保险法》第二十三条：达成给付保险金的协议后十日内，保险人履行给付义务。款项将转入上列收款账户。"
_LAW = {
    DecisionKind.PAY_FULL: _PAYS,
    DecisionKind.PAY_PART: _PAYS,
    DecisionKind.DECLINE: "《保险法》第二十四条：对不属于保险责任的，保险人应当自作出核定之日起三日内发出"
    "拒绝给付保险金通知书，并说明理由。本函即该通知书。",
    DecisionKind.ADVANCE: "《保险法》第二十五条：对给付保险金的数额不能确定的，保险人根据已有证明和资料可以确定的数额"
    "先予支付；最终确定数额后，支付相应的差额。",
}
_WAIVED_LAW = "被豁免的保险费视同已经交纳，保险合同继续有效。"
_COLUMNS = (Column("保险责任", 24), Column("结论", 13), Column("金额（元）", 18, is_figure=True), Column("依据与理由", 45))


def write_decision_letter(case: LetterCase, head: Letterhead, decision: Decision, done: Adjudication) -> Letter:
    """Write the letter of a decision."""
    waived_fen = 0 if decision.kind is DecisionKind.DECLINE else done.waived_fen
    kind, is_refused = _KINDS[decision.kind], decision.kind in (DecisionKind.DECLINE, DecisionKind.PAY_PART)
    sections = (
        Section("核定结论", tuple(_conclusion(case, decision, waived_fen))),
        Section("各项保险责任", tables=tuple(_results(each, decision) for each in done.policies) + _sum(decision, done)),
        quote_clauses([(each, _cited(each, decision)) for each in done.policies], case.wordings),
        Section("法律提示", tuple(_law(decision, waived_fen))),
        ways_to_object(head, is_refused=is_refused or _refuses_any(done)),
    )
    return frame(case, head, kind, _heading(decision, waived_fen), sections)


def _heading(decision: Decision, waived_fen: int) -> str:
    return "豁免保险费通知书" if waived_fen and not decision.amount_fen else KIND_NAMES_ZH[_KINDS[decision.kind]]


def _conclusion(case: LetterCase, decision: Decision, waived_fen: int) -> Iterator[str]:
    if decision.kind is DecisionKind.DECLINE:
        yield "经核定，我们不能就本次申请给付保险金，理由与依据如下。"
    elif decision.amount_fen:
        verb = "先行给付" if decision.kind is DecisionKind.ADVANCE else "给付"
        yield f"经核定，{verb}保险金 {format_fen(decision.amount_fen)} 元（大写：{format_capitals(decision.amount_fen)}）。"
    if waived_fen:
        yield f"豁免保险费 {format_fen(waived_fen)} 元（大写：{format_capitals(waived_fen)}）。"
    if decision.reason:
        yield f"理由：{decision.reason}"
    if decision.clause:
        yield f"依据条款：{decision.clause}"
    if whom := told_payee(case.notice.body):
        yield whom
    if case.difference:
        yield case.difference


def _results(assessed: PolicyAssessment, decision: Decision) -> LetterTable:
    asked, answer = asked_for(assessed), assessed.assessment
    involved = [each for each in answer.results if each.outcome is not Outcome.NOT_INVOLVED]
    rows = [(each.name, *_tell(each, decision, tell_unknown(each, asked))) for each in involved]
    return LetterTable(f"保险单 {assessed.policy_number}（{answer.plan}）", _COLUMNS, tuple(rows) or (("本次未涉及保险责任", "", "", ""),))


def _tell(result: ResponsibilityResult, decision: Decision, unknown: str) -> tuple[str, str, str]:
    is_waiver = result.benefit is Benefit.WAIVER
    if result.outcome is Outcome.DECLINED:
        return ("不予豁免" if is_waiver else "不予给付"), "", "；".join(_why_not(result))
    if result.outcome is Outcome.UNKNOWN:
        return "待补资料", "", unknown
    if decision.kind is DecisionKind.DECLINE:  # the rules would have paid: a person decided otherwise, and says why above
        return "不予给付", "", f"见核定结论；{decision.clause}"
    return ("豁免" if is_waiver else "给付"), format_fen(result.amount_fen or 0), "、".join(_clauses_of(result))


def _clauses_of(result: ResponsibilityResult) -> list[str]:
    clauses = [each.clause for each in result.checks] + [each.clause for each in result.steps]
    return list(dict.fromkeys(filter(None, clauses)))


def _cited(assessed: PolicyAssessment, decision: Decision) -> list[str]:
    """List what the letter cites of a policy: the clause of the decision, of what is refused, and of what is paid."""
    cited = [decision.clause]
    for result in assessed.assessment.results:
        if result.outcome is Outcome.DECLINED:
            cited += [each.clause for each in result.checks if each.good is False] or [result.clause]
        elif result.outcome is Outcome.PAYABLE and decision.kind is not DecisionKind.DECLINE:
            cited += _clauses_of(result)
    return [each for each in cited if each]


def _why_not(result: ResponsibilityResult) -> list[str]:
    found = [each for each in result.checks if each.good is False]
    said = [
        f"{each.said or each.rule}（{each.detail}）{each.clause}" if each.detail else f"{each.said or each.rule}{each.clause}"
        for each in found
    ]
    return said or [f"{result.declined_by} {result.clause}".strip()]


def _sum(decision: Decision, done: Adjudication) -> tuple[LetterTable, ...]:
    """What a person decided below or above the terms stands in a row of its own, so that the letter adds up."""
    difference = decision.amount_fen - done.proposed_fen
    if decision.kind is DecisionKind.DECLINE or (difference == 0 and len(done.policies) == 1):
        return ()
    rows = [("按条款合计", format_fen(done.proposed_fen))]
    if difference:
        rows.append(("核定调减（理由见上）" if difference < 0 else "核定调增（理由见上）", format_fen(difference)))
    columns = (Column("结算", 60), Column("金额（元）", 40, is_figure=True))
    return (LetterTable("合计", columns, tuple(rows), ("核定给付", format_fen(decision.amount_fen))),)


def _refuses_any(done: Adjudication) -> bool:
    return any(result.outcome is Outcome.DECLINED for each in done.policies for result in each.assessment.results)


def _law(decision: Decision, waived_fen: int) -> Iterator[str]:
    if decision.amount_fen or decision.kind is DecisionKind.DECLINE:
        yield _LAW[decision.kind]
    if waived_fen:
        yield _WAIVED_LAW
