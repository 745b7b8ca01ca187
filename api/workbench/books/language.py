"""The language of these pages: Chinese, or English for whoever chose it; kept with the session.

Each text stands once, in both languages, where it is used: `say("保存", "Save")`. What the checks of books say is one
text for pages and commands alike, and is not translated here.
"""

from flask import g, request, session

from rules.keywords import Language

_KEY = "language"


def choose_language() -> None:
    """Take a choice from the address, before the page is made."""
    asked = request.args.get("language", "")
    if asked in ("zh", "en") and request.method == "GET":
        session[_KEY] = asked
    g.language = session.get(_KEY, "zh")


def the_language() -> Language:
    """Give the language of this request."""
    return "en" if g.get("language") == "en" else "zh"


def say(zh: str, en: str) -> str:
    """Give a text in the language of this request."""
    return en if the_language() == "en" else zh
