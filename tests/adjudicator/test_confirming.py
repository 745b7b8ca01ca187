"""A hospital's pre-settlement: held until it is confirmed, taken back when it is cancelled or runs out, and never beyond a limit."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_settlement import BILL

from adjudicator import clocks
from adjudicator.chores import do_chores
from adjudicator.hospital_bill import BillLine, SettlementRequest
from adjudicator.paying import pay
from adjudicator.recovering import ask_back, receive
from adjudicator.reopening import Ground, reopen
from adjudicator.repaying import give_account
from adjudicator.settlement import SettlementStatus, cancel_settlement, confirm_settlement, pre_settle, settle
from adjudicator.settling import give_back
from adjudicator.story import tell
from adjudicator.verifying import verify_books
from domain.assessment import AccumulatorKey
from domain.claim import Payee, PersonClue
from domain.decision import Actor, DecisionKind
from domain.errors import ConflictError, KeyReusedError, NotAllowedError
from domain.states import ClaimState, PaymentState
from storage import ledger, payouts, tasks
from storage import tables as t
from storage.decisions import accumulators_of
from storage.ids import new_id
from storage.ledger import Account
from storage.recoveries import Receipt
from tests.adjudicator.world import ADJUSTER, DIRECT, OTHER, World

HIS = Actor("H1", "hospital")
DESK = Actor("desk", "operator")
INSURER_FEN, CUSTOMER_FEN = 669_524, 104_838


def used(world: World) -> dict[AccumulatorKey, Fraction]:
    with world.system.database.read() as tx:
        return accumulators_of(tx, DIRECT.policy_number)


def sums(world: World) -> dict[Account, int]:
    with world.system.database.read() as tx:
        return {account: fen for account, fen in ledger.balances(tx).items() if fen}


def books_agree(world: World) -> bool:
    return verify_books(world.system.database).differences == ()


def state_of(world: World, claim_id: str) -> ClaimState:
    return tell(world.system, claim_id).claim.state


def later(world: World, claim_id: str, by_ms: int) -> None:
    """Let the hospital's clock be older."""
    c = t.clock.c
    with world.system.database.write() as tx:
        moved = t.clock.update().where(c.claim_id == claim_id, c.kind == clocks.CONFIRMATION)
        tx.connection.execute(moved.values(due_ms=c.due_ms - by_ms, warn_ms=c.warn_ms - by_ms))


def test_a_pre_settlement_holds_the_amounts_and_pays_nobody(world: World) -> None:
    answer = pre_settle(world.system, BILL)
    world.run()
    assert (answer.insurer_fen, answer.customer_fen, answer.status) == (INSURER_FEN, CUSTOMER_FEN, SettlementStatus.PRE_SETTLED)
    assert state_of(world, answer.claim_id) is ClaimState.PRESETTLED
    assert world.bank.booked == {}
    assert used(world) and books_agree(world)


def test_nobody_is_told_before_the_hospital_confirms(world: World) -> None:
    claim_id = pre_settle(world.system, BILL).claim_id
    assert tell(world.system, claim_id).notices == ()
    confirm_settlement(world.system, claim_id, HIS, CUSTOMER_FEN)
    assert [each.kind for each in tell(world.system, claim_id).notices] == ["decision"]


def test_what_is_confirmed_is_paid_to_the_hospital_to_the_fen(world: World) -> None:
    claim_id = pre_settle(world.system, BILL).claim_id
    answer = confirm_settlement(world.system, claim_id, HIS, CUSTOMER_FEN)
    world.run()
    assert (answer.status, answer.insurer_fen) == (SettlementStatus.CONFIRMED, INSURER_FEN)
    assert [(each.payee.holder, each.amount_fen) for each in world.bank.booked.values()] == [("示例市第一医院", INSURER_FEN)]
    assert state_of(world, claim_id) is ClaimState.PAID
    assert books_agree(world)


def test_confirming_twice_orders_once(world: World) -> None:
    claim_id = pre_settle(world.system, BILL).claim_id
    first = confirm_settlement(world.system, claim_id, HIS, CUSTOMER_FEN)
    again = confirm_settlement(world.system, claim_id, HIS, CUSTOMER_FEN)
    world.run()
    assert confirm_settlement(world.system, claim_id, HIS, CUSTOMER_FEN).status is first.status is again.status
    assert len(tell(world.system, claim_id).payouts) == len(world.bank.booked) == 1


