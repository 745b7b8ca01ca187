"""The language of a page: Chinese, or English for whoever chose it or whose browser asks for it.

A page's words are written in Chinese where they are used, `say("保存")` in Python, templates and scripts alike, and stand in English in
`languages/en.po`. What the engines wrote on a claim is Chinese, and what an error says is English; `tell` gives both in the
language of the page, figures and all, by `en.po` and `zh.po`. What neither file knows stays as it was written, and is marked as such.
The rule engine's messages are phrases, whose Chinese stands in `rules/languages/zh.po`.
"""

from flask import Response, g, has_request_context, request, url_for
from werkzeug.datastructures import MultiDict

from api.problems import Problem
from api.workbench.catalogue import Piece, catalogue
from rules.keywords import Language
from rules.phrases import Phrase
from rules.telling import pieces

LANGUAGES: tuple[Language, ...] = ("zh", "en")
_COOKIE = "language"
_YEAR_S = 365 * 86_400


def take_choice() -> None:
    """Take a choice from the address, before the page is made."""
    asked = request.args.get("language", "")
    if asked in LANGUAGES and request.method == "GET":
        g.language = g.chosen_language = asked


def keep_choice(response: Response) -> Response:
    """Keep a choice with the browser, for a year."""
    if chosen := g.get("chosen_language"):
        response.set_cookie(_COOKIE, chosen, max_age=_YEAR_S, secure=request.is_secure, httponly=True, samesite="Lax")
    return response


def the_language() -> Language:
    """Give the language of this request: the one chosen, or the browser's, or Chinese."""
    if not has_request_context():
        return "zh"
    if "language" not in g:
        kept = request.cookies.get(_COOKIE, "")
        g.language = kept if kept in LANGUAGES else request.accept_languages.best_match(LANGUAGES, "zh")
    return "en" if g.language == "en" else "zh"


def html_lang() -> str:
    """Give the language as HTML names it."""
    return "en" if the_language() == "en" else "zh-CN"


def other_language_address() -> str:
    """Give this page's address in the other language; a page that answers a form leads to where one begins."""
    other = "zh" if the_language() == "en" else "en"
    if request.method != "GET" or request.endpoint is None:
        return url_for("workbench.login.show", language=other)
    asked = MultiDict(request.args)
    asked["language"] = other
    return url_for(request.endpoint, **{**(request.view_args or {}), **asked.to_dict(flat=False)})


def say(text: str, /, **figures: object) -> str:
    """Give words of ours, written in Chinese, in the language of this request, with figures filled in."""
    said = catalogue("en").words.get(text, text) if the_language() == "en" else text
    return said.format_map(figures) if figures else said


def plainly(text: str) -> str:
    """Give a text that an engine or an error wrote, in the language of this request; as it is, where no file knows it."""
    return "".join(each.text for each in tell(text))


def tell(text: str) -> tuple[Piece, ...]:
    """Give such a text in pieces: those that stay as they were written, a name or a clause, are told apart.

    What the rule engine says brings its template along, and is told by the engine's own file: nobody guesses at its parts.
    """
    if isinstance(text, Phrase):
        return tuple(Piece(piece, is_known) for piece, is_known in pieces(text, the_language()))
    return catalogue(the_language()).pieces(str(text))


def title_of(problem: Problem) -> str:
    """Give a problem's title in the language of this request."""
    return problem.title if the_language() == "en" else problem.title_zh


def script_words() -> dict[str, str]:
    """Give the words of the scripts, for a page that is not Chinese."""
    return dict(catalogue("en").of_scripts) if the_language() == "en" else {}
