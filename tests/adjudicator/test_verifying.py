"""`ledger verify`: books that hold hold, and whatever is wrong in them is named. Each wrong is written past the triggers."""

import pytest
from sqlalchemy import text

from adjudicator.reopening import Ground, reopen
from adjudicator.story import tell
from adjudicator.verifying import iter_lines, verify_books
from storage.database import Transaction
from tests.adjudicator.test_bounced import came_late, paid, renewed, returned
from tests.adjudicator.test_reopening import THIRD, after, decide, decided, in_review, reopened
from tests.adjudicator.world import ADJUSTER, SENIOR, World


def differences(world: World) -> tuple[str, ...]:
    return verify_books(world.system.database).differences


def test_books_hold_through_every_turn_that_money_takes(world: World) -> None:
    story = reopened(world, decided(world, 1_000_000))
    assert differences(world) == ()
    decide(world, story, 400_000)
    assert differences(world) == ()
    story = after(world, story)
    reopen(world.system, story.claim.claim_id, story.claim.version, ADJUSTER, "复核", Ground.ERROR)
    decide(world, tell(world.system, story.claim.claim_id), None, THIRD)
    assert differences(world) == ()  # a payment is in flight
    after(world, story)
    assert differences(world) == ()


def test_books_hold_while_money_comes_and_goes(world: World) -> None:
    story = paid(world)
    for step in (returned, renewed, came_late, returned):
        story = step(world, story)
        assert differences(world) == ()
        world.run()
        assert differences(world) == ()


def test_a_claim_that_is_not_decided_has_empty_books(world: World) -> None:
    in_review(world)
    verified = verify_books(world.system.database)
    assert list(iter_lines(verified)) == ["1 claims, 0 entries: no difference"]


def past_the_triggers(tx: Transaction, table: str, statement: str) -> None:
    if tx.connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            tx.connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
    else:
        tx.connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    tx.connection.execute(text(statement))
    if tx.connection.dialect.name != "sqlite":
        tx.connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


@pytest.mark.parametrize(("table", "statement", "told"), [
    ("ledger_entry", "UPDATE ledger_entry SET amount_fen = amount_fen + 1 WHERE event LIKE 'decision%'", "15,500.01 and 15,500.00"),
    ("ledger_entry", "UPDATE ledger_entry SET amount_fen = amount_fen - 1 WHERE event LIKE 'payment%'", "15,499.99 and 15,500.00"),
    ("ledger_entry", "DELETE FROM ledger_entry WHERE event LIKE 'payment%'", "what left the bank"),
    ("ledger_entry", "UPDATE ledger_entry SET event = 'gift' WHERE event LIKE 'payment%'", "nobody knows the event gift"),
    ("ledger_entry", "UPDATE ledger_entry SET credit_account = 'claims_recoverable' WHERE event LIKE 'payment%'", "what left the bank"),
    ("decision", "UPDATE decision SET amount_fen = amount_fen + 1", "the expense and the decision that stands"),
    ("payout", "UPDATE payout SET state = 'BOUNCED'", "what left the bank"),
    ("payout", "UPDATE payout SET amount_fen = amount_fen + 1", "payment"),
    ("claim", "UPDATE claim SET state = 'PAYING'", "no order of it is in flight"),
    ("payout", "UPDATE payout SET state = 'SENT'", "what left the bank"),
    ("accumulator_use", "UPDATE accumulator_use SET round = 7", "limits are still used by round 7"),
    ("audit", "UPDATE audit SET actor = 'nobody' WHERE seq = 2", "broken at entry 2"),
])  # fmt: skip
def test_what_is_wrong_is_named(world: World, table: str, statement: str, told: str) -> None:
    story = paid(world)
    with world.system.database.write() as tx:
        past_the_triggers(tx, table, statement)
    found = differences(world)
    assert any(told in each for each in found)
    assert all(story.claim.claim_id in each for each in found)


@pytest.mark.parametrize(("statement", "told"), [
    ("DELETE FROM ledger_entry WHERE event LIKE 'reversal%'", "the expense and the decision that stands"),
    ("UPDATE ledger_entry SET amount_fen = 1 WHERE event LIKE 'reversal%'", "does not take back"),
    ("DELETE FROM ledger_entry WHERE event LIKE 'set-off%'", "is owed and"),
])  # fmt: skip
def test_what_is_wrong_after_a_decision_anew_is_named(world: World, statement: str, told: str) -> None:
    story = reopened(world, decided(world))
    decide(world, story, 1, SENIOR)
    assert differences(world) == ()
    with world.system.database.write() as tx:
        past_the_triggers(tx, "ledger_entry", statement)
    assert any(told in each for each in differences(world))


def test_looking_ends_after_enough_differences(world: World) -> None:
    paid(world)
    with world.system.database.write() as tx:
        past_the_triggers(tx, "decision", "UPDATE decision SET amount_fen = 1")
    assert len(verify_books(world.system.database, at_most=1).differences) == 1