@pytest.mark.parametrize("wrong_fen", [CUSTOMER_FEN - 1, CUSTOMER_FEN + 1])
def test_a_confirmation_of_another_amount_is_refused(world: World, wrong_fen: int) -> None:
    claim_id = pre_settle(world.system, BILL).claim_id
    with pytest.raises(ConflictError, match=r"1,048\.38"):
        confirm_settlement(world.system, claim_id, HIS, wrong_fen)
    assert state_of(world, claim_id) is ClaimState.PRESETTLED


def test_a_lost_answer_is_asked_for_again_and_settles_once(world: World) -> None:
    first, again = pre_settle(world.system, BILL), pre_settle(world.system, BILL)
    assert again == replace(first, is_new=False)
    with pytest.raises(KeyReusedError):
        pre_settle(world.system, replace(BILL, diagnosis_icd10="J18.0"))


def test_settling_at_once_under_the_same_number_confirms(world: World) -> None:
    claim_id = pre_settle(world.system, BILL).claim_id
    assert settle(world.system, BILL).status is SettlementStatus.CONFIRMED
    assert pre_settle(world.system, BILL).claim_id == claim_id


def test_a_cancelled_pre_settlement_gives_every_limit_back_and_reverses_the_ledger(world: World) -> None:
    before = used(world)
    claim_id = pre_settle(world.system, BILL).claim_id
    answer = cancel_settlement(world.system, claim_id, HIS, "账单有误")
    assert (answer.status, answer.insurer_fen, answer.customer_fen) == (SettlementStatus.CANCELLED, 0, BILL.total_fen)
    assert (used(world), sums(world), state_of(world, claim_id)) == (before, {}, ClaimState.CLOSED)
    assert tell(world.system, claim_id).notices == ()  # nothing was told, so there is nothing to take back
    assert books_agree(world)


def test_cancelling_twice_is_cancelling_once(world: World) -> None:
    claim_id = pre_settle(world.system, BILL).claim_id
    first = cancel_settlement(world.system, claim_id, HIS, "账单有误")
    assert cancel_settlement(world.system, claim_id, HIS, "账单有误") == first == pre_settle(world.system, BILL)
    story = tell(world.system, claim_id)
    assert (story.claim.round, story.decision and story.decision.kind) == (2, DecisionKind.CANCELLED)


def test_what_was_cancelled_can_neither_be_confirmed_nor_settled_under_its_number(world: World) -> None:
    claim_id = pre_settle(world.system, BILL).claim_id
    cancel_settlement(world.system, claim_id, HIS, "账单有误")
    with pytest.raises(ConflictError, match="cancelled"):
        confirm_settlement(world.system, claim_id, HIS, CUSTOMER_FEN)
    assert settle(world.system, BILL).status is SettlementStatus.CANCELLED


def test_an_order_that_was_not_sent_is_called_off(world: World) -> None:
    claim_id = settle(world.system, BILL).claim_id
    cancel_settlement(world.system, claim_id, HIS, "重复结算")
    world.run()
    assert world.bank.calls == []
    assert (used(world), sums(world)) == ({}, {})
    assert [each.kind for each in tell(world.system, claim_id).notices] == ["decision", "settlement_cancelled"]
    assert books_agree(world)


def test_a_worker_that_holds_the_order_meanwhile_cannot_send_it(world: World) -> None:
    claim_id = settle(world.system, BILL).claim_id
    with world.system.database.write() as tx:
        lease = tasks.lease_next(tx, ("pay",), 30_000)
    assert lease
    cancel_settlement(world.system, claim_id, HIS, "重复结算")
    with pytest.raises(Exception, match="lease"):
        pay(world.system, lease)
    assert world.bank.calls == []


def test_while_the_money_is_on_its_way_nothing_is_cancelled(world: World) -> None:
    claim_id = settle(world.system, BILL).claim_id
    (order,) = tell(world.system, claim_id).payouts
    with world.system.database.write() as tx:
        payouts.note_sending(tx, order.idempotency_key)
    before = (used(world), sums(world))
    with pytest.raises(ConflictError, match="on its way"):
        cancel_settlement(world.system, claim_id, HIS, "重复结算")
    assert (used(world), sums(world)) == before


