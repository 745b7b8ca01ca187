"""The page of the risk model, its figures for monitoring, and the investigator's conclusion on the claim's page."""

import re
from datetime import date
from pathlib import Path

import pytest
from api_house import House

import api.workbench
from adjudicator import review
from adjudicator.story import tell
from adjudicator.watching import watch
from domain.decision import Actor
from domain.states import ClaimState
from storage.access import find_staff
from storage.risk_labels import find_label
from storage.risk_releases import add_release
from storage.risk_watch import Figures, add_figures
from tests.api.test_api_workbench import claim_id  # noqa: F401  # a fixture

WORKBENCH = Path(api.workbench.__file__).parent
DAY = Figures("day", date(2026, 6, 29), {"claims": 100, "psi": {"claimed_fen": 0.31}, "score_psi": 0.07, "bands": {"low": 0.9, "medium": 0.08, "high": 0.02}})  # fmt: skip  # noqa: E501
WEEK = {"claims": 900, "frauds": 12, "frauds_told": 11.5, "calibration_error": 0.012, "audits": 20, "audits_settled": 18}
WEEK |= {"missed_frauds": {"value": 40.0, "interval": [8.0, 120.0]}, "audited_recall": {"value": 0.23, "interval": [0.09, 0.6]}}
SLICE = {"slice": "is_accident=1", "honest_claims": 80, "stopped": 0.15, "ratio": 1.5}
MONTH = Figures("month", date(2026, 5, 31), {"honest_claims": 300, "stopped": 0.1, "slices": [SLICE]})


@pytest.fixture
def watched(house: House) -> House:
    with house.system.database.write() as tx:
        for each in (DAY, Figures("week", date(2026, 6, 28), WEEK), MONTH):
            add_figures(tx, each)
    return house


def test_the_page_tells_what_moved_what_came_true_and_whom_it_stops(watched: House) -> None:
    page = watched.client(staff="zheng").get("/risk").text
    for words in ("申请金额", "0.31", "0.07", "0.012", "18 / 20", "40.0 (8.0–120.0)", "出险原因为意外", "1.5", "尚无真实标签"):
        assert words in page
    assert "风险模型" in watched.client(staff="wu").get("/").text
    assert "/risk" not in watched.client(staff="chen").get("/").text


def test_the_page_speaks_english_of_inputs_and_kinds_of_claims_too(watched: House) -> None:
    page = watched.client(staff="zheng").get("/risk", headers={"Accept-Language": "en"}).text
    for words in ("amount claimed", "the cause is an accident", "Claims</th>"):
        assert words in page
    assert "申请金额" not in page and "出险原因" not in page


def test_an_input_that_moved_far_stands_out_and_one_below_a_quarter_does_not(watched: House) -> None:
    page = watched.client(staff="zheng").get("/risk").text
    assert '<b class="late">0.31</b>' in page
    assert '<b class="late">0.07</b>' not in page


def test_the_page_of_a_model_that_nobody_watched_yet_and_of_one_without_claims(house: House) -> None:
    assert "还没有一天的数据" in house.client(staff="wu").get("/risk").text
    watch(house.system)
    assert house.client(staff="wu").get("/risk").status_code == 200


def test_monitoring_reads_the_newest_figures(watched: House) -> None:
    told = watched.client().get("/metrics").text
    for line in (
        "mingbai_risk_score_psi 0.07",
        'mingbai_risk_input_psi{input="claimed_fen"} 0.31',
        "mingbai_risk_calibration_error 0.012",
        "mingbai_risk_audited_recall 0.23",
        "mingbai_risk_missed_frauds 40.0",
        'mingbai_risk_false_positive_ratio{slice="is_accident=1"} 1.5',
    ):
        assert line in told


def test_a_model_that_could_not_be_taken_over_is_told_of_on_the_page_and_to_monitoring(house: House) -> None:
    told = house.client().get("/metrics").text
    assert f'mingbai_risk_model{{model="{house.system.serving.name}"}} 1.0' in told
    assert "mingbai_risk_model_held_back 0.0" in told
    assert "未能启用" not in house.client(staff="zheng").get("/risk").text
    with house.system.database.write() as tx:
        for proposal in (None, 1):
            add_release(tx, "f" * 64, "/models/gone", "{}", "更换政策", Actor("jing", "actuary"), proposal)
    assert not house.system.serving.look(house.system.database)
    page = house.client(staff="zheng").get("/risk").text
    assert "未能启用" in page
    assert "/models/gone" in page
    assert "mingbai_risk_model_held_back 1.0" in house.client().get("/metrics").text


def test_an_investigator_concludes_on_the_page(house: House, claim_id: str) -> None:  # noqa: F811
    with house.system.database.read() as tx:
        adjuster = find_staff(tx, "chen")
    assert adjuster
    review.investigate(house.system, claim_id, tell(house.system, claim_id).claim.version, adjuster, "核实病历")
    browser = house.client(staff="wu")
    page = browser.get(f"/claims/{claim_id}", headers={"Accept": "text/html"}).text
    assert "确认欺诈" in page
    version = str(tell(house.system, claim_id).claim.version)
    refused = browser.submit(page, f"/claims/{claim_id}/conclude", kind="conclude", version=version, finding="", reason="病历属实")
    assert refused.status_code == 422
    done = browser.submit(page, f"/claims/{claim_id}/conclude", kind="conclude", version=version, finding="cleared", reason="病历属实")
    assert done.status_code == 302
    assert tell(house.system, claim_id).claim.state is ClaimState.IN_REVIEW
    with house.system.database.read() as tx:
        label = find_label(tx, claim_id)
    assert label is not None
    assert label.is_fraud is False
    assert "确认欺诈" not in house.client(staff="chen").get(f"/claims/{claim_id}", headers={"Accept": "text/html"}).text


def test_every_choice_has_a_key_of_its_own_that_the_page_knows() -> None:
    offered = re.findall(r'Choice\("(\w+)", "([A-Z])"', (WORKBENCH / "choices.py").read_text(encoding="utf-8"))
    script = (WORKBENCH / "static" / "claim.js").read_text(encoding="utf-8")
    bound = re.search(r"\[([^\]]+)\]\.map\(\(key\) => \[key, \(\) => decide", script)
    assert bound
    deciding = re.findall(r'"([a-z])"', bound[1])
    others = re.findall(r"^  ([a-z]): ", script[bound.end() :], re.MULTILINE)
    assert {"conclude", "approve"} <= {kind for kind, _ in offered}
    assert {key.lower() for _, key in offered} <= set(deciding)
    assert set(deciding).isdisjoint(others)
    assert "c" in others  # a word to colleagues
