"""A stored decision replays bit for bit from its book, its elements and the limits used before."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from adjudicator.intake import submit
from storage import history, registry
from storage.history import DecidedClaim
from tests.adjudicator.replaying import differences_of
from tests.adjudicator.world import CASH, World, id_card, invoice, notice, summary


def _decided(world: World, ref: str = "APP-1", number: str = "9900000001", **changes: date) -> DecidedClaim:
    papers = (invoice(number=number, **changes), summary(**changes), id_card())
    receipt = submit(world.system, notice(ref, world.files(*papers, tag=ref)))
    world.run()
    with world.system.database.read() as tx:
        found = history.find_decided(tx, receipt.claim_id)
    assert found is not None
    return found


def test_a_decision_replays_bit_for_bit(world: World) -> None:
    assert differences_of(world, _decided(world)) == []


def test_a_second_claim_replays_with_what_the_first_used(world: World) -> None:
    _decided(world)
    second = _decided(world, "APP-2", "9900000002")
    (policy,) = second.policies
    assert policy.used is not None
    assert Fraction(1_000_000) in policy.used.values()  # the deductible of the year was gone
    assert differences_of(world, second) == []


def test_a_claim_under_two_policies_replays_with_their_coordination(world: World) -> None:
    with world.system.database.write() as tx:
        registry.save_policies(tx, [CASH])
    claim = _decided(world)
    assert len(claim.policies) == 2
    assert differences_of(world, claim) == []


def test_a_changed_element_shows_as_a_difference(world: World) -> None:
    claim = _decided(world)
    policy = replace(claim.policies[0], elements={**claim.policies[0].elements, "住院天数": 9})
    found = differences_of(world, replace(claim, policies=(policy,)))
    assert any("amount_fen" in each for each in found)
