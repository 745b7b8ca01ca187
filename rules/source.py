"""Where things stand in a rule file, and messages that point there: `file:line:col  what  |  the way out`, with a caret."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches

from domain.errors import RuleBookError
from rules.phrases import Phrase


@dataclass(frozen=True)
class Position:
    """A place in a file; line and column count from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Diagnostic:
    """One thing wrong in a rule file, and the way out."""

    file: str
    line: int
    column: int
    what: str
    way_out: str
    caret: str = ""  # the line of the file, and under it a caret

    def __str__(self) -> str:
        return self.whole

    @property
    def whole(self) -> Phrase:
        """Write it as it is printed, with its place and its caret."""
        headline = Phrase(
            "{place}  {what}  |  {way_out}", place=f"{self.file}:{self.line}:{self.column}", what=self.what, way_out=self.way_out
        )
        return Phrase.joined("\n", (headline, self.caret)) if self.caret else headline


class DiagnosticError(RuleBookError):
    """One diagnostic on its way to the list of all."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.what, diagnostic.way_out)
        self.diagnostic = diagnostic

    def __str__(self) -> str:
        return str(self.diagnostic)

    @property
    def whole(self) -> Phrase:
        """Write what is wrong, where, and the way out."""
        return self.diagnostic.whole


class AlreadyReportedError(Exception):
    """Something builds on what is itself in error; one report is enough."""


@dataclass(frozen=True)
class Source:
    """A rule file's text under the name that messages call it by."""

    file: str
    text: str
    lines: tuple[str, ...] = ()

    @classmethod
    def of(cls, file: str, text: str) -> "Source":
        """Split a text into its lines once."""
        return cls(file, text, tuple(text.splitlines()))

    def error(self, at: Position, what: Phrase, way_out: Phrase) -> DiagnosticError:
        """Build the error that points at a place."""
        return DiagnosticError(Diagnostic(self.file, at.line, at.column, what, way_out, self._caret(at)))

    def _caret(self, at: Position) -> str:
        if not 1 <= at.line <= len(self.lines):
            return ""
        line = self.lines[at.line - 1].expandtabs(1)
        if len(line) > 400:
            return ""
        before = line[: at.column - 1]
        return f"    {line}\n    {' ' * display_width(before)}^"


@dataclass
class Problems:
    """Every diagnostic of one file, in the order they were found."""

    found: list[Diagnostic] = field(default_factory=list)

    @contextmanager
    def collect(self) -> Iterator[None]:
        """Keep a diagnostic that is raised inside, and let the reading go on after it."""
        try:
            yield
        except DiagnosticError as error:
            if error.diagnostic not in self.found:
                self.found.append(error.diagnostic)
        except AlreadyReportedError:
            pass


def display_width(text: str) -> int:
    """Count the terminal cells of a text: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def nearest(name: str, known: list[str]) -> str:
    """Name the closest of the known names, or "" when none is close."""
    matches = get_close_matches(name, known, n=1, cutoff=0.5)
    return matches[0] if matches else ""


def suggest(name: str, known: list[str], kind: str) -> Phrase:
    """Write the way out for a name that does not exist."""
    close = nearest(name, known)
    if close:
        return Phrase("did you mean {close}?", close=close)
    listed = Phrase.joined(", ", (*known[:12], *(["…"] if len(known) > 12 else [])))
    return Phrase("use a declared {kind}: {listed}", kind=kind, listed=listed) if known else Phrase("declare the {kind} first", kind=kind)
