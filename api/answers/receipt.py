"""The answer to whoever sends a claim or more documents for one."""

from adjudicator.intake import FileProblem, Receipt
from api.answers.base import Answer, Links, links_of


class LeftOut(Answer):
    """A file that was left out because nobody can open it; the rest of the claim was taken."""

    file_name: str
    code: str
    detail: str
    way_out: str
    advice_zh: str
    field: str


class ClaimReceipt(Answer):
    """A claim was taken; `is_new` is false when the same reference came before with the same content.

    `is_joined`: the same loss was reported on another channel; what was sent is with that claim, whose number this is.
    """

    claim_id: str
    state: str
    is_new: bool
    is_joined: bool
    left_out: tuple[LeftOut, ...]
    links: Links


def receipt_of(receipt: Receipt) -> ClaimReceipt:
    """Tell what became of what was sent."""
    return ClaimReceipt(
        claim_id=receipt.claim_id,
        state=receipt.state,
        is_new=receipt.is_new,
        is_joined=receipt.is_joined,
        left_out=tuple(map(_left_out, receipt.problems)),
        links=links_of(receipt.claim_id),
    )


def _left_out(problem: FileProblem) -> LeftOut:
    error = problem.error
    return LeftOut(
        file_name=problem.file_name,
        code=error.code,
        detail=error.what,
        way_out=error.way_out,
        advice_zh=error.advice_zh,
        field=error.field,
    )
