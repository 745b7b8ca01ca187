"""What was paid too much, on the claim page: ask for it, give it up, sign that, set it off, as `claim demand` and its like do."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from adjudicator.arranging import arrange
from adjudicator.recovering import ask_back
from adjudicator.story import tell
from adjudicator.writing_off import sign_write_off, write_off
from api.context import the_staff, the_system
from api.guard import needs
from api.permissions import Action
from api.workbench.form_text import plain_text
from api.workbench.language import say
from api.workbench.refusal import refuse
from domain.errors import AmountError, MingbaiError
from domain.money import parse_fen

blueprint = Blueprint("receivables", __name__, url_prefix="/claims/<claim_id>")


@blueprint.post("/collect")
@needs(Action.COLLECT)
def collect(claim_id: str) -> BaseResponse:
    """Ask the customer to give back what was paid too much."""
    return _do(claim_id, lambda: _ask(claim_id))


@blueprint.post("/write_off")
@needs(Action.WRITE_OFF)
def give_up(claim_id: str) -> BaseResponse:
    """Give a receivable up; beyond one's authority it waits for a second person."""
    return _do(claim_id, lambda: _write_off(claim_id))


@blueprint.post("/sign_write_off")
@needs(Action.WRITE_OFF)
def sign(claim_id: str) -> BaseResponse:
    """Sign a write-off as its second person."""
    return _do(claim_id, lambda: _sign(claim_id))


@blueprint.post("/offset")
@needs(Action.OFFSET)
def offset(claim_id: str) -> BaseResponse:
    """Have this claim's decision pay less, for what another one owes."""
    return _do(claim_id, lambda: _offset(claim_id))


def _ask(claim_id: str) -> str:
    ask_back(the_system(), claim_id, the_staff(), _text("reason"))
    return say("已请客户返还多付的款项")


def _write_off(claim_id: str) -> str:
    is_booked = write_off(the_system().database, claim_id, _amount() if _text("amount") else None, the_staff(), _text("reason"))
    return say("已核销") if is_booked else say("已提出核销，须由有权限的另一人签署")


def _sign(claim_id: str) -> str:
    sign_write_off(the_system().database, claim_id, the_staff())
    return say("已核销")


def _offset(claim_id: str) -> str:
    arrange(the_system(), claim_id, _text("from"), _amount(), the_staff(), _text("reason"), agreed="agreed" in request.form)
    return say("已安排抵销，作出赔付决定时扣减")


def _do(claim_id: str, act: Callable[[], str]) -> BaseResponse:
    try:
        said = act()
    except MingbaiError as error:
        return refuse(tell(the_system(), claim_id), error)
    flash(said + say("。"))
    return redirect(url_for("workbench.claim.show", claim_id=claim_id))


def _amount() -> int:
    try:
        return parse_fen(_text("amount"))
    except AmountError as error:
        raise AmountError(error.what, error.way_out, field="amount") from error


def _text(name: str) -> str:
    return plain_text(request.form, name, 2000)
