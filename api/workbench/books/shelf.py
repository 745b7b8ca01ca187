"""The list of books, the page of one book, and the text of every version that was ever proposed."""

from datetime import date

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from adjudicator.publishing import find_version, versions
from api.context import the_system
from api.guard import needs
from api.permissions import Action
from api.problems import Problem
from api.workbench.books.page import in_force_today, product_name, refused, show_page, text_of, the_staff, today_of
from api.workbench.form_text import plain_text
from api.workbench.language import say
from domain.errors import MingbaiError, NotFoundError
from storage import drafts, publications, simulations

blueprint = Blueprint("shelf", __name__)
_SKELETON = """要素:
  保单生效日: {类型: 日期}
规则: {}
责任: {}
方案: {}
"""


@blueprint.get("")
@needs(Action.VIEW_BOOK)
def index() -> str:
    """List the products: what is in force today, what waits for a second person, who writes a draft."""
    return _index()


@blueprint.post("")
@needs(Action.EDIT_BOOK)
def begin_product() -> BaseResponse:
    """Begin the first draft of a new product."""
    try:
        product = product_name(plain_text(request.form, "product", 80))
        with the_system().database.write() as tx:
            if publications.acts(tx, product):
                raise NotFoundError(f"{product} has books already", "begin a draft on its page")
            drafts.begin_draft(tx, product, the_staff().user_name, _SKELETON, "")
    except MingbaiError as error:
        return refused(error, _index)
    return redirect(url_for("workbench.books.editor.show", product=product, author=the_staff().user_name))


@blueprint.get("/<product>")
@needs(Action.VIEW_BOOK)
def show(product: str) -> str:
    """Show one product: its versions and who signed them, drafts, simulations."""
    return show_book(product)


@blueprint.get("/<product>/versions/<digest>")
@needs(Action.VIEW_BOOK)
def read_version(product: str, digest: str) -> str:
    """Show the text of a version beside nothing: to read it, line by line."""
    with the_system().database.read() as tx:
        act = find_version(tx, digest)
        if act.product != product:
            raise NotFoundError(f"{product} has no version {digest[:12]}", "see its page")
        text = text_of(tx, act.book_sha256)
    return show_page("version.html", product=product, digest=act.book_sha256, text=text)


@blueprint.get("/<product>/versions/<digest>/file")
@needs(Action.VIEW_BOOK)
def download(product: str, digest: str) -> Response:
    """Give a version byte for byte, as it was signed."""
    with the_system().database.read() as tx:
        act = find_version(tx, digest)
        content = publications.find_content(tx, act.book_sha256)
    if act.product != product:
        raise NotFoundError(f"{product} has no version {digest[:12]}", "see its page")
    response = Response(content, mimetype="application/yaml")
    response.headers["Content-Disposition"] = f'attachment; filename="book-{act.book_sha256[:12]}.yaml"'
    return response


@blueprint.post("/<product>/drafts")
@needs(Action.EDIT_BOOK)
def begin(product: str) -> BaseResponse:
    """Begin a draft of one's own: from a version, from a colleague's draft, or from what is in force."""
    staff, digest, colleague = the_staff(), plain_text(request.form, "digest", 64), plain_text(request.form, "of", 64)
    try:
        with the_system().database.write() as tx:
            if colleague:
                theirs = drafts.get_draft(tx, product, colleague)
                text, begun_from = theirs.text, theirs.begun_from
            else:
                act = find_version(tx, digest) if digest else in_force_today(tx, product)
                if act is None or act.product != product:
                    raise NotFoundError(f"{product} has no book to begin from", "begin a new product on the page of books")
                text, begun_from = text_of(tx, act.book_sha256), act.book_sha256
            drafts.begin_draft(tx, product, staff.user_name, text, begun_from)
    except MingbaiError as error:
        return refused(error, lambda problem: show_book(product, problem))
    return redirect(url_for("workbench.books.editor.show", product=product, author=staff.user_name))


@blueprint.post("/<product>/drafts/discard")
@needs(Action.EDIT_BOOK)
def discard(product: str) -> BaseResponse:
    """Throw one's own draft away."""
    with the_system().database.write() as tx:
        drafts.discard_draft(tx, product, the_staff().user_name)
    flash(say("草案已删除。"))
    return redirect(url_for("workbench.books.shelf.index"))


def _index(problem: Problem | None = None) -> str:
    with the_system().database.read() as tx:
        known, written = versions(tx), drafts.list_drafts(tx)
        products = sorted({each.act.product for each in known} | {each.product for each in written})
        now = publications.in_force(tx, products, today_of(tx))
    rows = [
        (
            product,
            now.get(product),
            [each for each in known if each.act.product == product and each.counts is None and _is_open(each.act.effective)],
            [each for each in written if each.product == product],
        )
        for product in products
    ]
    return show_page("index.html", problem, rows=rows, typed=request.form)


def _is_open(effective: date) -> bool:
    with the_system().database.read() as tx:
        return effective >= today_of(tx)


def show_book(product: str, problem: Problem | None = None) -> str:
    """Write the page of a product."""
    with the_system().database.read() as tx:
        known, written, today = versions(tx, product), drafts.list_drafts(tx, product), today_of(tx)
        if not known and not written:
            raise NotFoundError(f"there is no product {product}", "see the list of books")
        now = publications.in_force(tx, [product], today).get(product)
        runs, now_ms = simulations.list_simulations(tx, product), tx.now_ms()
    own = next((each for each in written if each.author == the_staff().user_name), None)
    return show_page(
        "book.html",
        problem,
        product=product,
        versions=known[::-1],
        in_force=now,
        today=today,
        drafts=written,
        own=own,
        runs=runs,
        now_ms=now_ms,
    )
