"""What every page of books shares: who asks, refusals on a page, and which book of a product counts today."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Response, get_flashed_messages, render_template
from werkzeug.wrappers import Response as BaseResponse

from adjudicator.publishing import in_force_now
from api.context import the_principal, the_system
from api.permissions import Action, may
from api.problems import Problem, add_headers, problem_of
from domain.china import china_day
from domain.errors import InputError, MingbaiError, RuleBookError
from rules.written import Written, open_written
from storage import publications
from storage.access import Staff
from storage.database import Transaction
from storage.publications import BookAct

_PRODUCT = re.compile(r"[\w-]{1,64}")


def show_page(template: str, problem: Problem | None = None, **told: Any) -> str:
    """Write a page of books."""
    role = the_principal().role
    return render_template(
        f"books/{template}",
        principal=the_principal(),
        problem=problem,
        said=get_flashed_messages(),
        may_edit=may(role, Action.EDIT_BOOK),
        may_publish=may(role, Action.PUBLISH_BOOK),
        **told,
    )


def refused(error: MingbaiError, page: Callable[[Problem], str]) -> BaseResponse:
    """Give a page back when what was asked for did not happen."""
    problem = problem_of_book(error)
    response = Response(page(problem), problem.status)
    add_headers(response, problem)
    return response


def problem_of_book(error: MingbaiError) -> Problem:
    """Turn an error into a problem; a book that does not pass is its writer's to mend, not a fault of ours."""
    if isinstance(error, RuleBookError):
        return Problem(error.code, 422, "The book does not pass", "条款书未通过检查", error.what, error.way_out)
    return problem_of(error)


def the_staff() -> Staff:
    """Give the member of staff who asks."""
    staff = the_principal().staff
    if staff is None:
        raise RuntimeError("a page of books was reached without a member of staff: the permission table is wrong")
    return staff


def today_of(tx: Transaction) -> date:
    """Give today in China, by the database's clock."""
    return china_day(tx.now_ms())


def in_force_today(tx: Transaction, product: str) -> BookAct | None:
    """Find the act by which a book of the product is in force today; the next one to come, where none is yet."""
    return in_force_now(tx, product) or publications.in_force(tx, [product], date.max).get(product)


def written_of(tx: Transaction, act: BookAct) -> Written:
    """Read the book of an act, on the medical base it was signed with."""
    return open_written(act.product, publications.find_content(tx, act.book_sha256), the_system().books.base(tx, act.base_sha256))


def text_of(tx: Transaction, digest: str) -> str:
    """Give the text of a book that is kept."""
    return publications.find_content(tx, digest).decode("utf-8-sig")


def product_name(text: str) -> str:
    """Read the name of a product.

    Raises:
        InputError: it is none.
    """
    if not _PRODUCT.fullmatch(text):
        raise InputError(f"{text!r} is no name of a product", "letters, digits, _ and -, at most 64: anxin-inpatient", field="product")
    return text


def day_of(text: str, field: str) -> date:
    """Read a day of a form.

    Raises:
        InputError: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{text!r} is no day", "write it like 2027-04-01", field=field) from error
