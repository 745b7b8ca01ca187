"""The documents name only what is there: every path, every `app.py` command with its options, every `make` target."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from commands.line import command_line

HOME = Path(__file__).parents[1]
PAGES = (HOME / "README.md", HOME / "CONTRIBUTING.md", HOME / "CHANGELOG.md", *sorted((HOME / "docs").rglob("*.md")))
ROOMS = {each.name for each in HOME.iterdir() if each.is_dir()} | {".ci", ".github"}
AT_HOME = ("app.py", "config.yaml", "pyproject.toml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile", "LICENSE")
MADE_LATER = ("var", ".venv")  # by `make setup` and by running

_FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")
_COMMAND = re.compile(r"\bapp\.py ([a-z][^\n#|`)]*)")
_MAKE = re.compile(r"(?:^\s*(?:\$ )?|[(&] ?)make ([a-z]+)(?![\w-])", re.MULTILINE)  # where a command begins; an answer may say "make" too


def name_of(page: Path) -> str:
    return str(page.relative_to(HOME))


def code_of(page: Path) -> Iterator[str]:
    """Give every code block, continued lines joined, and every piece of code in a sentence."""
    text = page.read_text()
    yield from (block.replace("\\\n", " ") for block in _FENCE.findall(text))
    yield from _SPAN.findall(_FENCE.sub("", text))


def paths_in(page: Path) -> Iterator[Path]:
    text = _FENCE.sub("", page.read_text())
    for span in _SPAN.findall(text):
        first = span.split("/")[0]
        if first in MADE_LATER or not _PATH.fullmatch(span):
            continue
        if ("/" in span and first in ROOMS) or span in AT_HOME:
            yield HOME / span
    for target in _LINK.findall(text):
        if not re.match(r"[a-z]+:|#", target):
            yield page.parent / target.split("#")[0]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_path_that_a_page_names_is_there(page: Path) -> None:
    assert [str(path) for path in paths_in(page) if not path.exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_that_a_page_names_is_one_of_the_command_line(page: Path) -> None:
    assert [problem for code in code_of(page) for line in _COMMAND.findall(code) if (problem := what_is_wrong_with(line))] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_make_target_that_a_page_names_is_in_the_makefile(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (HOME / "Makefile").read_text(), re.MULTILINE))
    assert {target for code in code_of(page) for target in _MAKE.findall(code)} - targets == set()


def test_a_missing_path_command_option_and_target_would_be_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("`rules/nothing.py` and [this](gone.md)\n```sh\npython app.py frobnicate\npython app.py demo --fast\n```\n")
    assert [path.name for path in paths_in(page)] == ["nothing.py", "gone.md"]
    told = [what_is_wrong_with(line) for code in code_of(page) for line in _COMMAND.findall(code)]
    assert told == ["there is no command frobnicate", "demo has no option --fast"]


def what_is_wrong_with(line: str) -> str:
    """Follow a command line through groups and commands; "" when all of it exists."""
    command, words = get_command(command_line()), line.split()
    while hasattr(command, "commands") and words:
        word = words.pop(0)
        if not re.fullmatch("[a-z][a-z-]*", word):  # "rules …": the group alone is meant
            break
        if word not in command.commands:
            return f"there is no command {word}"
        command = command.commands[word]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)} | {"--help"}
    unknown = [word for word in words if word.startswith("--") and word.split("=")[0].strip("[]") not in known]
    return f"{command.name} has no option {unknown[0]}" if unknown else ""