def test_what_was_paid_already_is_to_be_given_back_by_the_hospital_and_by_nobody_else(world: World) -> None:
    claim_id = settle(world.system, BILL).claim_id
    world.run()
    cancel_settlement(world.system, claim_id, HIS, "患者退费")
    assert used(world) == {}
    assert sums(world) == {Account.CLAIMS_RECOVERABLE: INSURER_FEN, Account.BANK: -INSURER_FEN}
    system = replace(world.system, letterhead=replace(world.system.letterhead, repay_to="示例银行 1"))
    with pytest.raises(ConflictError, match="customer owes nothing"):
        ask_back(system, claim_id, ADJUSTER, "患者退费")
    told = len(tell(world.system, claim_id).notices)
    with world.system.database.write() as tx:
        receive(tx, Receipt("IN-1", claim_id, INSURER_FEN, date(2025, 9, 1), "desk"), DESK)
    assert sums(world) == {}
    assert len(tell(world.system, claim_id).notices) == told  # the customer hears nothing of what two firms settle
    assert books_agree(world)


def test_what_bounced_is_cancelled_where_it_stands_and_no_customer_gives_an_account_for_it(world: World) -> None:
    claim_id = settle(world.system, BILL).claim_id
    world.bank.mishaps.append("reject")
    world.run()
    assert state_of(world, claim_id) is ClaimState.DECIDED
    with pytest.raises(NotAllowedError, match="hospital"):
        give_account(world.system, claim_id, Actor(OTHER.person_id, "customer"), Payee(OTHER.name, "9900000000000000010"))
    cancel_settlement(world.system, claim_id, HIS, "患者退费")
    assert (used(world), sums(world), state_of(world, claim_id)) == ({}, {}, ClaimState.CLOSED)
    assert books_agree(world)


def test_money_that_comes_back_after_the_cancellation_leaves_nothing_owed(world: World) -> None:
    claim_id = settle(world.system, BILL).claim_id
    world.run()
    cancel_settlement(world.system, claim_id, HIS, "患者退费")
    (order,) = tell(world.system, claim_id).payouts
    with world.system.database.write() as tx:
        give_back(tx, order.idempotency_key, "退票", DESK)
    assert (sums(world), state_of(world, claim_id)) == ({}, ClaimState.CLOSED)
    assert books_agree(world)


def test_what_a_person_took_up_again_a_hospital_cannot_cancel(world: World) -> None:
    claim_id = settle(world.system, BILL).claim_id
    world.run()
    reopen(world.system, claim_id, tell(world.system, claim_id).claim.version, ADJUSTER, "复核", Ground.ERROR)
    with pytest.raises(ConflictError, match="taken up again"):
        cancel_settlement(world.system, claim_id, HIS, "患者退费")


def test_a_bill_that_was_not_settled_is_withdrawn(world: World) -> None:
    early = replace(BILL, admission_date=date(2025, 2, 10), discharge_date=date(2025, 2, 12))
    refused = pre_settle(world.system, early)
    assert (refused.status, refused.insurer_fen) == (SettlementStatus.NOT_SETTLED, 0)
    assert {each.kind for each in tell(world.system, refused.claim_id).clocks if each.met_ms is None} == {"decision", "advance"}
    with pytest.raises(ConflictError):
        confirm_settlement(world.system, refused.claim_id, HIS, refused.customer_fen)
    assert cancel_settlement(world.system, refused.claim_id, HIS, "患者自费").status is SettlementStatus.CANCELLED
    assert state_of(world, refused.claim_id) is ClaimState.WITHDRAWN


def test_a_pre_settlement_that_nobody_confirms_runs_out_at_its_hour_and_not_before(world: World) -> None:
    answer = pre_settle(world.system, BILL)
    day_ms = world.system.limits.presettlement_ms
    later(world, answer.claim_id, day_ms - 60_000)
    do_chores(world.system)
    assert state_of(world, answer.claim_id) is ClaimState.PRESETTLED
    later(world, answer.claim_id, 60_000)
    do_chores(world.system)
    assert (used(world), sums(world), state_of(world, answer.claim_id)) == ({}, {}, ClaimState.CLOSED)
    assert pre_settle(world.system, BILL).status is SettlementStatus.EXPIRED
    assert "自动撤销" in " ".join(tell(world.system, answer.claim_id).reasons)
    with world.system.database.read() as tx:  # a hospital's delay is no fault of our people
        assert tx.connection.execute(t.message.select().where(t.message.c.way == "staff")).all() == []
    assert books_agree(world)


