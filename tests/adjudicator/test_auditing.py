"""`audit verify`: every chain of hashes is looked through, and the one that does not hold is named."""

from sqlalchemy import text

from adjudicator.auditing import iter_lines, verify_chains
from adjudicator.intake import submit
from tests.adjudicator.world import World, notice


def test_chains_that_hold_are_counted(world: World) -> None:
    submit(world.system, notice())
    assert list(iter_lines(verify_chains(world.system.database))) == [
        "1 claims, 0 customers and agents, the rule books, the look-ups: all hold"
    ]


def test_a_claims_chain_that_was_cut_off_is_named(world: World) -> None:
    claim_id = submit(world.system, notice()).claim_id
    with world.system.database.write() as tx:
        tx.connection.execute(text("UPDATE claim SET audit_hash = :other"), {"other": "0" * 64})
    audited = verify_chains(world.system.database)
    assert audited.breaks == (f"the audit chain of {claim_id} ends before its head",)
    assert list(iter_lines(audited))[-1].endswith("1 broken")
