"""The editor of a draft: what the checks say while it is written, the tests on save, the changes that no test notices, one test's trace."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify, request, stream_with_context
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as BaseResponse

from api.context import the_system
from api.guard import needs
from api.permissions import Action
from api.workbench.books.page import in_force_today, show_page, text_of, the_staff
from api.workbench.language import the_language
from domain.errors import InputError, MingbaiError, NotFoundError
from rules.clauses import citations_of, find_clause
from rules.cover import Coverage, cover
from rules.engine import adjudicate
from rules.inline_tests import TestOutcome, given_of, run_tests, used_before
from rules.keywords import Language
from rules.loader import check_content
from rules.model import Book, Rule
from rules.mutation import Verdict, count_mutants, mutate
from rules.source import Diagnostic, Source
from rules.telling import tell
from rules.trace_html import render_html
from rules.vocabulary import words_of_book, words_of_language
from storage import drafts

blueprint = Blueprint("editor", __name__)
_MOST_CHARACTERS = 300_000  # above what a book may have, so that its own message tells


@blueprint.get("/<product>/drafts/<author>")
@needs(Action.VIEW_BOOK)
def show(product: str, author: str) -> str:
    """Show a draft: its author writes, everybody else reads."""
    with the_system().database.read() as tx:
        draft = drafts.get_draft(tx, product, author)
        now = in_force_today(tx, product)
        published = text_of(tx, now.book_sha256) if now else ""
    languages: tuple[Language, ...] = ("zh", "en")
    words = {each: [_word(word) for word in words_of_language(each, the_language())] for each in languages}
    is_own = author == the_staff().user_name
    return show_page("editor.html", product=product, draft=draft, published=published, in_force=now, words=words, is_own=is_own)


@blueprint.post("/<product>/check")
@needs(Action.EDIT_BOOK)
def check(product: str) -> Response:
    """Tell what `rules check` says of a text, and the names that it declares, for whoever writes it."""
    book, found = check_content(product, _text().encode(), the_system().medical_base)
    return jsonify(diagnostics=[_diagnostic(each) for each in found], **_names(book))


@blueprint.post("/<product>/drafts/save")
@needs(Action.EDIT_BOOK)
def save(product: str) -> Response:
    """Save one's own draft over the version that the page has, then run its tests, if it passes its checks."""
    sent, text = request.get_json(), _text()
    if not isinstance(sent.get("version"), int):
        raise BadRequest("the body has no version")
    with the_system().database.write() as tx:
        saved = drafts.save_draft(tx, product, the_staff().user_name, text, sent["version"])
    book, found = check_content(product, saved.content, the_system().medical_base)
    told = _tested(book, text) if book is not None and not found else {}
    return jsonify(
        version=saved.version, saved_ms=saved.saved_ms, diagnostics=[_diagnostic(each) for each in found], **_names(book), **told
    )


@blueprint.post("/<product>/mutate")
@needs(Action.EDIT_BOOK)
def mutations(product: str) -> BaseResponse:
    """Change one thing at a time, and tell line by line (JSON, one object a line) what no test notices; ends when the browser goes."""
    book = _sound(product)

    def lines() -> Iterator[str]:
        total = count_mutants(book)
        yield json.dumps({"total": total}) + "\n"
        for each in mutate(book):
            yield json.dumps(_verdict(each), ensure_ascii=False) + "\n"

    return Response(stream_with_context(lines()), mimetype="application/x-ndjson")


@blueprint.post("/<product>/trace")
@needs(Action.EDIT_BOOK)
def trace(product: str) -> Response:
    """Work out the claim of one test of a plan, named by its line, and write every step: an HTML fragment."""
    book, line = _sound(product), request.get_json().get("line")
    for plan in book.plans.values():
        for test in plan.tests:
            if test.at.line == line:
                answer = adjudicate(book, plan.name, given_of(book, plan, test), used_before(book, plan, test))
                return jsonify(name=f"{plan.name}/{test.name}", html=render_html(answer, the_language()))
    raise NotFoundError(f"no test of a plan stands on line {line}", "choose a test in the list")


def _text() -> str:
    text = request.get_json().get("text")
    if not isinstance(text, str) or len(text) > _MOST_CHARACTERS or "\x00" in text:
        raise BadRequest("the body has no text of a book, or one that is too long or holds a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadRequest("the text holds half a character") from error
    return text


def _sound(product: str) -> Book:
    book, found = check_content(product, _text().encode(), the_system().medical_base)
    if book is None or found:
        raise InputError(f"{product} does not pass its checks ({len(found)})", "mend what the page marks first")
    return book


def _diagnostic(each: Diagnostic) -> dict[str, Any]:
    return {
        "line": each.line,
        "column": each.column,
        "what": tell(each.what, the_language()),
        "way_out": tell(each.way_out, the_language()),
    }


def _names(book: Book | None) -> dict[str, Any]:
    if book is None:
        return {}
    words = [_word(each) for each in words_of_book(book, the_system().medical_base, the_language())]
    return {
        "names": words,
        "rules": [_rule(book, each) for each in book.rules.values()],
        "texts": [{"number": each.number, "line": each.at.line, "text": each.text} for each in book.clauses.values()],
        "warnings": [_diagnostic(each) for each in book.warnings],
        "keywords": book.language,
    }


def _rule(book: Book, rule: Rule) -> dict[str, Any]:
    cites = [(at.line, cited, find_clause(book.clauses, cited)) for at, cited in citations_of(rule)]
    told = [{"line": line, "clause": cited, "number": text.number if text else ""} for line, cited, text in cites]
    return {"name": rule.name, "line": rule.at.line, "clause": rule.clause, "cites": told}


def _word(word: object) -> dict[str, Any]:
    return {name: value for name, value in asdict(word).items() if value}  # type: ignore[call-overload]


def _tested(book: Book, text: str) -> dict[str, Any]:
    try:
        covered: Coverage | None = cover(book, Source.of(book.file, text))
    except MingbaiError:
        covered = None  # a test that cannot be run: it fails below, with its reason
    return {"tests": [_outcome(each) for each in run_tests(book)], "coverage": _coverage(covered) if covered else None}


def _outcome(each: TestOutcome) -> dict[str, Any]:
    line, language = int(each.where.rsplit(":", 2)[1]), the_language()
    return {
        "name": each.name,
        "line": line,
        "passed": each.passed,
        "expected": tell(each.expected, language),
        "got": tell(each.got, language),
    }


def _coverage(covered: Coverage) -> dict[str, Any]:
    clauses = [
        {"clause": each.clause, "lines": [int(place.rsplit(":", 1)[1]) for place in each.places], "tests": len(each.tests)}
        for each in covered.clauses
        if each.places
    ]
    missing = [_diagnostic(each) for each in covered.missing]
    return {"reached": covered.reached, "places": covered.places, "clauses": clauses, "missing": missing}


def _verdict(each: Verdict) -> dict[str, Any]:
    told = {
        "what": tell(each.what, the_language()),
        "line": int(each.where.rsplit(":", 2)[1]),
        "survived": each.survived,
        "same": each.same,
    }
    return {**told, "plan": each.proposal.plan, "test": each.proposal.text} if each.survived and each.proposal else told
