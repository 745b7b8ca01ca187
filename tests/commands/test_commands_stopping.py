"""A server that is told to stop ends without a complaint, whatever it was doing."""

import logging
from pathlib import Path

import pytest

from adjudicator.settings import read_config
from commands.plant import plug_together
from tests.commands.test_commands_ledger import config  # noqa: F401  # a fixture


def test_a_server_that_is_stopped_before_it_is_warm_logs_no_error(config: Path, caplog: pytest.LogCaptureFixture) -> None:  # noqa: F811
    with plug_together(read_config(config), config.parent) as plant:
        plant.readers.close()
        plant._warm_up()  # as its thread does when the processes are stopped under it
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING] == []
