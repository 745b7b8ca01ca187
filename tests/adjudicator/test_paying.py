"""Paying: the bank may lose answers, refuse, or be away; the money moves once, and the ledger says what happened."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from adjudicator.bank import HttpBank
from adjudicator.china_time import today
from adjudicator.decide import SYSTEM, payment_key
from adjudicator.intake import submit
from adjudicator.paying import pay
from adjudicator.paying_in_batches import pay_batch
from adjudicator.reconciling import reconcile
from adjudicator.stages import STAGES
from adjudicator.story import ClaimStory, tell
from adjudicator.verifying import verify_books
from adjudicator.worker import drain, retry, work_once
from domain.claim import Payee
from domain.decision import Actor
from domain.errors import BankError, StaleVersionError
from domain.payout import BankStatus, PaymentOrder
from domain.states import ClaimState, PaymentState
from sandbox.bank import SandboxBank
from sandbox.misbehaviour import BAD_DAY, WELL_BEHAVED, Misbehaviour
from storage import tables as t
from storage import tasks
from storage.ledger import Account, balances
from tests.adjudicator.world import World, id_card, invoice, notice, summary


def ready_to_pay(world: World, ref: str = "APP-1", number: str = "9900000001") -> str:
    """Bring a clean claim up to its payment order, and no further."""
    receipt = submit(world.system, notice(ref, world.files(invoice(number=number), summary(), id_card(), tag=ref)))
    work_once(world.system)  # read
    work_once(world.system)  # adjudicate
    return receipt.claim_id


def all_ready_to_pay(world: World, count: int) -> list[str]:
    """Bring several clean claims up to their payment orders, and none further."""
    papers = [
        (number, world.files(invoice(number=f"99000000{number:02}"), summary(), id_card(), tag=f"{number}-")) for number in range(count)
    ]
    claim_ids = [submit(world.system, notice(f"APP-{number}", files)).claim_id for number, files in papers]
    for _ in range(2 * count):
        with world.system.database.write() as tx:
            lease = tasks.lease_next(tx, ("read", "adjudicate"), 30_000)
        assert lease is not None
        STAGES[lease.stage](world.system, lease)
    return claim_ids


def lease_payment(world: World) -> tasks.Lease:
    with world.system.database.write() as tx:
        lease = tasks.lease_next(tx, ("pay",), 0)
    assert lease is not None
    return lease


def story_of(world: World, claim_id: str) -> ClaimStory:
    return tell(world.system, claim_id)


@pytest.mark.parametrize("mishap", ["lost before", "lost after"])
def test_a_lost_answer_is_asked_about_and_the_money_moves_once(world: World, mishap: str) -> None:
    world.bank.mishaps.append(mishap)
    claim_id = ready_to_pay(world)
    with pytest.raises(BankError):
        pay(world.system, lease_payment(world))
    assert story_of(world, claim_id).paid_fen == 0
    pay(world.system, lease_payment(world))
    assert story_of(world, claim_id).claim.state is ClaimState.PAID
    assert len(world.bank.booked) == 1
    assert [call.split()[0] for call in world.bank.calls] == (["pay", "query", "pay"] if mishap == "lost before" else ["pay", "query"])


def test_a_worker_killed_after_sending_is_followed_by_one_that_asks_first(world: World) -> None:
    claim_id = ready_to_pay(world)
    first = lease_payment(world)
    late = replace(world.bank)

    class Killed(BaseException):
        pass

    def die(order: PaymentOrder) -> None:
        late.booked[order.idempotency_key] = order  # the money moved, and then the process was gone
        raise Killed

    world.bank.pay = die  # type: ignore[method-assign,assignment]
    with pytest.raises(Killed):
        pay(world.system, first)
    del world.bank.pay  # type: ignore[method-assign]
    pay(world.system, lease_payment(world))
    assert story_of(world, claim_id).claim.state is ClaimState.PAID
    assert len(world.bank.booked) == 1


def test_a_worker_that_comes_back_late_writes_nothing(world: World) -> None:
    ready_to_pay(world)
    late = lease_payment(world)
    pay(world.system, lease_payment(world))
    with world.system.database.write() as tx, pytest.raises(StaleVersionError):
        tasks.finish(tx, late)


def test_a_bank_that_is_not_idempotent_is_never_sent_the_same_order_twice(world: World) -> None:
    world.bank.is_idempotent = False
    world.bank.mishaps.append("lost before")
    claim_id = ready_to_pay(world)
    with pytest.raises(BankError):
        pay(world.system, lease_payment(world))
    pay(world.system, lease_payment(world))
    story = story_of(world, claim_id)
    assert story.payout is not None and story.payout.state is PaymentState.UNKNOWN
    assert story.claim.state is ClaimState.DECIDED  # where people look
    assert [call.split()[0] for call in world.bank.calls] == ["pay", "query"]


def test_a_payment_of_unknown_outcome_is_asked_about_again_when_a_person_says_so(world: World) -> None:
    world.bank.is_idempotent = False
    world.bank.mishaps.append("lost before")
    claim_id = ready_to_pay(world)
    with pytest.raises(BankError):
        pay(world.system, lease_payment(world))
    pay(world.system, lease_payment(world))
    order = PaymentOrder(payment_key(claim_id, 1), 1_550_000, Payee("李示安", "9900000000000000010", "示例银行"), f"理赔款 {claim_id}")
    world.bank.booked[order.idempotency_key] = order  # it had arrived after all
    retry(world.system, claim_id, Actor("ops", "operator"))
    drain(world.system)
    assert story_of(world, claim_id).paid_fen == 1_550_000
    assert [call.split()[0] for call in world.bank.calls] == ["pay", "query", "query"]


def test_a_payment_that_is_given_up_waits_where_people_look(world: World) -> None:
    world.bank.mishaps.append("lost before")
    claim_id = ready_to_pay(world.with_limits(max_payment_attempts=1))
    drain(world.with_limits(max_payment_attempts=1).system)
    story = story_of(world, claim_id)
    assert (story.claim.state, story.paid_fen) == (ClaimState.DECIDED, 0)
    retry(world.system, claim_id, Actor("ops", "operator"))
    drain(world.system)
    assert story_of(world, claim_id).claim.state is ClaimState.PAID


def test_a_key_that_the_bank_may_have_forgotten_is_not_sent_again(world: World) -> None:
    world.bank.key_ttl_seconds = 0
    world.bank.mishaps.append("lost before")
    ready_to_pay(world)
    with pytest.raises(BankError):
        pay(world.system, lease_payment(world))
    pay(world.system, lease_payment(world))
    assert world.bank.booked == {}


def test_a_refused_account_books_nothing_and_goes_back_to_people(world: World) -> None:
    world.bank.mishaps.append("reject")
    claim_id = ready_to_pay(world)
    drain(world.system)
    assert story_of(world, claim_id).claim.state is ClaimState.DECIDED
    with world.system.database.read() as tx:
        assert balances(tx)[Account.BANK] == 0


@pytest.mark.parametrize("way", ["one by one", "in batches"])
def test_on_a_bank_with_a_bad_day_every_claim_is_paid_once_and_the_statement_agrees(world: World, tmp_path: Path, way: str) -> None:
    bank = SandboxBank(tmp_path / "bank.db", replace(BAD_DAY, delay=0.0, partial_batch=1.0))
    bank.start()
    over_http = HttpBank(bank.url)
    patient = replace(world, system=replace(world.system, bank=over_http, limits=replace(world.system.limits, max_attempts=50)))
    try:
        all_ready_to_pay(patient, 8)
        for _ in range(60):
            if way == "in batches":
                pay_batch(patient.system)
            else:
                drain(patient.system)
            with patient.system.database.write() as tx:  # no waiting for the pauses between attempts
                tx.connection.execute(update(t.task).where(t.task.c.status == "open").values(available_ms=0))
        with patient.system.database.read() as tx:
            sums, day = balances(tx), today(tx)
        done = reconcile(patient.system, day, over_http.statement(day), bank.url, SYSTEM)
        assert (done.matched, done.findings, verify_books(patient.system.database).differences) == (8, (), ())
        booked = bank.booked()
        assert len(booked) == len({each.idempotency_key for each in booked}) == 8
        assert sum(each.transfer.amount_fen for each in booked) == -sums[Account.BANK] == sums[Account.CLAIMS_EXPENSE]
    finally:
        over_http.close()
        bank.stop()


@pytest.mark.parametrize("mishap", [
    {"error_before_booking": 1.0}, {"error_after_booking": 1.0}, {"drop_after_booking": 1.0}, {"duplicate_answer": 1.0},
    {"book_late": 1.0}, {"pending": 1.0}, {"delay": 1.0, "delay_ms": 300},
], ids=lambda each: next(iter(each)))  # fmt: skip
def test_whatever_the_bank_does_at_first_the_money_moves_once(world: World, tmp_path: Path, mishap: dict[str, float]) -> None:
    """Every way of a bad day along the whole path: at first always, and then a good day."""
    bank = SandboxBank(tmp_path / "bank.db", Misbehaviour(**mishap))  # type: ignore[arg-type]  # probabilities
    bank.start()
    over_http = HttpBank(bank.url, timeout_seconds=0.1 if "delay" in mishap else 5.0)
    through = replace(world, system=replace(world.system, bank=over_http))
    try:
        claim_id = ready_to_pay(through)
        for good_day in (False, True, True):
            bank.misbehaviour = WELL_BEHAVED if good_day else bank.misbehaviour
            drain(through.system)
            with through.system.database.write() as tx:
                tx.connection.execute(update(t.task).where(t.task.c.status == "open").values(available_ms=0))
        drain(through.system)
        assert [each.transfer.amount_fen for each in bank.booked()] == [1_550_000]
        assert story_of(through, claim_id).paid_fen == 1_550_000
    finally:
        over_http.close()
        bank.stop()


def test_of_a_batch_that_was_taken_in_part_the_rest_is_asked_about_and_paid_once(world: World) -> None:
    claim_ids = all_ready_to_pay(world, 4)
    world.bank.mishaps.append("half")
    assert pay_batch(world.system) == 2
    assert sorted(story_of(world, each).claim.state for each in claim_ids) == ["PAID", "PAID", "PAYING", "PAYING"]
    with world.system.database.write() as tx:
        tx.connection.execute(update(t.task).values(available_ms=0))
    assert pay_batch(world.system) == 2
    assert {story_of(world, each).claim.state for each in claim_ids} == {ClaimState.PAID}
    asked = [call.split()[0] for call in world.bank.calls]
    assert (asked.count("pay"), asked.count("query"), len(world.bank.booked)) == (4, 2, 4)


def test_in_a_batch_one_refused_order_harms_no_other(world: World) -> None:
    claim_ids = all_ready_to_pay(world, 3)
    world.bank.mishaps.extend(["", "reject"])
    assert pay_batch(world.system) == 3
    assert sorted(story_of(world, each).claim.state for each in claim_ids) == ["DECIDED", "PAID", "PAID"]


def test_a_batch_of_nothing_calls_no_bank(world: World) -> None:
    assert pay_batch(world.system) == 0
    assert world.bank.calls == []


def test_the_http_bank_answers_to_its_keys(tmp_path: Path) -> None:
    bank = SandboxBank(tmp_path / "bank.db")
    bank.start()
    client, order = HttpBank(bank.url), PaymentOrder("key-1", 669_524, Payee("示例市第一医院", "9900000000000000101"), "理赔款")
    try:
        assert client.query("key-1").status is BankStatus.NOT_FOUND
        assert client.pay(order) == client.pay(order) == client.query("key-1")
        with pytest.raises(BankError):
            client.pay(replace(order, amount_fen=1))  # the same key for another amount is no payment
    finally:
        client.close()
        bank.stop()


def test_a_bank_that_is_away_is_an_error_with_a_way_out() -> None:
    client = HttpBank("http://127.0.0.1:9", timeout_seconds=0.5)
    with pytest.raises(BankError, match="tried again"):
        client.query("key-1")
