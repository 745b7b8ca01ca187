"""In which language a command speaks: the one asked for by --language, else that of the terminal."""

import os
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Annotated, Literal

import typer

from rules.keywords import Language
from rules.telling import tell

_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first of them that says anything decides, as everywhere
_asked: ContextVar[Language | None] = ContextVar("asked", default=None)


LanguageOption = Annotated[
    Literal["zh", "en", ""], typer.Option("--language", help="zh or en, for what it says; the terminal's own when it is left out.")
]


def speak(chosen: Literal["zh", "en", ""]) -> None:
    """Take the language that was asked for; kept for what is refused, too, which app.py prints when the command is gone."""
    _asked.set(chosen or None)


def language(environment: Mapping[str, str] = os.environ) -> Language:
    """Give the language of this command: what was asked for, or Chinese where the terminal is Chinese, or English."""
    if (asked := _asked.get()) is not None:
        return asked
    spoken = next((environment[name] for name in _LOCALE if environment.get(name)), "")
    return "zh" if spoken.lower().startswith("zh") else "en"


def language_of_json() -> Language:
    """Give the language of what is printed for programs: English, unless another was asked for by name."""
    return _asked.get() or "en"


def say(text: str) -> None:
    """Print a text of the engine in the language of this command."""
    print(tell(text, language()))
