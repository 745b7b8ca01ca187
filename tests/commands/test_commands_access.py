"""`channel …` and `staff leave`: who is let in, with what, and who is out."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from commands.line import command_line
from commands.plant import database_of
from domain.errors import InputError, NotFoundError
from storage import access
from storage.access import Staff
from storage.tokens import begin_session, find_session
from tests.commands.test_commands_ledger import config  # noqa: F401  # a fixture


def run(config: Path, *words: object) -> Result:  # noqa: F811
    return CliRunner().invoke(command_line(), [*map(str, words), "--config", str(config)], catch_exceptions=False)


def secret_in(result: Result) -> str:
    found = re.search(r"shown this once: (\S+)", result.output)
    assert found
    return found[1]


def good(config: Path, secret: str) -> bool:  # noqa: F811
    with database_of(config) as database, database.read() as tx:
        return access.check_channel_secret(tx, "wechat", secret) is not None


def test_a_channel_is_added_rotated_and_ended(config: Path) -> None:  # noqa: F811
    first = secret_in(run(config, "channel", "add", "wechat", "--role", "app", "--scope", "submit_claim"))
    second = secret_in(run(config, "channel", "rotate", "wechat"))
    assert [good(config, each) for each in (first, second)] == [True, True]
    assert "2 secret(s), 0 days old  submit_claim" in run(config, "channel", "list").output
    third = secret_in(run(config, "channel", "rotate", "wechat", "--overlap-hours", 0))
    assert [good(config, each) for each in (first, second, third)] == [False, False, True]
    run(config, "channel", "end", "wechat")
    assert not good(config, third)
    assert good(config, secret_in(run(config, "channel", "rotate", "wechat")))


@pytest.mark.parametrize("words", [("--role", "adjuster"), ("--role", "hospital"), ("--role", "app", "--scope", "approve")])
def test_a_channel_that_cannot_be_is_refused(config: Path, words: tuple[str, ...]) -> None:  # noqa: F811
    with pytest.raises(InputError):
        run(config, "channel", "add", "wechat", *words)


def test_who_is_not_there_is_told(config: Path) -> None:  # noqa: F811
    for words in (("channel", "rotate", "nobody"), ("channel", "end", "nobody"), ("staff", "leave", "nobody")):
        with pytest.raises(NotFoundError):
            run(config, *words)


def test_somebody_who_leaves_is_out_of_every_session(config: Path) -> None:  # noqa: F811
    with database_of(config) as database, database.write() as tx:
        access.save_staff(tx, Staff("chen", "陈", "adjuster", 0), "a-long-password")
        token = begin_session(tx, "chen")
    run(config, "staff", "leave", "chen")
    with database_of(config) as database, database.read() as tx:
        assert find_session(tx, token) is None and access.check_password(tx, "chen", "a-long-password") is None
