"""Deciding a claim from its page. A refused decision gives the page back, newest content and typed words together."""

from collections.abc import Callable

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from adjudicator import merging, reopening, review, undoing
from adjudicator.concluding import conclude_investigation
from adjudicator.desk import check_free
from adjudicator.reopening import Ground
from adjudicator.repaying import set_payee
from adjudicator.story import tell
from adjudicator.system import System
from adjudicator.undoing import Given
from adjudicator.withdrawing import withdraw_for
from api.context import the_staff, the_system
from api.guard import needs
from api.permissions import Action
from api.workbench.claim import show_claim
from api.workbench.form_text import plain_text
from api.workbench.language import say
from api.workbench.next_claim import next_claim, the_list
from api.workbench.refusal import refuse
from api.workbench.toast import toast_of_page
from domain.claim import Payee
from domain.errors import AmountError, InputError, MingbaiError
from domain.money import parse_fen
from storage.access import Staff
from storage.queue import find_place

blueprint = Blueprint("decision", __name__, url_prefix="/claims/<claim_id>")


@blueprint.post("/approve")
@needs(Action.APPROVE)
def approve(claim_id: str) -> BaseResponse:
    """Pay what the rules propose."""
    return _decide(claim_id, "已同意赔付", lambda system, version, staff: review.approve(system, claim_id, version, staff, _text("reason")))


@blueprint.post("/pay_part")
@needs(Action.PAY_PART)
def pay_part(claim_id: str) -> BaseResponse:
    """Pay less than the rules propose."""
    return _decide(
        claim_id,
        "已决定部分赔付",
        lambda system, version, staff: review.pay_part(system, claim_id, version, staff, _amount(), _text("reason")),
    )


@blueprint.post("/decline")
@needs(Action.DECLINE)
def decline(claim_id: str) -> BaseResponse:
    """Decline, citing the clause."""
    return _decide(
        claim_id,
        "已决定不予赔付",
        lambda system, version, staff: review.decline(system, claim_id, version, staff, _text("reason"), _text("clause")),
    )


@blueprint.post("/ask")
@needs(Action.ASK)
def ask(claim_id: str) -> BaseResponse:
    """Send the one supplement notice."""
    items = tuple(line.strip() for line in _text("items").splitlines() if line.strip())
    return _decide(claim_id, "补充资料通知已发出", lambda system, version, staff: review.ask(system, claim_id, version, staff, items))


@blueprint.post("/investigate")
@needs(Action.INVESTIGATE)
def investigate(claim_id: str) -> BaseResponse:
    """Hand the claim to the investigators."""
    return _decide(
        claim_id, "已转调查", lambda system, version, staff: review.investigate(system, claim_id, version, staff, _text("reason"))
    )


@blueprint.post("/refer")
@needs(Action.WORK_ON)
def refer(claim_id: str) -> BaseResponse:
    """Hand the claim to a colleague or to a role."""
    return _decide(
        claim_id, "已转交", lambda system, version, staff: review.refer(system, claim_id, version, staff, _text("to"), _text("reason"))
    )


@blueprint.post("/escalate")
@needs(Action.WORK_ON)
def escalate(claim_id: str) -> BaseResponse:
    """Hand the claim to the senior adjusters."""
    return _decide(claim_id, "已上报", lambda system, version, staff: review.escalate(system, claim_id, version, staff, _text("reason")))


@blueprint.post("/undo")
@needs(Action.WORK_ON)
def undo(claim_id: str) -> BaseResponse:
    """Take one's own verdict back, within its minute."""
    try:
        undoing.undo(the_system(), claim_id, the_staff())
    except MingbaiError as error:
        return refuse(tell(the_system(), claim_id), error)
    flash(say("已撤回，这个决定没有生效。"))
    return redirect(url_for("workbench.claim.show", claim_id=claim_id))


@blueprint.post("/conclude")
@needs(Action.CONCLUDE)
def conclude(claim_id: str) -> BaseResponse:
    """Record whether a claim was fraud; it decides nothing."""
    return _do(
        claim_id,
        "调查结论已记录，案件回到审核",
        lambda system, version, staff: conclude_investigation(system, claim_id, staff, _finding(), _text("reason"), version=version),
    )


@blueprint.post("/advance")
@needs(Action.ADVANCE)
def advance(claim_id: str) -> BaseResponse:
    """Pay what is certain, before the rest is decided."""
    return _decide(
        claim_id,
        "已决定先行给付",
        lambda system, version, staff: review.advance(system, claim_id, version, staff, _amount(), _text("reason")),
    )


