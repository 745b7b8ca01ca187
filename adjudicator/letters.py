"""What the customer is told in writing: the one supplement notice (补充资料通知) and the decision with its reasons."""

from collections.abc import Collection, Mapping, Sequence

from adjudicator.unknowns import asked_for, tell_unknown
from domain.allocation import LineAllocation
from domain.assessment import Benefit, Outcome, ResponsibilityResult
from domain.claim import Payee
from domain.decision import DecisionKind
from domain.document import CLASS_NAMES_ZH, DocumentClass
from domain.finding import Finding
from domain.money import format_fen
from storage.claims import ClaimRecord
from storage.decisions import Adjudication

_HEADINGS = {
    DecisionKind.PAY_FULL: "理赔决定：给付",
    DecisionKind.PAY_PART: "理赔决定：部分给付",
    DecisionKind.DECLINE: "理赔决定：不予给付",
    DecisionKind.ADVANCE: "理赔决定：先行给付",
}
_GIVE_ACCOUNT = "请提供被保险人本人的银行账户，我们收到后立即支付。"
_ANEW = "本决定取代此前的决定。"
_PAYEE, _TAIL = "收款人：", "（账户尾号 "
_LEFT_OUT = "因灾害理赔绿色通道，您无须提交："


def write_supplement(claim: ClaimRecord, gaps: Sequence[Finding], unasked: Collection[DocumentClass] = ()) -> tuple[str, str]:
    """Write the one notice that lists everything missing: subject and body; and what a catastrophe leaves out (`unasked`)."""
    lines = [f"您的案件 {claim.claim_id} 还需要以下资料，请一次补齐，收到后我们立即继续处理：", ""]
    lines += [f"{number}. {gap.message}。{gap.advice}。" for number, gap in enumerate(gaps, start=1)]
    lines += ["", "本通知依据《保险法》第二十二条一次性列明全部所需资料。等待补充期间，核定时限暂停计算。"]
    if unasked:
        lines += ["", f"{_LEFT_OUT}{'、'.join(CLASS_NAMES_ZH[each] for each in DocumentClass if each in unasked)}。"]
    return f"请补充 {len(gaps)} 项资料", "\n".join(lines)


def told_left_out(body: str) -> str:
    """Give the sentence of a supplement notice's body that tells what need not be sent; "" when there is none."""
    last = body.rpartition("\n\n")[2]
    return last if last.startswith(_LEFT_OUT) else ""


def write_decision(
    claim: ClaimRecord, done: Adjudication, kind: DecisionKind, amount_fen: int, reason: str, clause: str
) -> tuple[str, str]:
    """Write the decision: the amount, what each responsibility gave and why, and the clause when something is refused."""
    waived_fen = 0 if kind is DecisionKind.DECLINE else done.waived_fen
    lines = [f"您的案件 {claim.claim_id} 已作出决定，{_sums(amount_fen, waived_fen)}。", ""]
    for each in done.policies:
        lines.append(f"保单 {each.policy_number}（{each.assessment.plan}，{each.assessment.basis}）")
        asked = asked_for(each)
        lines += [f"  · {_tell(result, asked)}" for result in each.assessment.results if result.outcome is not Outcome.NOT_INVOLVED]
    if done.lines and kind is DecisionKind.PAY_FULL:
        lines += ["", "费用明细（应收 − 扣减 = 赔付，元）"] + [f"  · {_tell_line(each)}" for each in done.lines]
    if reason:
        lines += ["", f"理由：{reason}"]
    if clause:
        lines += [f"依据条款：{clause}"]
    if kind is DecisionKind.DECLINE:
        lines += ["", "如您对本决定有异议，可在收到本通知后向我们申诉，或依法申请仲裁、提起诉讼。"]
    return _heading(kind, amount_fen, waived_fen), "\n".join(lines)


def tell_given(amount_fen: int, waived_fen: int) -> str:
    """Say what a claim is given in full: money, premiums that are no longer owed, or both."""
    if waived_fen:
        return "足额给付并豁免保费" if amount_fen else "豁免保费"
    return "足额给付"


