"""The answer to a hospital: who pays what of its bill, in sum and line by line."""

from adjudicator.settlement import SettlementAnswer
from api.answers.base import Answer, Links, links_of
from api.answers.lines import SettledLine, settled_lines
from api.answers.status import public_state
from domain.money import format_fen


class Settlement(Answer):
    """Who pays what. When `state` is IN_REVIEW the insurer pays nothing yet: the patient pays and is reimbursed later."""

    claim_id: str
    state: str
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
