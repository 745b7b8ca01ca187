"""Both back ends answer books that were made up as the reference does, to the 分: nothing depends on what we happened to ship."""

from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.fast import compile_plan
from rules.loader import load_book
from rules.model import Book
from tests.rules.claims_of_books import Used, add_uses, claims_of, reference
from tests.rules.generated_books import book_texts
from tests.rules.test_columns import assert_equal, used_columns

Write = Callable[[str], Path]
_SETTINGS = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def _load(write: Write, text: str) -> Book:
    return load_book(write(text))


@given(st.data())
@_SETTINGS
def test_the_program_for_one_claim_answers_made_up_books_alike(write: Write, data: st.DataObject) -> None:
    book, used = _load(write, data.draw(book_texts())), Used()
    fast = compile_plan(book, "丙")
    assert not fast.not_covered
    for claim in data.draw(st.lists(claims_of(book), min_size=2, max_size=4)):
        expected = reference(book, "丙", claim, used)
        assert fast(claim, used) == expected
        used = add_uses(used, expected)


@given(st.data())
@_SETTINGS
def test_the_program_over_columns_answers_made_up_books_alike(write: Write, data: st.DataObject) -> None:
    book = _load(write, data.draw(book_texts()))
    claims = data.draw(st.lists(claims_of(book), min_size=2, max_size=4))
    assert_equal(book, "丙", claims, used_columns(data, book, "丙", len(claims)))
