"""Plays a guide (docs/rules/guide.*.md) as its reader would: every ```yaml block is added to the book, every command is run.

`python -m tests.rules.guide` writes the answers of all commands anew into both guides, and what they build into the two files
beside them. Read what changed before you commit it.
"""

import contextlib
import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from typer.testing import CliRunner

from commands.line import command_line
from domain.errors import MingbaiError
from tests.rules.guide_claims import decide_claims

HOME = Path(__file__).parents[2]
FOLDER = HOME / "docs/rules"
BOOK_OF = {"guide.zh.md": "first-plan.yaml", "guide.en.md": "first-plan-en.yaml"}
BOOK = "first-plan.yaml"  # what the reader calls it, in either language
WRITTEN_ON = date(2026, 11, 22)  # what a guide prints where a command prints today
CLAIMS = ("C1M810YKRVH37179", "C1M810YKVP2GV99D", "C1M810YKX29HPKRR", "C1M810YKYT2GE4TN")  # what it calls the claims
_BLOCK = re.compile(r"^```(yaml|console)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SHELF, _CONFIG = ("publish", "history", "replay", "simulate"), ("replay", "simulate")


@dataclass
class Player:
    """A reader with a folder of their own."""

    folder: Path
    names: dict[str, str] = field(default_factory=dict)  # as the run says it, and as the guide does

    def play(self, page: str) -> str:
        """Give the page as it should be: its commands with the answers that they really give."""
        return _BLOCK.sub(lambda block: f"```{block[1]}\n{self._do(block[1], block[2])}```", page)

    def book(self) -> str:
        """Give the book as it stands by now."""
        return (self.folder / BOOK).read_text()

    def _do(self, kind: str, text: str) -> str:
        if kind == "yaml":
            with (self.folder / BOOK).open("a") as book:
                book.write(text)
            return text
        return "".join(f"$ {command}\n{self.answer(command.replace(chr(92) + chr(10), ' '))}" for command in commands_in(text))

    def answer(self, command: str) -> str:
        """Run a command, and give what it prints in the words of the guide."""
        if not command.startswith("python app.py "):
            return self._shell(command)
        # What the shell does with the answer, such as "| tail -3" or "> twin.yaml", is done by a shell.
        ours, beyond, rest = re.fullmatch(r"(.*?)(?: ([|>]) (.*))?", command).groups()  # type: ignore[union-attr]  # .* fits everything
        told = self._told(shlex.split(self._translated(ours, back=True))[2:])
        return self._shell(rest if beyond == "|" else f"cat > {rest}", told) if beyond else told

    def _shell(self, command: str, told: str = "") -> str:
        done = subprocess.run(command, shell=True, cwd=self.folder, input=told, capture_output=True, text=True, check=True)  # noqa: S602  # a guide's own
        return done.stdout

    def _told(self, words: list[str]) -> str:
        if words[1] in _SHELF:
            words += ["--published", str(self.folder / "published")]
        if words[1] in _CONFIG:
            words += ["--config", str(self._history())]
        with contextlib.chdir(self.folder):
            result = CliRunner().invoke(command_line(), words, prog_name="app.py")
        if isinstance(result.exception, MingbaiError):
            return f"{result.exception.code}: {result.exception}\n"
        assert isinstance(result.exception, SystemExit | None), result.exception
        return self._translated(result.stdout.rstrip("\n") + "\n")

    def _history(self) -> Path:
        config = self.folder / "config.yaml"
        if not config.exists():
            found = decide_claims(config, self.folder / BOOK)
            self.names |= dict(zip(found, CLAIMS, strict=True))
        return config

    def _translated(self, text: str, *, back: bool = False) -> str:
        today = date.today()  # noqa: DTZ011  # as the commands tell it
        names = {**self.names, f"{today}": f"{WRITTEN_ON}", f"{today:%Y-%m}\n": f"{WRITTEN_ON:%Y-%m}\n"}
        names[f"{today.year + 1}-01-01"] = f"{WRITTEN_ON.year + 1}-01-01"
        for run, guide in names.items():
            text = text.replace(guide, run) if back else text.replace(run, guide)
        return text


def commands_in(block: str) -> Iterator[str]:
    """Give every command of a console block, lines that go on joined as they stand."""
    for match in re.finditer(r"^\$ ((?:[^\n]*\\\n)*[^\n]*)\n", block, re.MULTILINE):
        yield match[1]


def main() -> None:
    """Write both guides and their books anew."""
    for name, book in BOOK_OF.items():
        with tempfile.TemporaryDirectory() as folder:
            player = Player(Path(folder))
            page = FOLDER / name
            page.write_text(player.play(page.read_text()))
            (FOLDER / book).write_text(player.book())


if __name__ == "__main__":
    main()
