"""Working side by side on a claim's page: signs of life, taking over, comments, setting aside."""

from collections.abc import Callable

from flask import Blueprint, Response, flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from adjudicator import desk, referring
from adjudicator.story import tell
from adjudicator.worker import retry
from api.context import actor_of_staff, the_staff, the_system
from api.guard import needs
from api.permissions import Action
from api.workbench.form_text import plain_text
from api.workbench.language import say
from api.workbench.presence_view import presence_words
from api.workbench.refusal import refuse
from domain.errors import InputError, MingbaiError

blueprint = Blueprint("desk", __name__, url_prefix="/claims/<claim_id>")


@blueprint.post("/here")
@needs(Action.WORK_ON)
def here(claim_id: str) -> Response:
    """Take a sign of life from an open page, and tell it who is there and whether the claim has changed."""
    system, staff = the_system(), the_staff()
    found = desk.look_in(system.database, claim_id, staff)
    desk.see(system.database, claim_id, staff)
    with system.database.read() as tx:
        told = presence_words(tx, found, staff.user_name)
    return jsonify(version=found.version, state=found.state, **told)


@blueprint.post("/leave")
@needs(Action.WORK_ON)
def leave(claim_id: str) -> Response:
    """Note that the page was closed: the next one who opens the claim works on it."""
    desk.leave(the_system().database, claim_id, the_staff())
    return Response(status=204)


@blueprint.post("/take_over")
@needs(Action.WORK_ON)
def take_over(claim_id: str) -> BaseResponse:
    """Work on a claim in the place of whoever does."""
    return _do(claim_id, "已由您接手", lambda: desk.take_over(the_system().database, claim_id, the_staff()))


@blueprint.post("/comment")
@needs(Action.WORK_ON)
def comment(claim_id: str) -> BaseResponse:
    """Write a comment for colleagues."""
    words = plain_text(request.form, "words", desk.MOST_WORDS + 1)
    return _do(claim_id, "已留言", lambda: desk.comment(the_system().database, claim_id, the_staff(), words))


@blueprint.post("/snooze")
@needs(Action.WORK_ON)
def snooze(claim_id: str) -> BaseResponse:
    """Set the claim aside for some days."""
    reason, version = plain_text(request.form, "reason", 500), _whole("version")
    return _do(claim_id, "已搁置", lambda: desk.set_aside(the_system().database, claim_id, version, the_staff(), _whole("days"), reason))


@blueprint.post("/unsnooze")
@needs(Action.WORK_ON)
def unsnooze(claim_id: str) -> BaseResponse:
    """Take the claim back before its time."""
    return _do(claim_id, "已取消搁置", lambda: desk.take_up(the_system().database, claim_id, the_staff()))


@blueprint.post("/hand_back")
@needs(Action.WORK_ON)
def hand_back(claim_id: str) -> BaseResponse:
    """Give the claim back to everybody."""
    return _do(claim_id, "已退回，人人可以处理", lambda: referring.hand_back(the_system().database, claim_id, the_staff()))


@blueprint.post("/retry")
@needs(Action.WORK_ON)
def try_again(claim_id: str) -> BaseResponse:
    """Have a step that was given up done again, after whatever failed was mended."""
    return _do(claim_id, "已重新处理", lambda: retry(the_system(), claim_id, actor_of_staff()))


def _do(claim_id: str, said: str, act: Callable[[], object]) -> BaseResponse:
    try:
        act()
    except MingbaiError as error:
        return refuse(tell(the_system(), claim_id), error)
    flash(say(said) + say("。"))
    return redirect(url_for("workbench.claim.show", claim_id=claim_id))


def _whole(name: str) -> int:
    text = plain_text(request.form, name, 9)
    if not text.isdecimal():
        raise InputError(f"{name} is {text!r}, not a whole number", "reload the page and fill the form in again", field=name)
    return int(text)
