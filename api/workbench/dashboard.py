"""The managers' page (管理看板): what a period came to and what stands now; each figure leads to the queue with its very claims."""

from datetime import date, timedelta
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for

from adjudicator.china_time import today
from api.context import the_principal, the_system
from api.guard import needs
from api.permissions import Action
from api.workbench.form_text import plain_text
from api.workbench.language import say
from api.workbench.queue_figure import FigureAsked
from domain.china import DAY_MS, HOUR_MS, china_midnight_ms
from domain.finding import Severity
from storage.cohorts import Cohort
from storage.dashboard import dashboard_of
from storage.payouts import count_in_flight
from storage.reconciliations import last_reconciliation
from storage.risk_watch import list_figures

blueprint = Blueprint("dashboard", __name__)
_MINUTE_MS = 60_000
_USUAL_DAYS, _MOST_DAYS = 30, 3660


@blueprint.get("/dashboard")
@needs(Action.VIEW_DASHBOARD)
def show() -> str:
    """Show a period, by default the last thirty days."""
    system = the_system()
    with system.database.read() as tx:
        first, last = _period(today(tx))
        found = dashboard_of(tx, china_midnight_ms(first), china_midnight_ms(last) + DAY_MS)
        watched, compared, flying = list_figures(tx, "day", 1), last_reconciliation(tx), count_in_flight(tx)
    return render_template(
        "dashboard.html",
        principal=the_principal(),
        first=first,
        last=last,
        found=found,
        counts={cohort.value: count for cohort, count in found.counts.items()},
        claims_of=lambda cohort, detail="": _address(FigureAsked(Cohort(cohort), first, last, detail)),
        most_waiting=max((count for _, count in found.waiting), default=0),
        most_declined=max((count for _, count in found.declined_by_clause), default=0),
        drift=watched[0] if watched else None,
        compared=compared,
        doubts=sum(each.severity is Severity.DOUBT for each in compared.findings) if compared else 0,
        flying=flying,
        span=_span,
    )


def _span(ms: int | None) -> str:
    """Write how long something took, in the unit that tells it: a claim that pays itself takes seconds."""
    if ms is None:
        return "—"
    if ms >= DAY_MS:
        return say("{count} 天", count=f"{ms / DAY_MS:.1f}")
    if ms >= HOUR_MS:
        return say("{count} 小时", count=f"{ms / HOUR_MS:.1f}")
    if ms >= _MINUTE_MS:
        return say("{count} 分钟", count=f"{ms / _MINUTE_MS:.1f}")
    return say("{count} 秒", count=f"{ms / 1000:.1f}")


def _period(now: date) -> tuple[date, date]:
    """Read the period that is asked for; a day that means nothing is the usual one."""
    last = _day("until", now)
    first = _day("since", last - timedelta(days=_USUAL_DAYS - 1))
    return (max(first, last - timedelta(days=_MOST_DAYS)), last) if first <= last else (last, last)


def _day(name: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(plain_text(request.args, name, 10))
    except ValueError:
        return otherwise


def _address(asked: FigureAsked) -> str:
    return f"{url_for('workbench.queue.show')}?{urlencode(asked.words())}"
