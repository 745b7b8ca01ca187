"""What every letter shares: whom and what it is about, with numbers masked; the ways to object; who wrote it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from adjudicator.letters import is_account_awaited, told_difference
from adjudicator.wording import Wording
from domain.china import china_day
from domain.identity import mask_id_number
from domain.letter import KIND_NAMES_ZH, Letter, Letterhead, LetterKind, Section
from domain.policy import Person
from storage.claims import ClaimRecord
from storage.decisions import Adjudication, Decision
from storage.notices import Notice
from storage.payouts import PayoutRecord

_AWAITED = "待提供（见核定结论）"
_OVERSIGHT = "12378"  # the regulator's line for complaints of insurance customers


@dataclass(frozen=True)
class LetterCase:
    """What a letter is written from: rows that no longer change once the notice is out."""

    claim: ClaimRecord
    insured: Person
    notice: Notice
    adjudication: Adjudication | None
    decision: Decision | None
    payout: PayoutRecord | None  # the round's first order: later ones go to accounts that were given afterwards
    wordings: Mapping[str, Wording] = field(default_factory=dict)  # the contracts' clause texts, by policy number

    @property
    def difference(self) -> str:
        """What is paid beside earlier decisions, in a sentence; "" for the first decision."""
        return told_difference(self.notice.body) if self.notice.round > 1 else ""


def letter_number(notice_id: str, kind: LetterKind) -> str:
    """Number a letter: always the same for a notice and a kind, so that writing it twice writes it once."""
    return "L" + sha256(f"mingbai letter {notice_id} {kind}".encode()).hexdigest()[:15].upper()


def frame(case: LetterCase, head: Letterhead, kind: LetterKind, heading: str, sections: tuple[Section, ...]) -> Letter:
    """Put a letter around its sections; `heading` "" takes the kind's own."""
    return Letter(
        number=letter_number(case.notice.notice_id, kind),
        kind=kind,
        day=china_day(case.notice.created_ms),
        heading=heading or KIND_NAMES_ZH[kind],
        head=head,
        addressee="客户",
        facts=_facts(case),
        sections=tuple(each for each in sections if each.paragraphs or each.points or each.tables),
    )


def _facts(case: LetterCase) -> tuple[tuple[str, str], ...]:
    claim, is_awaited = case.claim, is_account_awaited(case.notice.body)
    payee = case.payout.payee if case.payout and not is_awaited else None
    account = f"{payee.holder} {payee.bank_name} 尾号 {payee.account_number[-4:]}".replace("  ", " ") if payee else ""
    told = (
        ("案件号", claim.claim_id + (f"（第 {case.notice.round} 次核定）" if case.notice.round > 1 else "")),
        ("被保险人", f"{case.insured.name}（证件号码 {mask_id_number(case.insured.id_number)}）"),
        ("保险单号", "、".join(claim.policy_numbers)),
        ("出险日期", claim.loss_date.isoformat() if claim.loss_date else ""),
        ("收款账户", account or (_AWAITED if is_awaited else "")),
    )
    return tuple((label, text) for label, text in told if text)


def ways_to_object(head: Letterhead, *, is_refused: bool) -> Section:
    """Say where to go with a question, an objection or a complaint."""
    line = f"拨打客服热线 {head.hotline}" if head.hotline else "联系我们的客服"
    points = [
        f"对本函有疑问或异议，请在应用“我的理赔”中对案件提出申诉，或{line}，我们安排另一位核赔人员复核。",
        f"如需投诉，可{line}；对处理结果不满意，可拨打 {_OVERSIGHT} 银行保险消费者投诉维权热线，或向当地保险纠纷调解组织申请调解。",
    ]
    if is_refused:
        points.append(
            "您也可以依法申请仲裁或向人民法院提起诉讼。《保险法》第二十六条：请求给付保险金的诉讼时效，"
            "人寿保险为五年，其他保险为二年，自知道或者应当知道保险事故发生之日起计算。"
        )
    return Section("异议与投诉", points=tuple(points))
