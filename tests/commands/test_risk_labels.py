"""`risk label | promote | policy | status`: what people found, and the model that two of them put in force, by command."""

import json
from pathlib import Path

import pytest

from commands.plant import database_of
from commands.signing import PASSWORD_VARIABLE
from domain.errors import ConflictError, InputError, ModelError, NotAllowedError
from riskmodel.cold_start import COLD_START
from riskmodel.model import load_model
from storage.access import Staff, save_staff
from storage.risk_labels import iter_labels
from tests.commands.test_commands_claim_acts import claimed  # noqa: F401  # a fixture
from tests.commands.test_commands_ledger import config  # noqa: F401  # a fixture
from tests.commands.test_commands_retention import house, run  # noqa: F401  # a fixture


@pytest.fixture
def offices(claimed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: F811
    """Claims C1 to C3, and two actuaries."""
    with database_of(claimed) as database, database.write() as tx:
        for name in ("suan", "jing"):
            save_staff(tx, Staff(name, name, "actuary", 0), "correct horse battery")
    return claimed


def labels(house: Path) -> list[tuple[str, bool, str]]:  # noqa: F811
    with database_of(house) as database, database.read() as tx:
        return [(each.claim_id, each.is_fraud, each.known_on.isoformat()) for each in iter_labels(tx)]


def test_a_finding_is_recorded_by_whoever_may(offices: Path) -> None:
    words = ("--reason", "病历系伪造", "--as", "gao", "--config", offices)
    told = run("risk", "label", "c1", "--fraud", "--known-on", "2026-06-30", *words).output
    assert told == "1 findings recorded by gao: 1 fraud, 0 cleared\n"
    assert labels(offices) == [("C1", True, "2026-06-30")]
    with pytest.raises(NotAllowedError):
        run("risk", "label", "C1", "--cleared", "--reason", "x", "--as", "yun", "--config", offices)


def test_a_register_records_many(offices: Path, tmp_path: Path) -> None:
    register = tmp_path / "findings.csv"
    register.write_text("claim_id,is_fraud,known_on\nC1,1,2026-05-01\nC2,0,2026-05-02\n")
    words = ("--reason", "年度复查", "--as", "gao", "--config", offices)
    assert run("risk", "label", "--csv", register, *words).output == "2 findings recorded by gao: 1 fraud, 1 cleared\n"
    assert labels(offices) == [("C1", True, "2026-05-01"), ("C2", False, "2026-05-02")]


@pytest.mark.parametrize("words", [(), ("C1",), ("C1", "--fraud", "--csv", "x.csv"), ("C1", "--fraud", "--known-on", "tomorrow")])
def test_words_that_leave_it_open_are_refused(offices: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(InputError):
        run("risk", "label", *words, "--reason", "x", "--as", "gao", "--config", offices)
    assert labels(offices) == []


def test_another_policy_is_written_into_a_new_folder_and_two_people_put_it_in_force(
    offices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "stricter"
    assert "written to" in run("risk", "policy", COLD_START, "--medium", "0.05", "--review-cost", "150", "--to", folder).output
    assert load_model(folder).policy.review_cost_fen == 15_000
    with pytest.raises(ModelError, match="is there already"):
        run("risk", "policy", COLD_START, "--to", folder)
    monkeypatch.setenv(PASSWORD_VARIABLE, "correct horse battery")
    with pytest.raises(ConflictError, match="nothing proves"):
        run("risk", "promote", folder, "--as", "suan", "--config", offices)
    assert "proposed" in run("risk", "promote", folder, "--as", "suan", "--reason", "复核成本下降", "--config", offices).output
    assert "in force; running" in run("risk", "promote", folder, "--as", "jing", "--config", offices).output
    status = json.loads(run("risk", "status", "--json", "--config", offices).output)
    assert (status["model"], status["policy"]["medium"]) == (load_model(folder).model_hash, 0.05)
    assert [each["actor"] for each in status["signatures"]] == ["suan", "jing"]


def test_a_policy_that_cannot_be_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be"):
        run("risk", "policy", COLD_START, "--medium", "0.5", "--high", "0.1", "--to", tmp_path / "wrong")
    assert not (tmp_path / "wrong").exists()
