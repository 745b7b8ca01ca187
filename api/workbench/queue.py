"""The queue (待办): claims that wait for people first, ordered by the nearest clock and by what is at stake."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from adjudicator.people import WITH_PEOPLE
from api.context import the_principal, the_staff, the_system
from api.guard import needs
from api.permissions import Action, may
from api.workbench.form_text import plain_text
from api.workbench.queue_asked import DUE_ZH, asked_of
from api.workbench.queue_figure import FIGURES_ZH
from api.workbench.queue_rows import COLUMNS, FILTERS, rows_of
from api.workbench.words import CHANNELS_ZH
from domain.errors import InputError
from domain.states import ClaimState
from storage import desk
from storage.access import Staff
from storage.claims import count_by_state
from storage.database import Transaction
from storage.desk import QueueView
from storage.queue import Aside, QueueQuery, count_claims, list_claims

blueprint = Blueprint("queue", __name__)
_LIMIT = 200
_MOST_VIEWS = 20


@blueprint.get("/")
@needs(Action.VIEW_QUEUE)
def show() -> str:
    """Show a page of what is asked for."""
    asked, me = asked_of(request.args), the_staff()
    with the_system().database.read() as tx:
        now_ms = tx.now_ms()
        query = asked.query(now_ms, me)
        rows = list_claims(tx, query, _LIMIT, _LIMIT * (asked.page - 1))
        totals = _totals(tx, me)
        found = count_claims(tx, query) if asked.is_narrowed else totals[asked.tab.key]
        views = desk.views_of(tx, me.user_name)
    return render_template(
        "queue.html",
        principal=the_principal(),
        rows=rows_of(rows, now_ms),
        now_ms=now_ms,
        filters=[each for each in FILTERS if totals[each.key] or each.is_always_shown or each == asked.tab],
        totals=totals,
        asked=asked,
        search=asked.search,
        found=found,
        pages=max(1, -(-found // _LIMIT)),
        views=views,
        all_columns=COLUMNS,
        channels=CHANNELS_ZH,
        dues=DUE_ZH,
        figures=FIGURES_ZH,
        may={name: may(the_principal().role, action) for name, action in _ACTS.items()},
    )


@blueprint.post("/views")
@needs(Action.VIEW_QUEUE)
def keep_view() -> BaseResponse:
    """Keep what the queue shows now under a name, or forget what is kept under it."""
    name, asked = plain_text(request.form, "name", 32), asked_of(request.form)
    if not name:
        raise InputError("a view needs a name", "write one, up to 32 characters", field="name")
    with the_system().database.write() as tx:
        me = the_staff().user_name
        if "drop" in request.form:
            desk.drop_view(tx, me, name)
        elif len([each for each in desk.views_of(tx, me) if each.name != name]) >= _MOST_VIEWS:
            raise InputError(f"{_MOST_VIEWS} views are kept already", "forget one first", field="name")
        else:
            desk.keep_view(tx, me, QueueView(name, asked.address(page="")[:512]))
    return redirect(f"{url_for('workbench.queue.show')}?{asked.address()}")


_ACTS = {"approve": Action.APPROVE, "investigate": Action.INVESTIGATE, "work_on": Action.WORK_ON}


def _totals(tx: Transaction, me: Staff) -> dict[str, int]:
    by_state = count_by_state(tx)
    totals = {}
    for each in FILTERS:
        states: tuple[ClaimState, ...] = each.states or tuple(by_state)
        totals[each.key] = sum(by_state.get(state, 0) for state in states)
        if each.aside in (Aside.ONLY, Aside.PENDING):
            totals[each.key] = count_claims(tx, QueueQuery(each.states, aside=each.aside))
    for each in FILTERS:
        if each.aside is Aside.LEFT_OUT:
            totals[each.key] -= totals["aside"] + totals["pending"]
    handed = QueueQuery(WITH_PEOPLE, handed_to=(me.user_name, me.role))
    return totals | {"named": desk.count_mentions(tx, me.user_name), "handed": count_claims(tx, handed)}