@blueprint.post("/reopen")
@needs(Action.REOPEN)
def reopen(claim_id: str) -> BaseResponse:
    """Take a decided claim up again."""
    return _do(
        claim_id,
        "案件已重新受理",
        lambda system, version, staff: reopening.reopen(system, claim_id, version, staff, _text("reason"), _ground()),
    )


@blueprint.post("/stop_waiting")
@needs(Action.STOP_WAITING)
def stop_waiting(claim_id: str) -> BaseResponse:
    """Take a claim to people although its papers did not come."""
    return _do(
        claim_id, "已转人工审核", lambda system, version, staff: reopening.stop_waiting(system, claim_id, version, staff, _text("reason"))
    )


@blueprint.post("/withdraw")
@needs(Action.WITHDRAW_FOR)
def withdraw(claim_id: str) -> BaseResponse:
    """Withdraw a claim for a customer who asked for it."""
    return _do(claim_id, "案件已撤回", lambda system, version, staff: withdraw_for(system, claim_id, version, staff, _text("reason")))


@blueprint.post("/merge")
@needs(Action.MERGE)
def merge(claim_id: str) -> BaseResponse:
    """Mark a claim as a duplicate, and give its papers to the other one."""
    return _do(
        claim_id,
        "已并入另一案件",
        lambda system, version, staff: merging.merge(system, claim_id, _text("into").strip().upper(), version, staff, _text("reason")),
    )


@blueprint.post("/payee")
@needs(Action.SET_PAYEE)
def payee(claim_id: str) -> BaseResponse:
    """Pay what bounced, or what nobody has given an account for, to an account."""
    account = Payee(_text("holder"), _text("account_number"), _text("bank_name"))
    return _do(
        claim_id,
        "收款账户已更改",
        lambda system, version, staff: set_payee(system, claim_id, version, staff, account, _text("reason")),
    )


def _decide(claim_id: str, said: str, act: Callable[[System, int, Staff], Given]) -> BaseResponse:
    """Give a verdict, and go on to the next claim."""
    system, staff = the_system(), the_staff()
    try:
        with system.database.read() as tx:
            check_free(tx, claim_id, staff)
            place = find_place(tx, claim_id)  # where it stood in the list: a decision may move it
        given = act(system, _version(), staff)
    except MingbaiError as error:
        return refuse(tell(system, claim_id), error)
    with system.database.read() as tx:
        query = the_list().query(tx.now_ms(), staff)
        follows = next_claim(tx, claim_id, query, staff, place, wanted=plain_text(request.form, "next", 32))
    if given.due_ms is None:
        flash(say("案件 {claim} {what}。", claim=claim_id, what=say(said)))
    goes_to = follows.claim_id if follows else claim_id
    address, held = url_for("workbench.claim.show", claim_id=goes_to), request.headers.get("X-Next")
    if held is None:  # a form that no script sends
        return redirect(address)
    is_held = follows is not None and held == f"{follows.claim_id} {follows.version}"
    shown = "" if is_held else show_claim(goes_to)  # now: a page of its own would cost a browser as much again as the decision
    return jsonify(address=address, claim=follows and follows.claim_id, version=follows and follows.version, toast=_toast(), page=shown)


def _toast() -> str:
    return render_template("toast.html", **toast_of_page())


def _do(claim_id: str, said: str, act: Callable[[System, int, Staff], None]) -> BaseResponse:
    system, staff = the_system(), the_staff()
    try:
        with system.database.read() as tx:
            check_free(tx, claim_id, staff)
        act(system, _version(), staff)
    except MingbaiError as error:
        return refuse(tell(system, claim_id), error)
    flash(say(said) + say("。"))
    return redirect(url_for("workbench.claim.show", claim_id=claim_id))


def _version() -> int:
    text = _text("version")
    if not text.isdecimal():
        raise InputError("the form names no version of the claim", "reload the page", field="version")
    return int(text)


def _ground() -> Ground:
    try:
        return Ground(_text("ground"))
    except ValueError as error:
        raise InputError(f"{_text('ground')!r} is no ground", "choose appeal, error or new evidence", field="ground") from error


def _finding() -> bool:
    if _text("finding") not in ("fraud", "cleared"):
        raise InputError(f"{_text('finding')!r} is no finding", "choose fraud or cleared", field="finding")
    return _text("finding") == "fraud"


def _amount() -> int:
    try:
        return parse_fen(_text("amount"))
    except AmountError as error:
        raise AmountError(error.what, error.way_out, field="amount") from error


def _text(name: str) -> str:
    return plain_text(request.form, name, 5000)
