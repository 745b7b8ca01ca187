"""The queue (待办): claims that wait for people first, ordered by the nearest clock and by what is at stake."""

from flask import Blueprint, render_template, request

from api.context import the_principal, the_system
from api.guard import needs
from api.permissions import Action
from api.workbench.form_text import plain_text
from api.workbench.queue_rows import FILTERS, QueueFilter, rows_of
from storage.claims import count_by_state
from storage.queue import list_claims

blueprint = Blueprint("queue", __name__)
_LIMIT = 200


@blueprint.get("/")
@needs(Action.VIEW_QUEUE)
def show() -> str:
    """Show one filter of the queue, or what a search finds in all of it."""
    search = plain_text(request.args, "search", 64)
    chosen = _chosen("all" if search else request.args.get("filter", ""))
    with the_system().database.read() as tx:
        counts, now_ms = count_by_state(tx), tx.now_ms()
        rows = list_claims(tx, chosen.states, search, _LIMIT)
    totals = {each.key: sum(count for state, count in counts.items() if not each.states or state in each.states) for each in FILTERS}
    return render_template(
        "queue.html",
        principal=the_principal(),
        rows=rows_of(rows, now_ms),
        filters=FILTERS,
        totals=totals,
        chosen=chosen,
        search=search,
        limit=_LIMIT,
    )


def _chosen(key: str) -> QueueFilter:
    return next((each for each in FILTERS if each.key == key), FILTERS[0])