def tell_difference(paid_fen: int, due_fen: int, recoverable_fen: int) -> str:
    """Say what a claim that is decided anew is paid now, beside what was paid before."""
    told = f"\n\n{_ANEW}此前已给付 {format_fen(paid_fen)} 元，"
    if due_fen:
        return told + f"本次补付 {format_fen(due_fen)} 元。"
    return told + (f"多付的 {format_fen(recoverable_fen)} 元我们将另行与您联系。" if recoverable_fen else "本次无需补付。")


def told_difference(body: str) -> str:
    """Give the sentence of `tell_difference` out of a notice's body; "" when the claim was decided once."""
    last = body.rpartition("\n\n")[2]
    return last if last.startswith(_ANEW) else ""


def tell_payee(payee: Payee | None, hospital: str = "") -> str:
    """Say whom a hospital's bill is paid to; without an account, whose is awaited: the hospital's, if one is named, or the insured's."""
    if payee:
        return f"\n\n{_PAYEE}{payee.holder}{_TAIL}{payee.account_number[-4:]}）。"
    if hospital:
        return f"\n\n{_PAYEE}{hospital}，待其更正收款账户后支付。"
    return f"\n\n{_PAYEE}被保险人本人。该款项不支付给医院；{_GIVE_ACCOUNT}"


def told_payee(body: str) -> str:
    """Give the sentence of `tell_payee` out of a notice's body; "" when there is none."""
    return next((each for each in body.split("\n\n") if each.startswith(_PAYEE)), "")


def is_account_awaited(body: str) -> bool:
    """Tell whether a decision's notice says that the account it is paid to is still to be given."""
    told = told_payee(body)
    return bool(told) and _TAIL not in told


def write_account_wanted(claim: ClaimRecord, amount_fen: int) -> tuple[str, str]:
    """Ask for the insured's account, as what is paid is theirs and not the hospital's: subject and body."""
    body = f"您的案件 {claim.claim_id} 的赔款 {format_fen(amount_fen)} 元支付给被保险人本人，不支付给{claim.reporter_name}。{_GIVE_ACCOUNT}"
    return "请提供收款账户", body


def write_not_settled(claim: ClaimRecord) -> tuple[str, str]:
    """Say that a bill could not be settled with the hospital, and what follows: subject and body."""
    body = (
        f"{claim.reporter_name}为您申请的直付结算未能办理，请先行向医院支付。案件 {claim.claim_id} 已转人工审核，"
        "审核通过后赔款支付给被保险人本人，不支付给医院。您可以现在就提供被保险人本人的银行账户。"
    )
    return "直付未办理，案件已转人工审核", body


def write_bounce(claim: ClaimRecord, amount_fen: int) -> tuple[str, str]:
    """Ask for another account after the bank gave the money back: subject and body."""
    body = (
        f"您的案件 {claim.claim_id} 的赔款 {format_fen(amount_fen)} 元未能转入您登记的账户，银行已退回。"
        "请提供被保险人本人的其他银行账户，我们收到后立即重新支付。"
    )
    return "请更换收款账户", body


def _heading(kind: DecisionKind, amount_fen: int, waived_fen: int) -> str:
    if waived_fen:
        return f"{_HEADINGS[kind]}并豁免保费" if amount_fen else "理赔决定：豁免保费"
    return _HEADINGS[kind]


def _sums(amount_fen: int, waived_fen: int) -> str:
    waived = f"豁免保费 {format_fen(waived_fen)} 元"
    if waived_fen and not amount_fen:
        return waived
    return f"给付金额 {format_fen(amount_fen)} 元" + (f"，{waived}" if waived_fen else "")


def _tell_line(line: LineAllocation) -> str:
    taken = "".join(f" − {each.label} {format_fen(each.amount_fen)}" for each in line.adjustments)
    return f"{line.name} {format_fen(line.charged_fen)}{taken} = {format_fen(line.paid_fen)}"


def _tell(result: ResponsibilityResult, asked: Mapping[str, str]) -> str:
    if result.outcome is Outcome.PAYABLE:
        return f"{result.name}：{'豁免保费' if result.is_waived else '给付'} {format_fen(result.amount_fen or 0)} 元"
    if result.outcome is Outcome.DECLINED:
        refused = "不予豁免" if result.benefit is Benefit.WAIVER else "不予给付"
        return f"{result.name}：{refused}（{result.declined_by}，{result.clause}）"
    return f"{result.name}：{tell_unknown(result, asked)}"
