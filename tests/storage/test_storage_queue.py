"""The queue's order and filters, and the counters that see only what came before."""

import pytest
from sqlalchemy import text
from storage_samples import ACTOR, new_claim, person, policy, save_claims, save_world
from test_storage_decisions import ADJUDICATION

from domain.claim import Payee
from domain.decision import DecisionKind
from domain.policy import Agent
from domain.states import ClaimState
from storage import claims, clocks, decisions, queue, registry
from storage.counters import Counts, count_shared
from storage.database import Database

NONE = Counts(0, 0, 0, 0, 0, 0, 0)
DAY_MS = 86_400_000


def _ids(database: Database, states: tuple[ClaimState, ...] = (), search: str = "", limit: int = 200) -> list[str]:
    with database.read() as tx:
        return [each.claim_id for each in queue.list_claims(tx, states, search, limit)]


def test_the_nearest_due_comes_first_and_claims_without_a_clock_last(database: Database) -> None:
    save_claims(database, 3)
    with database.write() as tx:
        clocks.start_clock(tx, "C2", "decision", 9_000)
        clocks.start_clock(tx, "C3", "decision", 5_000)
    assert _ids(database) == ["C3", "C2", "C1"]


def test_a_claim_is_as_urgent_as_its_nearest_clock(database: Database) -> None:
    save_claims(database, 2)
    with database.write() as tx:
        clocks.start_clock(tx, "C1", "decision", 5_000_000)
        clocks.start_clock(tx, "C2", "decision", 9_000_000)
        clocks.start_clock(tx, "C2", "call_back", 1_000)
    assert _ids(database) == ["C2", "C1"]


@pytest.mark.parametrize("stop", ["pause", "meet"])
def test_a_clock_that_is_paused_or_met_makes_nothing_urgent(database: Database, stop: str) -> None:
    save_claims(database, 2)
    with database.write() as tx:
        clocks.start_clock(tx, "C1", "decision", 9_000)
        clocks.start_clock(tx, "C2", "decision", 5_000)
        if stop == "pause":
            clocks.pause_clock(tx, "C2", "decision", "等待")
        else:
            clocks.meet_clock(tx, "C2", "decision")
    assert _ids(database) == ["C1", "C2"]


def test_equally_due_claims_come_by_what_is_at_stake(database: Database) -> None:
    save_claims(database, 2)
    with database.write() as tx:
        decisions.save_adjudication(tx, "C2", 1, ADJUDICATION)
    assert _ids(database) == ["C2", "C1"]


def test_otherwise_the_oldest_comes_first(database: Database) -> None:
    save_claims(database, 2)
    with database.write() as tx:
        tx.connection.execute(text("UPDATE claim SET created_ms = created_ms - 5000 WHERE claim_id = 'C2'"))
    assert _ids(database) == ["C2", "C1"]


def test_only_the_states_that_were_asked_for_are_listed(database: Database) -> None:
    save_claims(database, 2)
    with database.write() as tx:
        claims.move(tx, "C2", ClaimState.IN_REVIEW, ACTOR)
    assert _ids(database, (ClaimState.IN_REVIEW, ClaimState.IN_INVESTIGATION)) == ["C2"]


def test_no_more_than_the_limit_are_listed(database: Database) -> None:
    save_claims(database, 3)
    assert len(_ids(database, limit=2)) == 2


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("C1", ["C1", "C11"]),
        ("c11", ["C11"]),
        ("示例1", ["C1", "C11"]),
        ("示例", []),
        ("1", []),
        ("%", []),
        ("_1", []),
        ("C_", []),
        ("C\\", []),
        ("'", []),
    ],
)
def test_a_search_begins_a_number_or_equals_a_name_and_knows_no_wildcards(database: Database, search: str, found: list[str]) -> None:
    with database.write() as tx:
        save_world(tx, 2)
        for number, insured in ((1, 1), (11, 1), (2, 2)):
            claims.add_claim(tx, new_claim(number, insured), ACTOR)
    assert sorted(_ids(database, search=search)) == found


