"""Catastrophe mode (灾害应急), its decisions: which contracts answer a peril, what is not asked for, what the customer is told.

An event makes a claim easier and quicker to bring, and never another amount: the rules are not told of it.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from adjudicator.papers import of_class, papers_of, sum_of
from domain.assessment import Outcome
from domain.catastrophe import CatastropheEvent
from domain.claim import LossCause
from domain.document import CLASS_NAMES_ZH, DocumentClass
from domain.finding import Finding, Severity
from domain.states import DocumentState
from rules.engine import adjudicate
from rules.model import Book
from storage.claims import ClaimRecord
from storage.documents import DocumentRecord

OF_AN_EVENT = "event.claim"  # the finding by which routing rules know such a claim; `event.CODE` names the event itself


def answers_peril(book: Book, plan: str, perils: Collection[LossCause]) -> bool:
    """Tell whether a plan may pay for one of these perils, as the contract itself answers when nothing but the peril is known.

    Defaults are left out: they say what to assume of a claim, and there is none yet. A book without the word is not ruled out.
    """
    bare = replace(book, elements={name: replace(each, default=None) for name, each in book.elements.items()})
    return any(_may_pay(bare, plan, peril) for peril in perils)


def _may_pay(book: Book, plan: str, peril: LossCause) -> bool:
    causes = {name: str(peril) for name, each in book.elements.items() if str(peril) in each.choices()}
    results = adjudicate(book, plan, causes, {}, is_told=False).results
    return any(each.outcome is Outcome.PAYABLE or (each.outcome is Outcome.UNKNOWN and each.high_fen != 0) for each in results)


def unasked_papers(event: CatastropheEvent | None, claim: ClaimRecord, records: Sequence[DocumentRecord]) -> frozenset[DocumentClass]:
    """List the papers that a claim need not have; all are asked for when what is known of the loss speaks against the event."""
    if event is None or event.speaks_against(claim.loss_date, claim.loss_cause):
        return frozenset()
    read = [each for each in papers_of(records) if each.state is DocumentState.EXTRACTED]
    invoices = of_class(read, DocumentClass.MEDICAL_INVOICE)
    return event.relaxed.unasked(sum_of([each.field("total_fen") for each in invoices]))


def check_event(event: CatastropheEvent | None, claim: ClaimRecord) -> tuple[Finding, ...]:
    """Mark a claim of an event for the routing rules; one whose loss is none of the event is for a person."""
    if event is None:
        return ()
    marks = (
        Finding(OF_AN_EVENT, Severity.NOTE, f"属于灾害事件「{event.name}」", about=event.code),
        Finding(f"event.{event.code}", Severity.NOTE, f"灾害事件代码 {event.code}", about=event.code),
    )
    if event.speaks_against(claim.loss_date, claim.loss_cause):
        told = f"出险日期或原因不在灾害事件「{event.name}」（{event.period_from} 至 {event.period_to}）之内"
        return (*marks, Finding("event.not_of_it", Severity.DOUBT, told, "核对出险日期和原因；免交的资料须补看", about="loss_date"))
    return marks


def told_event(event: CatastropheEvent, claim: ClaimRecord) -> tuple[str, str]:
    """Write the first contact: subject and body."""
    lines = [f"因「{event.name}」，我们为受影响的客户开通了理赔绿色通道。您的案件号是 {claim.claim_id}。", ""]
    lines.append("如您或被保险人因此受伤或患病，请在应用中上传资料，或致电客服，我们随时受理；如未受影响，无须任何操作。")
    lines.append("资料齐全后，我们在一日内作出核定。")
    return "灾害理赔绿色通道已为您开通", "\n".join([*lines, *_told_papers(event)])


def _told_papers(event: CatastropheEvent) -> list[str]:
    told = []
    if event.relaxed.papers:
        told.append(f"无须提交：{name_papers(event.relaxed.papers)}。")
    if event.relaxed.papers_of_small:
        told.append(f"小额案件还无须提交：{name_papers(event.relaxed.papers_of_small)}。")
    return told


def name_papers(papers: Collection[DocumentClass]) -> str:
    """Name papers as customers call them."""
    return "、".join(CLASS_NAMES_ZH[each] for each in DocumentClass if each in papers)
