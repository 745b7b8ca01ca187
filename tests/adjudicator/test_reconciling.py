"""The bank's statement against the books: what agrees, what only one side knows, and what is written down late."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from adjudicator.china_time import today
from adjudicator.decide import payment_key
from adjudicator.intake import submit
from adjudicator.owing import paid_fen, payable_fen
from adjudicator.reconciling import check_is_past, read_statement, reconcile
from adjudicator.story import ClaimStory, tell
from adjudicator.verifying import verify_books
from adjudicator.worker import drain
from domain.decision import Actor
from domain.errors import BankError, ConflictError, InputError
from domain.finding import Severity
from domain.payout import Movement, StatementLine
from domain.states import ClaimState, PaymentState
from storage import payouts
from storage import tables as t
from storage.reconciliations import Reconciliation, last_reconciliation
from tests.adjudicator.test_bounced import FULL_FEN, paid
from tests.adjudicator.world import World, id_card, invoice, notice, summary

OPERATOR = Actor("ops", "operator")


def day_of(world: World) -> date:
    with world.system.database.read() as tx:
        return today(tx)


def compared(world: World, *lines: StatementLine) -> Reconciliation:
    return reconcile(world.system, day_of(world), lines, "bank.csv", OPERATOR)


def codes(done: Reconciliation) -> list[str]:
    return [each.code for each in done.findings]


def line_of(claim_id: str, **changes: object) -> StatementLine:
    key = payment_key(claim_id, 1)
    made = StatementLine(Movement.PAYMENT, key, f"BANK-{key[:8]}", FULL_FEN)
    return replace(made, **changes)  # type: ignore[arg-type]  # fields of the line


def test_what_both_know_agrees_and_the_run_is_kept(world: World) -> None:
    story = paid(world)
    done = compared(world, *world.system.bank.statement(day_of(world)))
    assert (done.matched, done.matched_fen, done.findings) == (1, FULL_FEN, ())
    with world.system.database.read() as tx:
        assert last_reconciliation(tx, day_of(world)) == done
    assert tell(world.system, story.claim.claim_id).claim.state is ClaimState.PAID


def test_an_empty_day_agrees(world: World) -> None:
    assert (compared(world).matched, compared(world).findings) == (0, ())


@pytest.mark.parametrize(("changes", "code"), [
    ({"amount_fen": FULL_FEN + 1}, "bank.amount"), ({"amount_fen": FULL_FEN - 1}, "bank.amount"),
    ({"bank_reference": "BANK-other"}, "bank.reference"), ({"idempotency_key": "0" * 40}, "bank.unknown"),
])  # fmt: skip
def test_a_line_that_differs_is_told_and_changes_nothing(world: World, changes: dict[str, object], code: str) -> None:
    story = paid(world)
    done = compared(world, line_of(story.claim.claim_id, **changes))
    assert codes(done)[0] == code
    assert done.matched == 0
    assert {each.severity for each in done.findings if each.code == code} == {Severity.DOUBT}
    assert tell(world.system, story.claim.claim_id).ledger == story.ledger


def test_a_payment_that_the_statement_lacks_is_asked_about(world: World) -> None:
    paid(world)
    assert codes(compared(world)) == ["bank.other_day"]  # the bank knows it: it stands on a neighbouring day
    world.bank.booked.clear()
    assert codes(compared(world)) == ["bank.missing"]

    def away(_key: str) -> None:
        raise BankError("no answer")

    world.bank.query = away  # type: ignore[method-assign,assignment]
    assert codes(compared(world)) == ["bank.missing"]


def test_a_payment_of_unknown_outcome_that_stands_on_the_statement_is_booked(world: World) -> None:
    world.bank.is_idempotent = False
    story = paid(world, "lost before")
    with world.system.database.write() as tx:
        tx.connection.execute(t.task.update().values(available_ms=0))
    world.run()
    done = compared(world, line_of(story.claim.claim_id))
    story = tell(world.system, story.claim.claim_id)
    assert codes(done) == ["bank.late"]
    assert (story.claim.state, story.paid_fen) == (ClaimState.PAID, FULL_FEN)
    assert (compared(world, line_of(story.claim.claim_id)).matched, len(story.ledger)) == (1, 2)  # the next run finds it reconciled


def test_a_payment_that_was_refused_and_stands_on_the_statement_is_booked_late(world: World) -> None:
    story = paid(world, "reject")
    assert codes(compared(world, line_of(story.claim.claim_id))) == ["bank.late"]
    story = tell(world.system, story.claim.claim_id)
    assert (story.claim.state, [each.state for each in story.payouts]) == (ClaimState.PAID, [PaymentState.LATE])


def test_money_that_came_back_is_owed_again_once(world: World) -> None:
    story = paid(world)
    back = line_of(story.claim.claim_id, movement=Movement.RETURN, reason="账户已销户")
    for expected in (["bank.returned"], []):
        done = compared(world, back, line_of(story.claim.claim_id))  # in no order
        assert (codes(done), done.matched) == (expected, 1)
        assert all(each.severity is Severity.NOTE for each in done.findings)
    with world.system.database.read() as tx:
        assert (paid_fen(tx, story.claim.claim_id), payable_fen(tx, story.claim.claim_id)) == (0, FULL_FEN)
    assert tell(world.system, story.claim.claim_id).claim.state is ClaimState.DECIDED


def test_a_return_of_what_we_never_booked_is_for_a_person(world: World) -> None:
    story = paid(world, "reject")
    assert codes(compared(world, line_of(story.claim.claim_id, movement=Movement.RETURN))) == ["bank.return_unpaid"]


def test_an_order_that_was_never_sent_cannot_stand_there(world: World) -> None:
    story = paid(world)
    with world.system.database.write() as tx:
        tx.connection.execute(t.payout.update().values(idempotency_key="other", state="ORDERED", bank_reference=None))
    assert "bank.never_sent" in codes(compared(world, line_of(story.claim.claim_id, idempotency_key="other")))


def test_what_the_bank_lists_twice_is_told_and_counted_once(world: World) -> None:
    story = paid(world)
    done = compared(world, line_of(story.claim.claim_id), line_of(story.claim.claim_id))
    assert (codes(done), done.matched) == (["bank.twice"], 1)


def test_a_statement_is_read_from_csv() -> None:
    text = "\ufeffmovement,idempotency_key,bank_reference,amount_fen,reason\npayment,K1,B1,100,\nreturn,K1,B1,100,账户已销户\n"
    assert read_statement(text) == (
        StatementLine(Movement.PAYMENT, "K1", "B1", 100),
        StatementLine(Movement.RETURN, "K1", "B1", 100, "账户已销户"),
    )


@pytest.mark.parametrize(("text", "told"), [
    ("", "no column movement"), ("movement,idempotency_key,bank_reference\n", "no column amount_fen"),
    ("movement,idempotency_key,bank_reference,amount_fen\npayment,K,B,1.00\n", r"line 2 .* amount_fen is '1\.00'"),
    ("movement,idempotency_key,bank_reference,amount_fen\npayment,K,B,1\ngift,K,B,1\n", "line 3 .* movement is 'gift'"),
    ("movement,idempotency_key,bank_reference,amount_fen\npayment,K,B\n", "line 2 .* amount_fen is ''"),
    ("movement,idempotency_key,bank_reference,amount_fen\npayment,K,B,-1\n", "line 2 .* amount_fen is '-1'"),
])  # fmt: skip
def test_a_statement_that_cannot_be_read_names_its_place(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read_statement(text)


def test_a_day_is_reconciled_when_it_is_over() -> None:
    check_is_past(date(2026, 11, 21), date(2026, 11, 22))
    for day in (date(2026, 11, 22), date(2026, 11, 22) + timedelta(days=1)):
        with pytest.raises(ConflictError):
            check_is_past(day, date(2026, 11, 22))


def test_the_books_hold_after_all_of_it(world: World) -> None:
    story = paid(world)
    compared(world, line_of(story.claim.claim_id, movement=Movement.RETURN))
    with world.system.database.write() as tx:
        assert [each.state for each in payouts.payouts_of(tx, story.claim.claim_id)] == [PaymentState.BOUNCED]
    verified = verify_books(world.system.database)
    assert (verified.claims, verified.differences) == (1, ())


def test_a_reference_that_another_payment_has_is_told(world: World) -> None:
    first = paid(world)
    second = paid_again(world)
    assert first.payout is not None and second.payout is not None
    lying = line_of(second.claim.claim_id, bank_reference=first.payout.bank_reference, amount_fen=second.payout.amount_fen)
    done = compared(world, line_of(first.claim.claim_id), lying)
    assert (codes(done), done.matched) == (["bank.reference"], 1)


def paid_again(world: World) -> ClaimStory:
    """Give a second claim, whose payment the bank refused."""
    world.bank.mishaps.append("reject")
    files = world.files(invoice(number="9900000002"), summary(), id_card(), tag="2")
    claim_id = submit(world.system, notice("APP-2", files)).claim_id
    world.run()
    return tell(world.system, claim_id)


def test_workers_and_reconciliations_at_once_book_each_payment_once(world: World) -> None:
    for number in range(8):
        files = world.files(invoice(number=f"99000000{number:02}"), summary(), id_card(), tag=f"{number}-")
        submit(world.system, notice(f"APP-{number}", files))

    def work(number: int) -> None:
        if number % 2:
            drain(world.system)
        else:
            compared(world, *world.system.bank.statement(day_of(world)))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(12)))
    with world.system.database.write() as tx:
        tx.connection.execute(t.task.update().where(t.task.c.status == "open").values(available_ms=0))
    world.run()
    done = compared(world, *world.system.bank.statement(day_of(world)))
    assert (done.matched, done.findings, len(world.bank.booked)) == (8, (), 8)
    assert verify_books(world.system.database).differences == ()
