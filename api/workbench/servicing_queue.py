"""Transactions on policies that a person decides (待审核的保全业务): what was signed, what papers it needs, let through or refused."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from api.context import actor_of_staff, the_principal, the_system
from api.guard import needs
from api.permissions import Action
from api.problems import Problem, page_with, problem_of
from api.workbench.form_text import plain_text
from api.workbench.language import say
from api.workbench.words import due_words
from domain.errors import ConflictError, InputError
from domain.servicing import TransactionState
from policy.transacting import doing
from storage import servicing

blueprint = Blueprint("servicing_queue", __name__, url_prefix="/servicing")
_SHOWN = 100


@blueprint.get("")
@needs(Action.DECIDE_SERVICING)
def show() -> Response:
    """Show what waits, what is due first on top."""
    return _page()


@blueprint.post("/<string:transaction_id>")
@needs(Action.DECIDE_SERVICING)
def decide(transaction_id: str) -> BaseResponse:
    """Let one through, or refuse it with a reason that the customer reads."""
    system, reason = the_system(), plain_text(request.form, "reason", 500)
    is_approved = request.form.get("do") == "approve"
    try:
        with system.database.write() as tx:
            record = doing.decide(tx, system.shelf, transaction_id, actor_of_staff(), is_approved=is_approved, reason=reason)
    except (InputError, ConflictError) as error:
        return _page(problem_of(error), transaction_id, reason)
    system.wake()
    is_refused = record.state is TransactionState.REFUSED
    flash(say("已不予办理：{number}。", number=transaction_id) if is_refused else say("已同意办理：{number}。", number=transaction_id))
    return redirect(url_for("workbench.servicing_queue.show"))


def _page(problem: Problem | None = None, refused: str = "", reason: str = "") -> Response:
    system = the_system()
    with system.database.read() as tx:
        waiting, now_ms = servicing.waiting_for_a_person(tx, _SHOWN), tx.now_ms()
    page = render_template(
        "servicing_queue.html",
        principal=the_principal(),
        waiting=tuple((each, due_words(each.due_ms - now_ms) if each.due_ms else "", (each.due_ms or now_ms) < now_ms) for each in waiting),
        items=system.servicing,
        problem=problem,
        refused=refused,
        reason=reason,
    )
    return page_with(page, problem)
