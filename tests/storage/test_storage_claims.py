"""Claims: stored once however often they are sent, moved only along the state machine, every move on the audit chain."""

import json
import time
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError
from storage_samples import ACTOR, at_once, new_claim, person, save_claims, save_world

from domain.claim import Channel, LossCause, Payee
from domain.errors import IllegalTransitionError, NotFoundError
from domain.states import ClaimState
from storage import audit, claims, registry
from storage.database import Database


def test_a_claim_comes_back_as_it_was_stored(database: Database) -> None:
    with database.write() as tx:
        save_world(tx)
        new = new_claim(hospital_id="H1", settlement_json='{"total_fen":1}')
        claims.add_claim(tx, new, ACTOR)
    with database.read() as tx:
        stored = claims.get_claim(tx, "C1")
    told = {name: getattr(stored, name) for name in vars(new) if name != "device_id"}
    assert told == {name: value for name, value in vars(new).items() if name != "device_id"}


def test_a_report_with_hardly_anything_comes_back_as_it_was_stored(database: Database) -> None:
    with database.write() as tx:
        save_world(tx)
        claims.add_claim(
            tx, new_claim(loss_date=None, loss_cause=None, payee=None, reporter_phone="", device_id="", policy_numbers=()), ACTOR
        )
        stored = claims.get_claim(tx, "C1")
    assert (stored.loss_date, stored.loss_cause, stored.payee, stored.policy_numbers) == (None, None, None, ())


def test_a_new_claim_is_in_its_first_round_and_version(database: Database) -> None:
    save_claims(database)
    with database.read() as tx:
        stored = claims.get_claim(tx, "C1")
    assert (stored.round, stored.version) == (1, 1)


def test_a_new_claim_begins_its_audit_chain(database: Database) -> None:
    save_claims(database)
    with database.read() as tx:
        assert [each.action for each in audit.entries(tx, "C1")] == ["claim.received"]


