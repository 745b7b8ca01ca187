"""The managers' figures, counted by hand; the claims that a figure lists are as many as it counts."""

import pytest
from storage_samples import ACTOR, new_claim, save_world
from test_storage_decisions import ADJUDICATION

from domain.decision import Actor, DecisionKind
from domain.states import ClaimState
from storage import claims, clocks, decisions, ledger, notices
from storage.cohorts import AGES, Cohort, Figure
from storage.dashboard import Dashboard, dashboard_of
from storage.database import Database, Transaction
from storage.ledger import Account
from storage.queue import QueueQuery, count_claims, list_claims

WORKED_OUT = ADJUDICATION.proposed_fen
NOBODY = Actor("mingbai", "system")
HOUR = 3_600_000


def _decide(tx: Transaction, claim_id: str, kind: DecisionKind, amount_fen: int, actor: Actor, clause: str = "") -> None:
    decisions.save_adjudication(tx, claim_id, 1, ADJUDICATION)
    decisions.save_decision(tx, claim_id, 1, kind, amount_fen, actor, "理由", clause, {})


@pytest.fixture
def now(database: Database) -> int:
    """Six claims: C1 and C2 straight through and paid, C3 in part, C4 and C5 declined, C6 waits for papers and for people."""
    with database.write() as tx:
        save_world(tx)
        for number in range(1, 7):
            claims.add_claim(tx, new_claim(number, state=ClaimState.IN_REVIEW), ACTOR)
        _decide(tx, "C1", DecisionKind.PAY_FULL, WORKED_OUT, NOBODY)
        _decide(tx, "C2", DecisionKind.PAY_FULL, WORKED_OUT, NOBODY)
        _decide(tx, "C3", DecisionKind.PAY_PART, WORKED_OUT - 1, ACTOR)
        _decide(tx, "C4", DecisionKind.DECLINE, 0, ACTOR, "第5条")
        _decide(tx, "C5", DecisionKind.DECLINE, 0, ACTOR, "第7条")
        for claim_id in ("C1", "C2"):
            ledger.book(tx, claim_id, "P1", Account.CLAIMS_PAYABLE, Account.BANK, WORKED_OUT, f"confirmed {claim_id}")
        for claim_id in ("C3", "C6"):
            notices.add_notice(tx, claim_id, 1, "supplement", "补充", "补充", ())
        clocks.start_clock(tx, "C6", "decision", 30 * 24 * HOUR)
        clocks.start_clock(tx, "C5", "decision", -1)
        return tx.now_ms()


def _seen(database: Database, now: int) -> Dashboard:
    with database.read() as tx:
        return dashboard_of(tx, now - HOUR, now + HOUR)


def test_each_figure_is_what_a_hand_counts(database: Database, now: int) -> None:
    seen = _seen(database, now)
    assert seen.counts == {
        Cohort.DECIDED: 5, Cohort.STRAIGHT_THROUGH: 2, Cohort.DECLINED: 2, Cohort.CHANGED: 3, Cohort.RECEIVED: 6, Cohort.COMPLETE: 4,
        Cohort.PAID: 2, Cohort.AT_RISK: 0, Cohort.MISSED: 1,
    }  # fmt: skip
    assert (seen.straight_through_rate, seen.first_time_complete_rate) == (0.4, 4 / 6)
    assert (seen.decided_fen, seen.expected_fen) == (3 * WORKED_OUT - 1, 5 * WORKED_OUT)
    assert seen.declined_by_clause == (("第5条", 1), ("第7条", 1))
    assert dict(seen.waiting) == {"0-1": 6, "1-3": 0, "3-7": 0, "7-30": 0, "30-": 0}


@pytest.mark.parametrize("cohort", [each for each in Cohort if each is not Cohort.WAITING])
def test_a_figure_leads_to_as_many_claims_as_it_counts(database: Database, now: int, cohort: Cohort) -> None:
    query = QueueQuery(figure=Figure(cohort, now - HOUR, now + HOUR))
    with database.read() as tx:
        listed = list_claims(tx, query)
        assert len({each.claim_id for each in listed}) == len(listed) == count_claims(tx, query)
    assert len(listed) == _seen(database, now).counts[cohort]


def test_the_claims_of_one_clause_are_those_declined_by_it(database: Database, now: int) -> None:
    with database.read() as tx:
        found = list_claims(tx, QueueQuery(figure=Figure(Cohort.DECLINED, now - HOUR, now + HOUR, "第7条")))
    assert [each.claim_id for each in found] == ["C5"]


