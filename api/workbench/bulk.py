"""The same act on many claims of the queue: the chosen rows, or everything that is asked for. Every claim's result is told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Blueprint, render_template, request

from adjudicator import desk, review, undoing
from adjudicator.undoing import Given
from api.context import the_principal, the_staff, the_system
from api.guard import needs
from api.permissions import Action
from api.problems import problem_of
from api.workbench.form_text import plain_text
from api.workbench.language import plainly, say, title_of
from api.workbench.queue_asked import Asked, asked_of
from domain.errors import InputError, MingbaiError, StaleVersionError
from storage.queue import list_claims

blueprint = Blueprint("bulk", __name__, url_prefix="/bulk")
MOST = 500


@dataclass(frozen=True)
class Result:
    """What became of one claim: "" is done, else why not."""

    claim_id: str
    refusal: str
    way_out: str
    can_be_undone: bool = False


@blueprint.post("/approve")
@needs(Action.APPROVE)
def approve() -> str:
    """Give what the rules propose on each."""
    system, staff = the_system(), the_staff()
    return _do("同意赔付", lambda claim_id, version: review.approve(system, claim_id, version, staff, ""))


@blueprint.post("/investigate")
@needs(Action.INVESTIGATE)
def investigate() -> str:
    """Hand each to the investigators."""
    system, staff, reason = the_system(), the_staff(), _reason()
    return _do("转调查", lambda claim_id, version: review.investigate(system, claim_id, version, staff, reason))


@blueprint.post("/snooze")
@needs(Action.WORK_ON)
def snooze() -> str:
    """Set each aside."""
    system, staff, reason, days = the_system(), the_staff(), _reason(), _days()
    return _do("搁置", lambda claim_id, version: desk.set_aside(system.database, claim_id, version, staff, days, reason))


@blueprint.post("/undo")
@needs(Action.WORK_ON)
def undo() -> str:
    """Take back what was decided on each, within its minute."""
    system, staff = the_system(), the_staff()
    return _do("撤回", lambda claim_id, _: undoing.undo(system, claim_id, staff))


def _do(act_words: str, act: Callable[[str, int], object]) -> str:
    asked = asked_of(request.form)
    results = [_try(claim_id, version, act) for claim_id, version in _chosen(asked)]
    return render_template("bulk.html", principal=the_principal(), act=say(act_words), results=results, asked=asked, search="")


def _try(claim_id: str, version: int | None, act: Callable[[str, int], object]) -> Result:
    system, staff = the_system(), the_staff()
    try:
        if version is None:
            raise StaleVersionError(f"claim {claim_id} changed after the page was made", "look at it again, and decide it by itself")
        with system.database.read() as tx:
            desk.check_free(tx, claim_id, staff)
        done = act(claim_id, version)
    except MingbaiError as error:
        problem = problem_of(error)
        return Result(claim_id, plainly(problem.detail) or title_of(problem), plainly(problem.way_out))
    return Result(claim_id, "", "", can_be_undone=isinstance(done, Given) and done.due_ms is not None)


def _chosen(asked: Asked) -> list[tuple[str, int | None]]:
    """Give the claims that are meant, each with the version that was seen; None: it changed since.

    Raises:
        InputError: none, or more than may be done at once.
    """
    chosen: list[tuple[str, int | None]] = list(_all_of(asked) if "all" in request.form else _ticked())
    if not 0 < len(chosen) <= MOST:
        raise InputError(f"{len(chosen)} claims are chosen", f"choose 1 to {MOST}: narrow the queue by a filter", field="claim")
    return chosen


def _ticked() -> Iterator[tuple[str, int]]:
    for each in request.form.getlist("claim"):
        claim_id, _, version = each.partition(":")
        if not version.isdecimal():
            raise InputError(f"{each!r} is no claim with its version", "reload the queue and choose again", field="claim")
        yield claim_id, int(version)


def _all_of(asked: Asked) -> Iterator[tuple[str, int | None]]:
    seen = plain_text(request.form, "now_ms", 16)
    if not seen.isdecimal():
        raise InputError("the form does not say when its page was made", "reload the queue and choose again", field="now_ms")
    with the_system().database.read() as tx:
        rows = list_claims(tx, asked.query(tx.now_ms(), the_staff()), MOST + 1)
    for row in rows:
        yield row.claim_id, row.version if row.updated_ms <= int(seen) else None


def _reason() -> str:
    reason = plain_text(request.form, "reason", 500)
    if not reason:
        raise InputError("the act needs a reason", "write one: it goes into every claim's history", field="reason")
    return reason


def _days() -> int:
    text = plain_text(request.form, "days", 3)
    if not text.isdecimal():
        raise InputError(f"{text!r} is no number of days", f"give 1 to {desk.MOST_DAYS_ASIDE}", field="days")
    return int(text)
