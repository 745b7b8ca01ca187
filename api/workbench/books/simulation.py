"""Simulations on the page: begin, follow, call off, and what they came to, in money and pictures."""

from datetime import date

from flask import Blueprint, Response, jsonify, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from adjudicator import simulation_runs
from adjudicator.publishing import find_version
from adjudicator.simulating import FIRST_DAY, LAST_DAY, Stretch
from adjudicator.simulation_runs import error_of, rows_of
from api.context import the_system
from api.guard import needs
from api.permissions import Action
from api.problems import Problem
from api.workbench.books.page import day_of, refused, show_page, the_staff
from api.workbench.books.shelf import show_book
from api.workbench.cover_chart import short_english
from api.workbench.form_text import plain_text
from api.workbench.language import plainly, say, the_language
from domain.errors import MingbaiError, NotFoundError
from rules import simulation_pictures as pictures
from rules.phrases import from_plain
from rules.simulation import Line, Tally
from storage import drafts, publications, simulations
from storage.database import Transaction
from storage.simulations import Simulation

blueprint = Blueprint("simulation", __name__)
Rows = list[tuple[str, Line]]


@blueprint.post("/<product>/simulations")
@needs(Action.EDIT_BOOK)
def begin(product: str) -> BaseResponse:
    """Begin to simulate one's own draft, or a version that was proposed."""
    system, staff, digest = the_system(), the_staff(), plain_text(request.form, "digest", 64)
    try:
        stretch = Stretch(_day("since", FIRST_DAY), _day("until", LAST_DAY))
        with system.database.read() as tx:
            content, base = drafts.get_draft(tx, product, staff.user_name).content if not digest else b"", system.medical_base
            if digest:
                act = find_version(tx, digest)
                content, base = publications.find_content(tx, act.book_sha256), system.books.base(tx, act.base_sha256)
        run = simulation_runs.begin(system.database, system.books, product, content, base, stretch, staff.user_name)
    except MingbaiError as error:
        return refused(error, lambda problem: show_book(product, problem))
    return redirect(url_for("workbench.books.simulation.show", product=product, simulation_id=run.simulation_id))


@blueprint.get("/<product>/simulations/<simulation_id>")
@needs(Action.VIEW_BOOK)
def show(product: str, simulation_id: str) -> str:
    """Show how far a simulation is, or what it came to."""
    return _show(product, simulation_id)


@blueprint.get("/<product>/simulations/<simulation_id>/state")
@needs(Action.VIEW_BOOK)
def state(product: str, simulation_id: str) -> Response:
    """Tell how far a simulation is: an open page asks."""
    with the_system().database.read() as tx:
        run = _run_of(tx, product, simulation_id)
        return jsonify(state=run.state, done=run.done, total=run.total, silent=run.is_silent(tx.now_ms()))


@blueprint.post("/<product>/simulations/<simulation_id>/cancel")
@needs(Action.EDIT_BOOK)
def cancel(product: str, simulation_id: str) -> BaseResponse:
    """Call a simulation off."""
    with the_system().database.write() as tx:
        _run_of(tx, product, simulation_id)
        simulations.cancel_simulation(tx, simulation_id)
    return redirect(url_for("workbench.books.simulation.show", product=product, simulation_id=simulation_id))


def _show(product: str, simulation_id: str, problem: Problem | None = None) -> str:
    with the_system().database.read() as tx:
        run = _run_of(tx, product, simulation_id)
        silent = run.is_silent(tx.now_ms())
    told = _told(run) if run.report else {}
    return show_page(
        "simulation.html", problem, product=product, run=run, error=error_of(run), silent=silent, whole=(FIRST_DAY, LAST_DAY), **told
    )


def _told(run: Simulation) -> dict[str, object]:
    tally, changes = Tally.from_plain(run.report["tally"]), rows_of(run.report)
    months = sorted(tally.by_month.items())
    return {
        "tally": tally,
        "notes": [from_plain(each) for each in run.report["notes"]],
        "changes": _with_bars(changes),
        "plans": _with_bars(sorted(tally.by_plan.items())),
        "responsibilities": _with_bars(list(tally.by_responsibility.items())),
        "months": _with_bars(months),
        "charts": [Markup(chart(months, _words())) for chart in (pictures.payouts_by_month, pictures.changes_by_month)] if months else [],  # noqa: S704 - SVG of ours, escaped
        "signed": pictures.signed,
    }


def _words() -> pictures.ChartWords:
    if the_language() == "zh":
        return pictures.CHINESE
    return pictures.ChartWords(say("现行"), say("草案"), say("变动"), "", short_english)


def _with_bars(rows: Rows) -> list[tuple[str, Line, Markup]]:
    most = max((abs(line.change_fen) for _, line in rows), default=0)
    told = [(name, line, f"{plainly(name)} {pictures.signed(line.change_fen)}") for name, line in rows]
    return [(name, line, Markup(pictures.bar(line.change_fen, most, what))) for name, line, what in told]  # noqa: S704 - SVG of ours, escaped


def _run_of(tx: Transaction, product: str, simulation_id: str) -> Simulation:
    run = simulations.get_simulation(tx, simulation_id)
    if run.product != product:
        raise NotFoundError(f"{product} has no simulation {simulation_id}", "see its page")
    return run


def _day(name: str, otherwise: date) -> date:
    text = plain_text(request.form, name, 32)
    return day_of(text, name) if text else otherwise
