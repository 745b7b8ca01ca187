"""A running server and a book that two people publish beside it, by commands in processes of their own, on the same database."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from api_house import PASSWORD, ROOT, House

from adjudicator.published import PublishedBooks
from adjudicator.replaying import replay_decision
from domain.china import china_day
from sandbox.scenarios import SCENARIOS
from storage import access, registry
from storage.access import Staff
from storage.history import find_decided

SHIPPED_PAYS, NEW_PAYS = 669_524, 595_133  # 7,439.16 × 90 % = 6,695.244, and × 80 % = 5,951.328


@pytest.fixture
def today(house: House) -> date:
    with house.system.database.read() as tx:
        return china_day(tx.now_ms())


@pytest.fixture
def config(house: House, tmp_path: Path, today: date) -> Path:
    """Settings for commands beside the running house, whose insured has been covered for two years."""
    scenario = next(each for each in SCENARIOS if each.name == "direct-settlement")
    days = {"effective_from": today - timedelta(300), "effective_to": today + timedelta(60), "first_effective_from": today - timedelta(665)}
    with house.system.database.write() as tx:
        registry.save_policies(tx, [replace(each, **days) for member in scenario.cast for each in member.policies])
        access.save_staff(tx, Staff("gao", "高精算", "actuary", 0), PASSWORD)
    path = tmp_path / "home" / "config.yaml"
    path.write_text(f"database: sqlite:///mingbai.db\nfield_key: key\nbooks: {tmp_path}\n")
    return path


def _settle(house: House, admitted: date, number: str) -> dict[str, Any]:
    scenario = next(each for each in SCENARIOS if each.name == "direct-settlement")
    stay = {"external_ref": number, "admission_date": f"{admitted}", "discharge_date": f"{admitted}"}
    answer = house.client(secret_of="hospital").post("/v1/hospital/settlements", json=dict(scenario.main.payload) | stay)
    told: dict[str, Any] = answer.json
    assert answer.status_code == 200, told
    return told


def _rules(config: Path, *words: str) -> str:
    command = [sys.executable, "app.py", "rules", *words, "--config", str(config)]
    run = subprocess.run(command, cwd=ROOT, env={**os.environ, "MINGBAI_PASSWORD": PASSWORD}, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def test_a_server_that_runs_decides_by_a_new_book_from_its_day_on_and_earlier_decisions_replay(
    house: House, config: Path, tmp_path: Path, today: date
) -> None:
    draft = tmp_path / "zhifu-direct.yaml"  # in the very folder of books
    text = (ROOT / "rules/book/zhifu-direct.yaml").read_text().replace("直付比例: 90%", "直付比例: 80%")
    draft.write_text(text[: text.index("      - 名: 半分向上进")].replace("6695.24", "5951.33"))

    before = _settle(house, today, "HIS-1")
    digest = _rules(config, "publish", str(draft), "--effective", f"{today}", "--as", "zheng").split()[1]
    proposed = _settle(house, today, "HIS-2")
    _rules(config, "approve", digest[:12], "--as", "gao")
    on_the_day = _settle(house, today, "HIS-3")
    day_before = _settle(house, today - timedelta(1), "HIS-4")

    told = [each["insurer_pays_fen"] for each in (before, proposed, on_the_day, day_before)]
    assert told == [SHIPPED_PAYS, SHIPPED_PAYS, NEW_PAYS, SHIPPED_PAYS]
    assert "equal in every bit" in _rules(config, "replay", before["claim_id"])  # by whoever has the command only
    with house.system.database.read() as tx:
        decided = [find_decided(tx, each["claim_id"]) for each in (proposed, on_the_day, day_before)]
        assert [replay_decision(tx, PublishedBooks(), claim) for claim in decided if claim] == [[], [], []]
