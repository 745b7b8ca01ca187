"""What the customer, and whoever speaks for them, is told of a claim.

What is in doubt about a claim is not told before a person has decided; what was decided is told in full, with the clauses
and the calculation. That a claim is being investigated is told to the insurer's own systems, never to customers or hospitals.
"""

import json
from collections.abc import Mapping, Sequence

from adjudicator import clocks
from adjudicator.story import ClaimStory
from adjudicator.unknowns import asked_for, tell_unknown
from api.answers.base import Answer, Links, iso_time, links_of
from api.answers.calculation import NOTHING, CalculationsTold, calculations_of
from api.answers.form import FormField, form_of
from api.answers.letters import LetterTold, every_letter
from api.answers.lines import SettledLine, settled_lines
from api.answers.wording import DECISION_WORDS, DOCUMENT_SENTENCES, STATE_SENTENCES
from domain.assessment import Benefit, Outcome, ResponsibilityResult
from domain.decision import GIVES_NOTHING, DecisionKind
from domain.document import CLASS_NAMES_ZH
from domain.money import format_fen
from domain.states import ClaimState
from rules.trace import render_text
from storage.clocks import ClockRecord
from storage.decisions import Decision
from storage.documents import DocumentRecord
from storage.letters import LetterFile
from storage.notices import Notice

# What the law and the contract promise to the customer; how we organise ourselves to keep it is not theirs to watch.
_TOLD_CLOCKS = frozenset(clocks.NAMES_ZH) - {clocks.CALL_BACK}
_TOLD_IN_FULL = frozenset(
    {
        ClaimState.APPROVED_STRAIGHT_THROUGH,
        ClaimState.DECIDED,
        ClaimState.PRESETTLED,
        ClaimState.PAYING,
        ClaimState.PAID,
        ClaimState.CLOSED,
    }
)


class Event(Answer):
    """One step on the way."""

    at: str
    state: str
    text: str


class AskedItem(Answer):
    """One paper that is missing or must be photographed again."""

    message: str
    advice: str


class SupplementNotice(Answer):
    """The one notice (补充资料通知) that lists everything at once."""

    at: str
    subject: str
    body: str
    items: tuple[AskedItem, ...]


class DecisionTold(Answer):
    """What was decided, and on what ground."""

    at: str
    kind: str
    text: str
    amount: str
    amount_fen: int
    reason: str
    clause: str


class DocumentTold(Answer):
    """One document of the claim, and what shall be done about it."""

    document_id: str
    document_class: str | None
    class_name: str
    state: str
    text: str
    advice: tuple[str, ...]


class ClockTold(Answer):
    """One promise (时限): until when, whether it stands still because the next move is the customer's, and when it was kept."""

    kind: str
    name: str
    due_at: str
    is_paused: bool
    pause_reason: str
    met_at: str | None


class ClaimStatus(Answer):
    """Where a claim stands, in words a customer can read. `explanation` is the calculation, clause by clause.

    `form` is what was reported and read, for the customer to look through; `calculation` is the explanation step by step, in plain words.
    `letters` is empty for those who read none.
    `lines` is what was charged, taken off and paid line by line, of a claim that is paid in full as the rules propose.
    """

    claim_id: str
    external_ref: str
    state: str
    text: str
    received_at: str
    changed_at: str
    timeline: tuple[Event, ...]
    documents: tuple[DocumentTold, ...]
    supplement: SupplementNotice | None
    decision: DecisionTold | None
    reasons: tuple[str, ...]
    paid: str
    paid_fen: int
    lines: tuple[SettledLine, ...]
    explanation: str
    calculation: CalculationsTold
    form: tuple[FormField, ...]
    clocks: tuple[ClockTold, ...]
    letters: tuple[LetterTold, ...]
    links: Links


def status_of(story: ClaimStory, *, to_outsider: bool, letters: Sequence[LetterFile] = ()) -> ClaimStatus:
    """Tell where a claim stands; `letters` are those that whoever asks may read."""
    claim = story.claim
    in_full = is_told_in_full(story)
    return ClaimStatus(
        claim_id=claim.claim_id,
        external_ref=claim.external_ref,
        state=public_state(claim.state) if to_outsider else claim.state,
        text=STATE_SENTENCES[claim.state],
        received_at=iso_time(claim.created_ms),
        changed_at=iso_time(claim.updated_ms),
        timeline=_timeline(story),
        documents=tuple(map(_document, story.documents)),
        supplement=_supplement(story),
        decision=_decision(story),
        reasons=_reasons(story, in_full=in_full),
        paid=format_fen(story.paid_fen, grouped=False),
        paid_fen=story.paid_fen,
        lines=_lines(story) if in_full else (),
        explanation=_explanation(story) if in_full else "",
        calculation=calculations_of(story) if in_full else NOTHING,
        form=form_of(story),
        clocks=tuple(_clock(each) for each in story.clocks if each.kind in _TOLD_CLOCKS),
        letters=every_letter(letters),
        links=links_of(claim.claim_id),
    )


