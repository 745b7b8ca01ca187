"""The answer to a hospital: who pays what of its bill, in sum and line by line."""

from collections.abc import Sequence
from datetime import date

from adjudicator.settlement import SettlementAnswer
from api.answers.base import Answer, Links, iso_time, links_of
from api.answers.lines import SettledLine, settled_lines
from api.answers.status import public_state
from domain.money import format_fen
from domain.policy import Policy


class EligiblePolicy(Answer):
    """One policy that would settle directly."""

    policy_number: str
    product: str
    plan: str
    effective_to: date


class Eligibility(Answer):
    """Whether a stay settles directly. Nobody can tell from a no whether the person is known here."""

    is_eligible: bool
    policies: tuple[EligiblePolicy, ...]
    explanation: str


def eligibility_of(policies: Sequence[Policy]) -> Eligibility:
    """Tell a hospital what the policies allow; what is paid is known at discharge, from the bill."""
    told = "可以直接结算，出院时请提交账单" if policies else "不能直接结算，请客户出院后通过应用或热线申请理赔"
    found = tuple(
        EligiblePolicy(policy_number=each.policy_number, product=each.product, plan=each.plan, effective_to=each.effective_to)
        for each in policies
    )
    return Eligibility(is_eligible=bool(policies), policies=found, explanation=told)


class Settlement(Answer):
    """Who pays what. When `status` is `not_settled` the insurer pays nothing yet: the patient pays and is reimbursed later."""

    claim_id: str
    state: str
    status: str  # pre_settled | confirmed | cancelled | expired | not_settled
    confirm_by: str | None  # of a pre-settlement: afterwards it is taken back by itself
    is_new: bool
    bill: str
    bill_fen: int
    insurer_pays: str
    insurer_pays_fen: int
    customer_pays: str
    customer_pays_fen: int
    lines: tuple[SettledLine, ...]
    explanation: str
    links: Links


def settlement_of(answer: SettlementAnswer) -> Settlement:
    """Tell a hospital what the adjudicator worked out."""
    return Settlement(
        claim_id=answer.claim_id,
        state=public_state(answer.state),
        status=answer.status,
        confirm_by=None if answer.confirm_by_ms is None else iso_time(answer.confirm_by_ms),
        is_new=answer.is_new,
        bill=_yuan(answer.bill_fen),
        bill_fen=answer.bill_fen,
        insurer_pays=_yuan(answer.insurer_fen),
        insurer_pays_fen=answer.insurer_fen,
        customer_pays=_yuan(answer.customer_fen),
        customer_pays_fen=answer.customer_fen,
        lines=settled_lines(answer.lines),
        explanation=answer.explanation,
        links=links_of(answer.claim_id),
    )


def _yuan(fen: int) -> str:
    return format_fen(fen, grouped=False)