def test_a_row_shows_what_the_queue_needs(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        decisions.save_adjudication(tx, "C1", 1, ADJUDICATION)
        decisions.save_decision(tx, "C1", 1, DecisionKind.PAY_PART, 100, ACTOR, "", "", {})
        (row,) = queue.list_claims(tx)
    assert (row.insured_name, row.loss_date, row.channel, row.state) == ("示例1", "2024-06-01", "app", "SUBMITTED")
    assert (row.proposed_fen, row.expected_loss_fen, row.decided_fen) == (669524, 5, 100)


def test_a_row_of_a_bare_report_shows_gaps(database: Database) -> None:
    with database.write() as tx:
        save_world(tx)
        claims.add_claim(tx, new_claim(loss_date=None), ACTOR)
        (row,) = queue.list_claims(tx)
    assert (row.loss_date, row.proposed_fen, row.decided_fen, row.due_ms) == ("", None, None, None)


def _count(database: Database, claim_id: str = "C1", agent_id: str = "A1") -> Counts:
    with database.read() as tx:
        return count_shared(tx, claims.get_claim(tx, claim_id), agent_id)


def _before(database: Database, claim_id: str, days: float) -> None:
    """Let a claim have come in some days before claim C1."""
    with database.write() as tx:
        first = claims.get_claim(tx, "C1").created_ms
        tx.connection.execute(
            text("UPDATE claim SET created_ms = :at WHERE claim_id = :id"), {"at": first - int(days * DAY_MS), "id": claim_id}
        )


@pytest.fixture
def two(database: Database) -> Database:
    """C1 of I1, and C2 of I2 with the same phone, account, device and hospital, a day before."""
    with database.write() as tx:
        save_world(tx, 3)
        registry.save_policies(tx, [policy(2, insured=2)])
        claims.add_claim(tx, new_claim(1, 1, hospital_id="H1"), ACTOR)
        claims.add_claim(tx, new_claim(2, 2, hospital_id="H1"), ACTOR)
    _before(database, "C2", 1)
    return database


def test_an_earlier_claim_of_another_insured_shares_phone_account_device_hospital_and_agent(two: Database) -> None:
    assert _count(two) == Counts(1, 1, 1, 0, 0, 1, 1)


def test_the_earlier_claim_does_not_see_the_later_one(two: Database) -> None:
    assert _count(two, "C2") == NONE


def test_a_claim_of_the_same_millisecond_is_not_earlier(two: Database) -> None:
    _before(two, "C2", 0)
    assert _count(two) == NONE


def test_ones_own_earlier_claims_are_no_other_insureds(database: Database) -> None:
    save_claims(database, 2)
    _before(database, "C2", 1)
    counts = _count(database)
    assert (counts.phone_other_insureds, counts.account_other_insureds, counts.device_other_insureds) == (0, 0, 0)


def test_ones_own_earlier_claims_are_counted_as_such(database: Database) -> None:
    with database.write() as tx:
        save_world(tx)
        for number, hospital in ((1, "H1"), (2, "H1"), (3, "H2")):
            claims.add_claim(tx, new_claim(number, hospital_id=hospital), ACTOR)
    for claim_id in ("C2", "C3"):
        _before(database, claim_id, 1)
    counts = _count(database)
    assert (counts.earlier_claims_365d, counts.earlier_claims_same_hospital) == (2, 1)


def test_one_insured_with_two_claims_is_one_other_insured(two: Database) -> None:
    with two.write() as tx:
        claims.add_claim(tx, new_claim(3, 2), ACTOR)
    _before(two, "C3", 2)
    assert _count(two).phone_other_insureds == 1


@pytest.mark.parametrize(("days", "count"), [(90, 1), (90.001, 0)])
def test_a_hospitals_and_an_agents_claims_are_counted_for_ninety_days(two: Database, days: float, count: int) -> None:
    _before(two, "C2", days)
    counts = _count(two)
    assert (counts.hospital_claims_90d, counts.agent_claims_90d) == (count, count)


@pytest.mark.parametrize(("days", "count"), [(365, 1), (365.001, 0)])
def test_ones_own_claims_are_counted_for_a_year(database: Database, days: float, count: int) -> None:
    save_claims(database, 2)
    _before(database, "C2", days)
    assert _count(database).earlier_claims_365d == count


def test_claims_without_phone_account_device_and_hospital_share_nothing(database: Database) -> None:
    with database.write() as tx:
        save_world(tx, 2)
        for number in (1, 2):
            claims.add_claim(tx, new_claim(number, number, reporter_phone=" ", payee=None, device_id=""), ACTOR)
    _before(database, "C2", 1)
    assert _count(database, agent_id="") == NONE


def test_an_account_written_with_spaces_is_the_same_account(two: Database) -> None:
    with two.write() as tx:
        claims.set_payee(tx, "C2", Payee("示例2", "6222 0299 0001 1112 222"))
    assert _count(two).account_other_insureds == 1


def test_another_agents_claims_do_not_count(two: Database) -> None:
    with two.write() as tx:
        registry.save_agents(tx, [Agent("A2", "钱示例", "", "")])
        registry.save_policies(tx, [policy(2, insured=2, agent_id="A2")])
    assert _count(two).agent_claims_90d == 0


def test_the_third_person_is_nobody_to_this_claim(two: Database) -> None:
    with two.write() as tx:
        claims.add_claim(tx, new_claim(3, 3, reporter_phone="1", payee=None, device_id="other"), ACTOR)
        assert registry.find_person(tx, "I3") == person(3)
    _before(two, "C3", 1)
    assert _count(two).phone_other_insureds == 1
