"""Plays the pages for actuaries as their reader would: every ```yaml and ```json block is written down, every command is run.

`python -m tests.rules.guide` writes the answers of all commands anew into the pages, and what the guides build into the two
books beside them. Read what changed before you commit it; a command that names the hash of a book is yours to mend.
"""

import contextlib
import re
import shlex
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from typer.testing import CliRunner

from commands.language import language
from commands.line import command_line
from domain.china import china_day
from domain.errors import MingbaiError
from rules.phrases import error_phrase
from rules.telling import tell
from tests.rules.guide_claims import PASSWORD, STAYS, TOO_EARLY, Stay, decide_claims, make_house

HOME = Path(__file__).parents[2]
FOLDER = HOME / "docs/rules"
BOOK = "first-plan.yaml"  # what the reader of a guide calls the book, in either language
BOOK_OF = {"guide.zh.md": "first-plan.yaml", "guide.en.md": "first-plan-en.yaml"}  # where the finished one lies
TERMINAL_OF = {"guide.zh.md": "zh_CN.UTF-8", "guide.en.md": "C.UTF-8"}
REFUSED = FOLDER / "refused.md"
IN_THE_CHECKOUT = (FOLDER / "language.md", HOME / "docs/actuaries.md")  # pages whose commands name the shipped books
WRITTEN_ON = date(2026, 11, 22)  # what a page prints where a command prints today
CLAIMS = ("C1M810YKRVH37179", "C1M810YKVP2GV99D", "C1M810YKX29HPKRR", "C1M810YKYT2GE4TN")  # what it calls the claims
_BLOCK = re.compile(r"^```(yaml|json|console)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"(?:(?P<before>.*) \| )?python app\.py (?P<words>.*?)(?: (?P<beyond>[|>]) (?P<rest>.*))?")
_NEEDS_CLAIMS = ("replay", "simulate", "show")
_NEEDS_DATABASE = ("publish", "approve", "history", *_NEEDS_CLAIMS)


@dataclass
class Player:
    """A reader with a folder of their own, and the decided claims of an insurer."""

    folder: Path
    stays: tuple[Stay, ...] = STAYS
    written: tuple[str, str] = (BOOK, "a")  # where a ```yaml block goes: to the end of a book, or ("w") in its place
    names: dict[str, str] = field(default_factory=dict)  # as the run says it, and as the page does
    terminal: str = "C.UTF-8"  # its locale: commands speak its language

    def play(self, page: str) -> str:
        """Give the page as it should be: its commands with the answers that they really give."""
        return _BLOCK.sub(lambda block: f"```{block[1]}\n{self._do(block[1], block[2])}```", page)

    def book(self) -> str:
        """Give the book as it stands by now."""
        return (self.folder / BOOK).read_text()

    def _do(self, kind: str, text: str) -> str:
        if kind == "console":
            return "".join(f"$ {command}\n{self._answer(command.replace(chr(92) + chr(10), ' '))}" for command in commands_in(text))
        name, mode = self.written if kind == "yaml" else ("facts.json", "w")
        with (self.folder / name).open(mode) as book:
            book.write(text)
        return text

    def _answer(self, command: str) -> str:
        """Run a command, and give what it prints; what a shell does before and after ours, such as "| head -1", a shell does."""
        ours = _COMMAND.fullmatch(command)
        if ours is None:
            return self._shell(command)
        told = self._told(shlex.split(ours["words"]), self._shell(ours["before"]) if ours["before"] else "")
        if ours["beyond"]:
            return self._shell(ours["rest"] if ours["beyond"] == "|" else f"cat > {ours['rest']}", told)
        return told

    def _shell(self, command: str, told: str = "") -> str:
        done = subprocess.run(command, shell=True, cwd=self.folder, input=told, capture_output=True, text=True, check=True)  # noqa: S602  # a page's own
        return done.stdout

    def _told(self, words: list[str], told: str) -> str:
        if words[1] in _NEEDS_DATABASE:
            words += ["--config", str(self._database(with_claims=words[1] in _NEEDS_CLAIMS))]
        with contextlib.chdir(self.folder):
            result = CliRunner(env={"MINGBAI_PASSWORD": PASSWORD, "LC_ALL": self.terminal}).invoke(
                command_line(), [self._translated(word, back=True) for word in words], input=told, prog_name="app.py"
            )
        if isinstance(result.exception, MingbaiError):
            told = tell(error_phrase(result.exception), language({"LC_ALL": self.terminal}))
            return self._translated(f"{result.exception.code}: {told}\n")
        assert isinstance(result.exception, SystemExit | None), result.exception
        return self._translated(result.stdout.rstrip("\n") + "\n")

    def _database(self, *, with_claims: bool) -> Path:
        config = self.folder / "config.yaml"
        if not config.exists():
            make_house(config)
        if with_claims and not self.names:
            found = decide_claims(config, self.folder / BOOK, self.stays)
            self.names = dict(zip(found, CLAIMS[: len(found)], strict=True))
        return config

    def _translated(self, text: str, *, back: bool = False) -> str:
        today = china_day(time.time_ns() // 1_000_000)  # as the commands tell it
        names = {**self.names, f"{today}": f"{WRITTEN_ON}", f"{today:%Y-%m}\n": f"{WRITTEN_ON:%Y-%m}\n"}
        names[f"{today.year + 1}-01-01"] = f"{WRITTEN_ON.year + 1}-01-01"
        for run, page in names.items():
            text = text.replace(page, run) if back else text.replace(run, page)
        return text


def commands_in(block: str) -> Iterator[str]:
    """Give every command of a console block, lines that go on joined as they stand."""
    for match in re.finditer(r"^\$ ((?:[^\n]*\\\n)*[^\n]*)\n", block, re.MULTILINE):
        yield match[1]


def play_refused(folder: Path) -> str:
    """Give the page on refusals as it should be: its small books are written one in the place of another, beside the guide's."""
    (folder / BOOK).write_text((FOLDER / BOOK).read_text())
    return Player(folder, TOO_EARLY, ("try.yaml", "w")).play(REFUSED.read_text())


def play_in_the_checkout(page: Path, folder: Path) -> str:
    """Give a page as it should be that shows fragments of books and runs commands on the shipped ones."""
    (folder / "rules").symlink_to(HOME / "rules")
    return Player(folder, written=("fragment.yaml", "w")).play(page.read_text())


def main() -> None:
    """Write the pages and the guides' books anew."""
    for name, book in BOOK_OF.items():
        with tempfile.TemporaryDirectory() as folder:
            player = Player(Path(folder), terminal=TERMINAL_OF[name])
            (FOLDER / name).write_text(player.play((FOLDER / name).read_text()))
            (FOLDER / book).write_text(player.book())
    with tempfile.TemporaryDirectory() as folder:
        REFUSED.write_text(play_refused(Path(folder)))
    for page in IN_THE_CHECKOUT:
        with tempfile.TemporaryDirectory() as folder:
            page.write_text(play_in_the_checkout(page, Path(folder)))


if __name__ == "__main__":
    main()
