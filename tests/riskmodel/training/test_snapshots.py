"""What a day may learn from: at the limit of the delay, one day over it, and never anything from the future."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.errors import InputError
from riskmodel.training.origins import roll
from riskmodel.training.snapshots import Finding, Snapshot, learnable_on, parse_findings
from tests.riskmodel.training.claims import AS_OF, DELAY_DAYS, past

CLAIM = Snapshot("C1", AS_OF - timedelta(days=DELAY_DAYS), {"claimed_fen": 1.0}, 100)


@pytest.mark.parametrize(("younger_days", "learnt"), [(-1, 1), (0, 1), (1, 0)])
def test_a_claim_is_old_enough_on_the_day_of_the_delay(younger_days: int, learnt: int) -> None:
    claim = replace(CLAIM, scored_on=CLAIM.scored_on + timedelta(days=younger_days))
    assert len(learnable_on(AS_OF, DELAY_DAYS, [claim], {})) == learnt


@pytest.mark.parametrize(("later_days", "is_fraud"), [(-1, True), (0, True), (1, False)])
def test_a_finding_counts_on_the_day_it_is_known(later_days: int, is_fraud: bool) -> None:
    found = {"C1": [Finding(True, AS_OF + timedelta(days=later_days))]}
    assert learnable_on(AS_OF, DELAY_DAYS, [CLAIM], found)[0].is_fraud is is_fraud


def test_the_last_finding_that_was_known_stands() -> None:
    found = {
        "C1": [
            Finding(False, AS_OF - timedelta(days=1)),
            Finding(True, AS_OF - timedelta(days=9)),
            Finding(True, AS_OF + timedelta(days=1)),
        ]
    }
    assert learnable_on(AS_OF, DELAY_DAYS, [CLAIM], found)[0].is_fraud is False


def test_inserting_the_future_changes_nothing() -> None:
    snapshots, findings = past(600)
    before = learnable_on(AS_OF, DELAY_DAYS, snapshots, findings)
    future = [replace(each, claim_id=f"F{each.claim_id}", scored_on=AS_OF - timedelta(days=DELAY_DAYS - 1)) for each in snapshots]
    known_later = {each.claim_id: [*findings.get(each.claim_id, []), Finding(True, AS_OF + timedelta(days=1))] for each in snapshots}
    assert learnable_on(AS_OF, DELAY_DAYS, [*future, *reversed(snapshots)], known_later) == before


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("claim_id,is_fraud\nC1,1\n", "no column known_on"),
        ("claim_id,is_fraud,known_on\nC1,2,2024-01-01\n", "line 2 of the findings"),
        ("claim_id,is_fraud,known_on\nC1,1,2024-01-01\nC2,1,soon\n", "line 3 of the findings"),
        ("claim_id,is_fraud,known_on\n,1,2024-01-01\n", "line 2 of the findings"),
    ],
)
def test_a_register_that_cannot_be_read_is_named(text: str, what: str) -> None:
    with pytest.raises(InputError, match=what):
        parse_findings(text)


def test_a_register_is_read_with_several_findings_of_a_claim() -> None:
    read = parse_findings("\ufeffclaim_id,is_fraud,known_on\r\nC1,0,2024-01-01\r\nC1,1,2024/2/1\r\n")
    assert read == {"C1": [Finding(False, date(2024, 1, 1)), Finding(True, date(2024, 2, 1))]}


def test_an_origin_learns_from_nothing_younger_than_the_embargo() -> None:
    days = [date(2024, 1, 1) + timedelta(days=number // 2) for number in range(400)]
    origins = roll(days, 30, 5, [number % 10 == 0 for number in range(400)])
    assert len(origins) == 4
    for origin in origins:
        assert max(days[row] for row in origin.learn) == origin.day - timedelta(days=31)
        assert min(days[row] for row in origin.examine) == origin.day
    examined = [row for origin in origins for row in origin.examine]
    assert examined == sorted(set(examined)) and examined[-1] == 399


def test_without_enough_frauds_before_it_there_is_no_origin() -> None:
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range(100)]
    assert roll(days, 10, 30, [number % 10 == 0 for number in range(100)]) == []
