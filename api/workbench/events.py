"""Catastrophes (灾害事件) on the workbench: declare, sign, look at claims and sums, close with a report; by the functions of `event …`."""

import json
from collections.abc import Callable

from flask import Blueprint, Response, flash, get_flashed_messages, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from adjudicator import declaring
from adjudicator.clocks import NAMES_ZH as CLOCKS_ZH
from adjudicator.event_account import account_json, account_of, day_of
from adjudicator.finding_insureds import find_insureds
from adjudicator.story import STATES_ZH
from api.context import the_principal, the_system
from api.guard import needs
from api.permissions import Action, may
from api.problems import Problem, add_headers, problem_of
from api.workbench.event_form import read_event
from api.workbench.form_text import plain_text
from api.workbench.language import say
from api.workbench.words import CHANNELS_ZH
from domain.catastrophe import EventStatus
from domain.claim import LossCause
from domain.document import CLASS_NAMES_ZH
from domain.errors import MingbaiError
from storage import events
from storage.access import Staff

blueprint = Blueprint("events", __name__, url_prefix="/events")
STATUS_ZH = {EventStatus.PROPOSED: "待第二人批准", EventStatus.OPEN: "进行中", EventStatus.CLOSED: "已关闭"}
_MOST_CLAIMS = 200


@blueprint.get("")
@needs(Action.VIEW_EVENT)
def index() -> str:
    """List the events, with the form that declares one for whoever may."""
    return _index()


@blueprint.post("")
@needs(Action.DECLARE_EVENT)
def declare() -> BaseResponse:
    """Sign an event as the first of two people."""
    system = the_system()
    try:
        record = declaring.declare(system.database, read_event(request.form), system.limits, _staff())
    except MingbaiError as error:
        return _refused(problem_of(error), _index)
    flash(say("{event}已由您启动，须由另一人批准后生效。", event=record.event.name))
    return redirect(url_for("workbench.events.show", code=record.event.code))


@blueprint.get("/<code>")
@needs(Action.VIEW_EVENT)
def show(code: str) -> str:
    """Show an event: what it relaxes, whom it met, what it came to; of a closed one its report."""
    return _show(code)


@blueprint.get("/<code>/account")
@needs(Action.VIEW_EVENT)
def account(code: str) -> Response:
    """Give an event with its account as JSON, amounts in fen; of a closed one its report, as it was written."""
    with the_system().database.read() as tx:
        record = events.get_event(tx, code)
        report = events.find_report(tx, code)
        return jsonify(json.loads(report[1]) if report else account_json(record, account_of(tx, record)))


@blueprint.post("/<code>/approve")
@needs(Action.DECLARE_EVENT)
def approve(code: str) -> BaseResponse:
    """Sign an event as the second of two people; then find its claims and insureds."""
    return _do(code, lambda: _approve(code))


@blueprint.post("/<code>/find")
@needs(Action.DECLARE_EVENT)
def find(code: str) -> BaseResponse:
    """Look for claims and insureds once more: after data were imported, or when approving was interrupted."""
    return _do(code, lambda: _find(code))


@blueprint.post("/<code>/close")
@needs(Action.DECLARE_EVENT)
def close(code: str) -> BaseResponse:
    """Close an event and write its report, once."""
    reason = plain_text(request.form, "reason", 2000)
    return _do(code, lambda: say("已关闭，报告 sha256 {digest}", digest=declaring.close(the_system().database, code, _staff(), reason)))


def _approve(code: str) -> str:
    declaring.approve(the_system().database, code, _staff())
    return _find(code)


def _find(code: str) -> str:
    system = the_system()
    found = find_insureds(system.database, system.books, code)
    system.wake()
    return say("已并入案件 {joined} 件，主动报案 {reported} 件", joined=found.joined, reported=found.reported)


def _do(code: str, act: Callable[[], str]) -> BaseResponse:
    try:
        said = act()
    except MingbaiError as error:
        return _refused(problem_of(error), lambda problem: _show(code, problem))
    flash(said + say("。"))
    return redirect(url_for("workbench.events.show", code=code))


def _refused(problem: Problem, page: Callable[[Problem], str]) -> BaseResponse:
    """Give a page back when what was asked for did not happen, with what was typed."""
    response = Response(page(problem), problem.status)
    add_headers(response, problem)
    return response


def _index(problem: Problem | None = None) -> str:
    with the_system().database.read() as tx:
        found = events.list_events(tx)
    return render_template(
        "events.html",
        principal=the_principal(),
        records=found,
        statuses=STATUS_ZH,
        may_declare=may(the_principal().role, Action.DECLARE_EVENT),
        perils=tuple(LossCause),
        papers=CLASS_NAMES_ZH,
        problem=problem,
        typed=request.form,
        said=get_flashed_messages(),
    )


def _show(code: str, problem: Problem | None = None) -> str:
    with the_system().database.read() as tx:
        record = events.get_event(tx, code)
        report, sums, claims = events.find_report(tx, code), account_of(tx, record), events.claims_of_event(tx, code)
    return render_template(
        "event.html",
        principal=the_principal(),
        record=record,
        event=record.event,
        status=say(STATUS_ZH[record.status]),
        account=sums,
        days=[(day_of(each), each) for each in sums.sums],
        clocks=CLOCKS_ZH,
        states=STATES_ZH,
        channels=CHANNELS_ZH,
        claims=claims[:_MOST_CLAIMS],
        left_out=max(0, len(claims) - _MOST_CLAIMS),
        papers=CLASS_NAMES_ZH,
        report=(report[0], json.loads(report[1])) if report else None,
        may_sign=may(the_principal().role, Action.DECLARE_EVENT),
        signed_first=record.declared_by == the_principal().name,
        problem=problem,
        typed=request.form,
        said=get_flashed_messages(),
    )


def _staff() -> Staff:
    staff = the_principal().staff
    if staff is None:
        raise RuntimeError("an event's endpoint was reached without a member of staff: the permission table is wrong")
    return staff