def test_what_was_confirmed_in_time_never_runs_out(world: World) -> None:
    claim_id = pre_settle(world.system, BILL).claim_id
    confirm_settlement(world.system, claim_id, HIS, CUSTOMER_FEN)
    later(world, claim_id, 2 * world.system.limits.presettlement_ms)
    do_chores(world.system)
    world.run()
    assert state_of(world, claim_id) is ClaimState.PAID


def a_bill(number: int, listed_fen: int) -> SettlementRequest:
    return replace(BILL, external_ref=f"HIS-{number}", total_fen=listed_fen, lines=(BillLine("手术费", "甲", listed_fen),))


LIMIT_FEN = 100_000_000


def test_two_pre_settlements_at_one_moment_never_exceed_a_limit(world: World) -> None:
    world = world.with_limits(straight_through_fen=10 * LIMIT_FEN)
    at_once(lambda number: pre_settle(world.system, a_bill(number, 7_000_000)), range(4))
    together = used(world)
    one_by_one = {key: amount for key, amount in together.items() if amount > LIMIT_FEN}
    assert one_by_one == {}
    assert max(together.values()) == 4 * 6_300_000  # each found the ones before it
    assert books_agree(world)


def test_confirmed_and_cancelled_at_one_moment_is_one_of_the_two(world: World) -> None:
    claim_id = pre_settle(world.system, BILL).claim_id

    def act(number: int) -> None:
        if number % 2:
            cancel_settlement(world.system, claim_id, HIS, "账单有误")
        else:
            with suppress(ConflictError):
                confirm_settlement(world.system, claim_id, HIS, CUSTOMER_FEN)

    at_once(act, range(4))
    world.run()
    assert (used(world), sums(world), world.bank.calls) == ({}, {}, [])  # whichever came first, it was cancelled before it was sent
    assert books_agree(world)


def test_the_same_number_at_one_moment_is_one_settlement(world: World) -> None:
    answers = at_once(lambda _: pre_settle(world.system, BILL), range(4))
    assert len({each.claim_id for each in answers}) == 1
    assert sum(each.is_new for each in answers) == 1


def at_once(act: Callable[[int], Any], numbers: range) -> list[Any]:
    with ThreadPoolExecutor(len(numbers)) as pool:
        return list(pool.map(act, numbers))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    bills=st.lists(st.integers(1, 9_000_000), min_size=1, max_size=3),
    steps=st.lists(st.tuples(st.sampled_from(["confirm", "cancel", "pay", "expire"]), st.integers(0, 2)), max_size=6),
)
def test_whatever_happens_to_settlements_the_books_agree_and_cancelled_ones_use_nothing(
    world: World, bills: list[int], steps: list[tuple[str, int]]
) -> None:
    settled = [pre_settle(world.system, replace(a_bill(0, fen), external_ref=new_id("HIS"))) for fen in bills]
    for step, place in steps:
        answer = settled[place % len(settled)]
        try:
            if step == "confirm":
                confirm_settlement(world.system, answer.claim_id, HIS, answer.customer_fen)
            elif step == "cancel":
                cancel_settlement(world.system, answer.claim_id, HIS, "账单有误")
            elif step == "pay":
                world.run()
            else:
                later(world, answer.claim_id, 2 * world.system.limits.presettlement_ms)
                do_chores(world.system)
        except ConflictError:
            pass
    assert books_agree(world)
    with world.system.database.read() as tx:
        counting = t.accumulator_use.select().where(t.accumulator_use.c.superseded_by.is_(None))
        using = {row.claim_id for row in tx.connection.execute(counting)}
    given_up = {each.claim_id for each in settled if state_of(world, each.claim_id) is ClaimState.CLOSED}
    assert not using & {each for each in given_up if tell(world.system, each).decision.kind is DecisionKind.CANCELLED}  # type: ignore[union-attr]


def test_a_cancelled_order_never_counts_as_standing(world: World) -> None:
    claim_id = settle(world.system, BILL).claim_id
    cancel_settlement(world.system, claim_id, HIS, "重复结算")
    assert [each.state for each in tell(world.system, claim_id).payouts] == [PaymentState.BOUNCED]


def test_somebody_elses_limit_is_their_own(world: World) -> None:
    pre_settle(world.system, BILL)
    assert BILL.insured == PersonClue(id_number=OTHER.id_number)
    with world.system.database.read() as tx:
        assert accumulators_of(tx, "PL1") == {}