def is_told_in_full(story: ClaimStory) -> bool:
    """Tell whether what was worked out may be told: not before it is decided."""
    return story.claim.state in _TOLD_IN_FULL


def public_state(state: ClaimState) -> ClaimState:
    """Give the state as customers and hospitals see it: an investigation is a review."""
    return ClaimState.IN_REVIEW if state is ClaimState.IN_INVESTIGATION else state


def _reasons(story: ClaimStory, *, in_full: bool) -> tuple[str, ...]:
    if story.claim.state is ClaimState.NEEDS_SUPPLEMENT:
        return story.asked
    if not in_full or story.decision is None or story.adjudication is None:
        return (STATE_SENTENCES[story.claim.state],)
    told = [
        _outcome(result, asked_for(each))
        for each in story.adjudication.policies
        for result in each.assessment.results
        if result.outcome is not Outcome.NOT_INVOLVED
    ]
    return (*filter(None, [story.waits_for]), story.decision.reason, *told)


def _outcome(result: ResponsibilityResult, asked: Mapping[str, str]) -> str:
    if result.outcome is Outcome.PAYABLE:
        return f"{result.name}：{'豁免保费' if result.is_waived else '赔付'} {format_fen(result.amount_fen or 0)} 元"
    if result.outcome is Outcome.UNKNOWN:
        return f"{result.name}：{tell_unknown(result, asked)}"
    refused = "不予豁免" if result.benefit is Benefit.WAIVER else result.outcome
    return f"{result.name}：{refused} {result.declined_by}{f'（{result.clause}）' if result.clause else ''}".rstrip()


def _clock(clock: ClockRecord) -> ClockTold:
    return ClockTold(
        kind=clock.kind,
        name=clocks.NAMES_ZH[clock.kind],
        due_at=iso_time(clock.due_ms),
        is_paused=clock.paused_ms is not None,
        pause_reason=clock.pause_reason,
        met_at=None if clock.met_ms is None else iso_time(clock.met_ms),
    )


def _timeline(story: ClaimStory) -> tuple[Event, ...]:
    events: list[Event] = []
    for entry in story.audit:
        detail = json.loads(entry.detail_json)
        reached = {"claim.received": detail.get("state"), "claim.moved": detail.get("to")}.get(entry.action)
        if not reached:
            continue
        state = public_state(ClaimState(reached))
        if not events or events[-1].state != state:
            events.append(Event(at=iso_time(entry.at_ms), state=state, text=STATE_SENTENCES[state]))
    return tuple(events)


def _document(record: DocumentRecord) -> DocumentTold:
    failed = tuple(each.advice for each in record.read.quality if not each.passed and each.advice) if record.read else ()
    return DocumentTold(
        document_id=record.document_id,
        document_class=record.document_class,
        class_name=CLASS_NAMES_ZH[record.document_class] if record.document_class else "",
        state=record.state,
        text=DOCUMENT_SENTENCES[record.state],
        advice=failed,
    )


def _supplement(story: ClaimStory) -> SupplementNotice | None:
    found: Notice | None = next((each for each in reversed(story.notices) if each.kind == "supplement"), None)
    if found is None:
        return None
    items = tuple(AskedItem(message=each.message, advice=each.advice) for each in found.items)
    return SupplementNotice(at=iso_time(found.created_ms), subject=found.subject, body=found.body, items=items)


def _decision(story: ClaimStory) -> DecisionTold | None:
    decision = story.decision
    if decision is None:
        return None
    return DecisionTold(
        at=iso_time(decision.decided_ms),
        kind=decision.kind,
        text=_decided(story, decision),
        amount=format_fen(decision.amount_fen, grouped=False),
        amount_fen=decision.amount_fen,
        reason=decision.reason,
        clause=decision.clause,
    )


def _decided(story: ClaimStory, decision: Decision) -> str:
    waived = story.adjudication.waived_fen if story.adjudication and decision.kind not in GIVES_NOTHING else 0
    if not waived:
        return DECISION_WORDS[decision.kind]
    return f"{DECISION_WORDS[decision.kind]}，并豁免保费" if decision.amount_fen else "豁免保费"


def _lines(story: ClaimStory) -> tuple[SettledLine, ...]:
    # What a person paid in part or declined is not what the lines add up to.
    is_as_proposed = story.decision is not None and story.decision.kind is DecisionKind.PAY_FULL
    return settled_lines(story.adjudication.lines) if story.adjudication and is_as_proposed else ()


def _explanation(story: ClaimStory) -> str:
    if story.adjudication is None:
        return ""
    return "\n\n".join(f"保单 {each.policy_number}\n{render_text(each.assessment)}" for each in story.adjudication.policies)
