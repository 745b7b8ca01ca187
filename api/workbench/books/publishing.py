"""Publishing on the page: what a draft or a version changes, and the signatures of two people; by the functions of `rules publish`."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from adjudicator import publishing
from adjudicator.publishing import Version, candidate_of, find_version, kept_candidate, versions
from adjudicator.simulating import FIRST_DAY, LAST_DAY
from api.context import the_system
from api.guard import needs
from api.permissions import Action
from api.problems import Problem
from api.workbench.books.page import day_of, in_force_today, problem_of_book, refused, show_page, text_of, the_staff, today_of, written_of
from api.workbench.form_text import plain_text
from api.workbench.language import say
from domain.errors import MingbaiError, NotFoundError, StaleVersionError
from rules.diff import Difference, diff
from rules.written import Written, open_written
from storage import drafts, publications, simulations
from storage.database import Transaction
from storage.drafts import Draft
from storage.publications import BookAct
from storage.simulations import Simulation

blueprint = Blueprint("publishing", __name__)


@blueprint.get("/<product>/drafts/<author>/compare")
@needs(Action.VIEW_BOOK)
def compare_draft(product: str, author: str) -> str:
    """Show what a draft changes in the book that is in force, and the form that proposes it."""
    return _compare_draft(product, author)


@blueprint.get("/<product>/versions/<digest>/compare")
@needs(Action.VIEW_BOOK)
def compare_version(product: str, digest: str) -> str:
    """Show what a version changes: one that waits for its second person, or an earlier one to go back to."""
    return _compare_version(product, digest)


@blueprint.post("/<product>/drafts/propose")
@needs(Action.PUBLISH_BOOK)
def propose_draft(product: str) -> BaseResponse:
    """Sign one's own draft, as it was seen, as the first of two people."""
    system, staff = the_system(), the_staff()
    try:
        effective = day_of(plain_text(request.form, "effective", 32), "effective")
        with system.database.read() as tx:
            draft = drafts.get_draft(tx, product, staff.user_name)
        if plain_text(request.form, "version", 16) != str(draft.version):
            raise StaleVersionError("the draft was saved after this page was made", "look at what it changes now, then sign")
        act = publishing.propose(system.database, candidate_of(product, draft.content, system.medical_base), effective, staff)
    except MingbaiError as error:
        return refused(error, lambda problem: _compare_draft(product, staff.user_name, problem))
    return _signed_first(act)


@blueprint.post("/<product>/versions/<digest>/propose")
@needs(Action.PUBLISH_BOOK)
def propose_version(product: str, digest: str) -> BaseResponse:
    """Go back: sign an earlier version, on the medical base it had, as the first of two people."""
    system, staff = the_system(), the_staff()
    try:
        effective = day_of(plain_text(request.form, "effective", 32), "effective")
        with system.database.read() as tx:
            candidate = kept_candidate(tx, system.books, _act_of(tx, product, digest))
        act = publishing.propose(system.database, candidate, effective, staff)
    except MingbaiError as error:
        return refused(error, lambda problem: _compare_version(product, digest, problem))
    return _signed_first(act)


@blueprint.post("/<product>/versions/<digest>/approve")
@needs(Action.PUBLISH_BOOK)
def approve(product: str, digest: str) -> BaseResponse:
    """Sign a proposed book as the second of two people: from its day on it decides."""
    system, staff = the_system(), the_staff()
    try:
        with system.database.read() as tx:
            _act_of(tx, product, digest)
        act = publishing.approve(system.database, system.books, digest, staff, impact_fen=system.limits.book_impact_fen)
    except MingbaiError as error:
        return refused(error, lambda problem: _compare_version(product, digest, problem))
    flash(say("已签署：自 {day} 起施行。", day=act.effective))
    return redirect(url_for("workbench.books.shelf.show", product=product))


def _signed_first(act: BookAct) -> BaseResponse:
    flash(say("已由您作为第一人签署，自 {day} 起施行，待第二人签署。", day=act.effective))
    return redirect(url_for("workbench.books.publishing.compare_version", product=act.product, digest=act.book_sha256))


@dataclass(frozen=True)
class _Side:
    """One side of the comparison: its text, and the book it is, when it passes its checks."""

    name: str
    text: str
    written: Written | None
    problem: Problem | None = None


def _compare_draft(product: str, author: str, problem: Problem | None = None) -> str:
    with the_system().database.read() as tx:
        draft = drafts.get_draft(tx, product, author)
        today = today_of(tx)
        old = _side_of(tx, in_force_today(tx, product))
        run = _simulation_of(tx, product, old, sha256(draft.content).hexdigest())
    new = _side_of_draft(draft)
    is_own = author == the_staff().user_name
    return _page(product, old, new, problem, draft=draft if is_own else None, waiting=None, digest="", today=today, run=run)


def _compare_version(product: str, digest: str, problem: Problem | None = None) -> str:
    with the_system().database.read() as tx:
        act = _act_of(tx, product, digest)
        today = today_of(tx)
        waiting = _waiting(tx, act, today)
        before = publications.in_force(tx, [product], waiting.act.effective if waiting else today).get(product)
        old = _side_of(tx, before or in_force_today(tx, product))
        new = _side_of(tx, act)
        run = _simulation_of(tx, product, old, act.book_sha256)
    return _page(product, old, new, problem, draft=None, waiting=waiting, digest=act.book_sha256, today=today, run=run)


def _page(product: str, old: _Side | None, new: _Side | None, problem: Problem | None, **told: object) -> str:
    found = _difference(old, new)
    return show_page("compare.html", problem, product=product, old=old, new=new, found=found, staff=the_staff(), typed=request.form, **told)


def _difference(old: _Side | None, new: _Side | None) -> Difference | None:
    if old is None or new is None or old.written is None or new.written is None:
        return None
    return diff(old.written, new.written)


def _simulation_of(tx: Transaction, product: str, old: _Side | None, digest: str) -> Simulation | None:
    """Give what is known of the cost over all decided claims."""
    if old is None or old.written is None:
        return None
    return simulations.find_whole(tx, product, old.written.book.sha256, digest, FIRST_DAY, LAST_DAY)


def _side_of(tx: Transaction, act: BookAct | None) -> _Side | None:
    if act is None:
        return None
    return _Side(act.book_sha256[:12], text_of(tx, act.book_sha256), written_of(tx, act))


def _side_of_draft(draft: Draft) -> _Side:
    name = say("{who} 的草案", who=draft.author)
    try:
        written = open_written(draft.product, draft.content, the_system().medical_base)
    except MingbaiError as error:
        return _Side(name, draft.text, None, problem_of_book(error))
    return _Side(name, draft.text, written)


def _waiting(tx: Transaction, act: BookAct, today: date) -> Version | None:
    """Give the proposal of this very book that still waits, the newest one."""
    open_ = [each for each in versions(tx, act.product) if each.counts is None and each.act.effective >= today]
    return next((each for each in open_[::-1] if each.act.book_sha256 == act.book_sha256), None)


def _act_of(tx: Transaction, product: str, digest: str) -> BookAct:
    act = find_version(tx, digest)
    if act.product != product:
        raise NotFoundError(f"{product} has no version {digest[:12]}", "see its page")
    return act