def test_the_ages_part_those_who_wait_without_a_gap(database: Database, now: int) -> None:
    with database.read() as tx:
        counted = [count_claims(tx, QueueQuery(figure=Figure(Cohort.WAITING, detail=age))) for age in AGES]
    assert sum(counted) == 6


def test_the_end_of_a_period_is_not_part_of_it(database: Database, now: int) -> None:
    with database.read() as tx:
        assert dashboard_of(tx, now - HOUR, now).counts[Cohort.DECIDED] == 0
        assert dashboard_of(tx, now, now + 1).counts[Cohort.DECIDED] == 5


def test_the_time_to_money_runs_from_the_report_to_the_first_money(database: Database, now: int) -> None:
    seen = _seen(database, now)
    assert (seen.median_ms, seen.slowest_tenth_ms) == (0, 0)


def test_a_period_without_claims_has_no_rates(database: Database, now: int) -> None:
    with database.read() as tx:
        empty = dashboard_of(tx, now - 3 * HOUR, now - 2 * HOUR)
    assert (empty.straight_through_rate, empty.first_time_complete_rate, empty.paid_to_expected, empty.median_ms) == (
        None,
        None,
        None,
        None,
    )


def _decide_again(database: Database, claim_id: str, kind: DecisionKind, amount_fen: int, actor: Actor) -> None:
    with database.write() as tx:
        claims.begin_round(tx, claim_id)
        decisions.save_adjudication(tx, claim_id, 2, ADJUDICATION)
        decisions.save_decision(tx, claim_id, 2, kind, amount_fen, actor, "复核", "", {}, WORKED_OUT)


def test_a_claim_that_was_decided_twice_in_a_period_counts_once_wherever_it_counts(database: Database, now: int) -> None:
    _decide_again(database, "C4", DecisionKind.PAY_FULL, WORKED_OUT, ACTOR)
    seen = _seen(database, now)
    assert (seen.counts[Cohort.DECIDED], seen.counts[Cohort.DECLINED], seen.counts[Cohort.CHANGED]) == (5, 2, 3)
    assert (seen.decided_fen, seen.expected_fen) == (4 * WORKED_OUT - 1, 6 * WORKED_OUT)  # money counts by decisions
    _decide_again(database, "C1", DecisionKind.PAY_PART, WORKED_OUT - 1, ACTOR)
    assert _seen(database, now).counts[Cohort.CHANGED] == 4  # its second decision is the first that changed it


@pytest.mark.parametrize("cohort", [each for each in Cohort if each is not Cohort.WAITING])
def test_a_figure_leads_to_its_claims_after_some_were_decided_anew(database: Database, now: int, cohort: Cohort) -> None:
    _decide_again(database, "C4", DecisionKind.PAY_FULL, WORKED_OUT, NOBODY)
    _decide_again(database, "C1", DecisionKind.DECLINE, 0, ACTOR)
    with database.read() as tx:
        listed = list_claims(tx, QueueQuery(figure=Figure(cohort, now - HOUR, now + HOUR)))
    assert len({each.claim_id for each in listed}) == len(listed) == _seen(database, now).counts[cohort]


def test_only_the_first_money_counts_as_the_first(database: Database, now: int) -> None:
    with database.write() as tx:
        later = tx.now_ms()
        ledger.book(tx, "C1", "P2", Account.CLAIMS_PAYABLE, Account.BANK, 1, "a second payment")
        ledger.book(tx, "C1", "P2", Account.BANK, Account.CLAIMS_PAYABLE, 1, "it came back")
    with database.read() as tx:
        assert dashboard_of(tx, now - HOUR, later).counts[Cohort.PAID] == 2
        assert dashboard_of(tx, later + 1, later + HOUR).counts[Cohort.PAID] == 0


def test_a_claim_that_was_asked_for_papers_stays_so_when_it_is_worked_out_again(database: Database, now: int) -> None:
    with database.write() as tx:
        decisions.save_adjudication(tx, "C6", 1, ADJUDICATION)
        decisions.save_adjudication(tx, "C6", 1, ADJUDICATION)
    seen = _seen(database, now)
    assert (seen.counts[Cohort.RECEIVED], seen.counts[Cohort.COMPLETE]) == (6, 4)
