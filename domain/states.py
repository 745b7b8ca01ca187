"""The state machines of a claim, a document and a payment, each one table of legal moves.

Whoever moves a state asks `check_move` first; nobody writes a state by another way.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from domain.errors import IllegalTransitionError


class ClaimState(StrEnum):
    """Where a claim (案件) stands."""

    REPORTED = "REPORTED"  # 已报案: somebody told us, no papers yet
    SUBMITTED = "SUBMITTED"  # 已提交: papers are in
    READING = "READING"  # 识别中
    NEEDS_SUPPLEMENT = "NEEDS_SUPPLEMENT"  # 待补充资料: the one notice is out
    ADJUDICATED = "ADJUDICATED"  # 已理算: rules have spoken
    SCORED = "SCORED"  # 已评分: risk has spoken
    APPROVED_STRAIGHT_THROUGH = "APPROVED_STRAIGHT_THROUGH"  # 直赔
    IN_REVIEW = "IN_REVIEW"  # 人工审核
    IN_INVESTIGATION = "IN_INVESTIGATION"  # 调查中
    DECIDED = "DECIDED"  # 已结论
    PRESETTLED = "PRESETTLED"  # 已预结算: decided at discharge, and the order waits for the hospital's word
    PAYING = "PAYING"  # 支付中
    PAID = "PAID"  # 已支付
    CLOSED = "CLOSED"  # 已结案
    REOPENED = "REOPENED"  # 重新立案: appeal, error, new evidence
    WITHDRAWN = "WITHDRAWN"  # 已撤案
    DUPLICATE = "DUPLICATE"  # 重复报案: joined to another claim


class DocumentState(StrEnum):
    """Where one uploaded file stands."""

    RECEIVED = "RECEIVED"
    CHECKED = "CHECKED"  # the quality gate let it through
    CLASSIFIED = "CLASSIFIED"
    EXTRACTED = "EXTRACTED"
    JOINED = "JOINED"  # its pages count in another document of the claim
    RETAKE_ASKED = "RETAKE_ASKED"  # the customer is asked for a better photograph
    UNREADABLE = "UNREADABLE"  # no document we can open


class PaymentState(StrEnum):
    """Where one payment order (给付指令) stands."""

    ORDERED = "ORDERED"
    SENT = "SENT"  # committed before the bank is called
    CONFIRMED = "CONFIRMED"
    BOUNCED = "BOUNCED"  # 退票: the bank refused it or gave it back, or it was called off before it was sent
    UNKNOWN = "UNKNOWN"  # only a person may decide what happens next
    LATE = "LATE"  # 迟到成功: the bank paid it after it had been taken for bounced


_C = ClaimState
_BEFORE_DECISION_EXITS = frozenset({_C.WITHDRAWN, _C.DUPLICATE})

CLAIM_MOVES: Mapping[ClaimState, frozenset[ClaimState]] = {
    _C.REPORTED: frozenset({_C.SUBMITTED}) | _BEFORE_DECISION_EXITS,
    _C.SUBMITTED: frozenset({_C.READING, _C.IN_REVIEW}) | _BEFORE_DECISION_EXITS,
    _C.READING: frozenset({_C.NEEDS_SUPPLEMENT, _C.ADJUDICATED, _C.IN_REVIEW}) | _BEFORE_DECISION_EXITS,
    _C.NEEDS_SUPPLEMENT: frozenset({_C.READING, _C.IN_REVIEW}) | _BEFORE_DECISION_EXITS,
    _C.ADJUDICATED: frozenset({_C.SCORED, _C.IN_REVIEW}) | _BEFORE_DECISION_EXITS,
    _C.SCORED: frozenset({_C.APPROVED_STRAIGHT_THROUGH, _C.IN_REVIEW, _C.IN_INVESTIGATION}) | _BEFORE_DECISION_EXITS,
    _C.APPROVED_STRAIGHT_THROUGH: frozenset({_C.DECIDED}),
    _C.IN_REVIEW: frozenset({_C.DECIDED, _C.IN_INVESTIGATION, _C.NEEDS_SUPPLEMENT, _C.READING}) | _BEFORE_DECISION_EXITS,
    _C.IN_INVESTIGATION: frozenset({_C.DECIDED, _C.IN_REVIEW, _C.NEEDS_SUPPLEMENT}) | _BEFORE_DECISION_EXITS,
    _C.DECIDED: frozenset({_C.PAYING, _C.CLOSED, _C.PRESETTLED}),
    _C.PRESETTLED: frozenset({_C.PAYING, _C.CLOSED, _C.DECIDED}),  # back to DECIDED when it is cancelled
    _C.PAYING: frozenset({_C.PAID, _C.DECIDED}),
    _C.PAID: frozenset({_C.CLOSED, _C.REOPENED, _C.DECIDED}),  # back to DECIDED when the bank returns the money
    _C.CLOSED: frozenset({_C.REOPENED, _C.DECIDED}),
    _C.REOPENED: frozenset({_C.READING, _C.IN_REVIEW, _C.IN_INVESTIGATION}),
    _C.WITHDRAWN: frozenset(),
    _C.DUPLICATE: frozenset(),
}

_D = DocumentState
DOCUMENT_MOVES: Mapping[DocumentState, frozenset[DocumentState]] = {
    _D.RECEIVED: frozenset({_D.CHECKED, _D.RETAKE_ASKED, _D.UNREADABLE}),
    _D.CHECKED: frozenset({_D.CLASSIFIED, _D.JOINED, _D.RETAKE_ASKED, _D.UNREADABLE}),
    _D.CLASSIFIED: frozenset({_D.EXTRACTED, _D.RETAKE_ASKED}),
    _D.EXTRACTED: frozenset({_D.JOINED}),
    _D.JOINED: frozenset(),
    _D.RETAKE_ASKED: frozenset(),
    _D.UNREADABLE: frozenset(),
}

_P = PaymentState
PAYMENT_MOVES: Mapping[PaymentState, frozenset[PaymentState]] = {
    _P.ORDERED: frozenset({_P.SENT, _P.BOUNCED}),
    _P.SENT: frozenset({_P.CONFIRMED, _P.BOUNCED, _P.UNKNOWN}),
    _P.UNKNOWN: frozenset({_P.CONFIRMED, _P.BOUNCED, _P.SENT}),
    _P.CONFIRMED: frozenset({_P.BOUNCED}),
    _P.BOUNCED: frozenset({_P.LATE}),
    _P.LATE: frozenset({_P.BOUNCED}),
}

_State = TypeVar("_State", bound=StrEnum)


def check_move(moves: Mapping[_State, frozenset[_State]], now: _State, to: _State, what: str) -> None:
    """Refuse a move that the table does not have.

    Raises:
        IllegalTransitionError: names the thing, both states and the states that are open.
    """
    if to not in moves[now]:
        open_states = ", ".join(sorted(moves[now])) or "none: this state is final"
        raise IllegalTransitionError(f"{what} is {now} and cannot become {to}", f"from {now} it can become: {open_states}")