def test_the_same_number_of_the_same_channel_is_not_stored_twice(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        assert not claims.add_claim(tx, new_claim(2, external_ref="R1"), ACTOR)


def test_the_same_number_of_another_channel_is_another_claim(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        assert claims.add_claim(tx, new_claim(2, external_ref="R1", channel=Channel.HOTLINE), ACTOR)


def test_of_eight_threads_that_send_the_same_number_exactly_one_stores_it(database: Database) -> None:
    with database.write() as tx:
        save_world(tx)

    def send(number: int) -> bool:
        with database.write() as tx:
            return claims.add_claim(tx, new_claim(number, external_ref="R1"), ACTOR)

    assert sorted(at_once(send)) == [False] * 7 + [True]


def test_the_losers_of_that_race_leave_nothing_of_theirs(database: Database) -> None:
    with database.write() as tx:
        save_world(tx)

    def send(number: int) -> bool:
        with database.write() as tx:
            return claims.add_claim(tx, new_claim(number, external_ref="R1"), ACTOR)

    winner = f"C{at_once(send).index(True)}"
    with database.read() as tx:
        assert [each.claim_id for each in claims.claims_of(tx, "I1")] == [winner]


def test_a_claim_of_nobody_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as tx:
        claims.add_claim(tx, new_claim(insured=99), ACTOR)


def test_a_claim_is_found_by_the_number_its_channel_gave_it(database: Database) -> None:
    save_claims(database, 2)
    with database.read() as tx:
        found = claims.find_by_key(tx, Channel.APP, "R2")
    assert found is not None
    assert found.claim_id == "C2"


@pytest.mark.parametrize(("channel", "number"), [(Channel.HOTLINE, "R1"), (Channel.APP, "R9")])
def test_another_channel_or_number_finds_no_claim(database: Database, channel: Channel, number: str) -> None:
    save_claims(database)
    with database.read() as tx:
        assert claims.find_by_key(tx, channel, number) is None


def test_a_claim_that_is_not_there_is_named(database: Database) -> None:
    with database.read() as tx, pytest.raises(NotFoundError, match="no claim C404"):
        claims.get_claim(tx, "C404")


def test_a_legal_move_changes_the_state(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        claims.move(tx, "C1", ClaimState.READING, ACTOR)
    with database.read() as tx:
        assert claims.get_claim(tx, "C1").state is ClaimState.READING


def test_a_move_raises_the_version(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        claims.move(tx, "C1", ClaimState.READING, ACTOR)
        assert claims.get_claim(tx, "C1").version == 2


def test_a_move_stands_on_the_audit_chain_with_both_states_and_its_detail(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        claims.move(tx, "C1", ClaimState.READING, ACTOR, {"why": "papers"})
        last = audit.entries(tx, "C1")[-1]
    assert (last.action, json.loads(last.detail_json)) == ("claim.moved", {"from": "SUBMITTED", "to": "READING", "why": "papers"})


def test_an_illegal_move_is_refused_with_both_states(database: Database) -> None:
    save_claims(database)
    with pytest.raises(IllegalTransitionError, match="claim C1 is SUBMITTED and cannot become PAID"), database.write() as tx:
        claims.move(tx, "C1", ClaimState.PAID, ACTOR)


def test_an_illegal_move_leaves_the_claim_as_it_was(database: Database) -> None:
    save_claims(database)
    with database.read() as tx:
        before = claims.get_claim(tx, "C1")
    with pytest.raises(IllegalTransitionError), database.write() as tx:
        claims.move(tx, "C1", ClaimState.PAID, ACTOR)
    with database.read() as tx:
        assert claims.get_claim(tx, "C1") == before


def test_a_move_of_no_claim_is_refused(database: Database) -> None:
    with pytest.raises(NotFoundError, match="no claim C404"), database.write() as tx:
        claims.move(tx, "C404", ClaimState.READING, ACTOR)


def test_of_eight_threads_that_make_the_same_move_exactly_one_makes_it(database: Database) -> None:
    save_claims(database)

    def move(_: int) -> bool:
        try:
            with database.write() as tx:
                claims.move(tx, "C1", ClaimState.READING, ACTOR)
        except IllegalTransitionError:
            return False
        return True

    assert sorted(at_once(move)) == [False] * 7 + [True]


def test_what_was_learnt_later_is_filled_in(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        claims.note_facts(tx, "C1", loss_date=date(2024, 7, 1), loss_cause=LossCause.ACCIDENT, hospital_id="H1")
        stored = claims.get_claim(tx, "C1")
    assert (stored.loss_date, stored.loss_cause, stored.hospital_id) == (date(2024, 7, 1), LossCause.ACCIDENT, "H1")


def test_noting_a_fact_raises_the_version(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        claims.note_facts(tx, "C1")
        assert claims.get_claim(tx, "C1").version == 2


def test_a_state_is_no_fact_that_can_be_noted(database: Database) -> None:
    save_claims(database)
    with database.write() as tx, pytest.raises(TypeError, match="does not write state"):
        claims.note_facts(tx, "C1", state=ClaimState.PAID)


def test_facts_of_no_claim_are_refused(database: Database) -> None:
    with database.write() as tx, pytest.raises(NotFoundError, match="no claim C404"):
        claims.note_facts(tx, "C404", hospital_id=None)


def test_a_payee_can_be_written_later(database: Database) -> None:
    save_claims(database)
    payee = Payee("示例2", "6222029900033334444", "示例银行")
    with database.write() as tx:
        claims.set_payee(tx, "C1", payee)
        assert claims.get_claim(tx, "C1").payee == payee


def test_a_payee_written_later_is_indexed_like_one_that_came_with_the_claim(database: Database) -> None:
    save_claims(database, 2)
    with database.write() as tx:
        claims.set_payee(tx, "C2", replace(new_claim().payee or Payee("", ""), account_number="6222 0299 0001 1112 222"))
        assert claims.get_claim(tx, "C2").payee_account_index == claims.get_claim(tx, "C1").payee_account_index


def test_the_claims_of_a_person_are_listed_newest_first_and_nobody_elses(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        registry.save_people(tx, [person(2)])
        claims.add_claim(tx, new_claim(2, insured=2), ACTOR)
    time.sleep(0.002)  # the database's clock counts milliseconds
    with database.write() as tx:
        claims.add_claim(tx, new_claim(3), ACTOR)
    with database.read() as tx:
        assert [each.claim_id for each in claims.claims_of(tx, "I1")] == ["C3", "C1"]


def test_claims_are_counted_by_state_and_empty_states_left_out(database: Database) -> None:
    save_claims(database, 3)
    with database.write() as tx:
        claims.move(tx, "C3", ClaimState.READING, ACTOR)
    with database.read() as tx:
        assert claims.count_by_state(tx) == {ClaimState.SUBMITTED: 2, ClaimState.READING: 1}
