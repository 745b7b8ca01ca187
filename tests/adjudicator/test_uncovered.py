"""A policy whose premium was not paid never pays by itself: the claim goes to a person, with a finding that says why."""

from datetime import date

import pytest

from adjudicator.intake import submit
from adjudicator.story import ClaimStory, tell
from domain.claim import PersonClue
from domain.contract import Contract, EntryKind, PolicyEntry, premium_event
from domain.finding import Severity
from domain.states import ClaimState
from domain.terms import Frequency
from storage import policy_ledger
from tests.adjudicator.world import STANDARD, World, id_card, invoice, notice, summary

START = STANDARD.effective_from


def claimed(world: World, *entries: PolicyEntry) -> ClaimStory:
    """Claim under a policy whose contract is known, with these entries."""
    with world.system.database.write() as tx:
        policy_ledger.save_contracts(tx, [Contract(STANDARD.policy_number, Frequency.YEARLY, 48_000)])
        policy_ledger.book(tx, entries)
    files = world.files(invoice(), summary(), id_card())
    receipt = submit(world.system, notice(files=files, policy_numbers=(STANDARD.policy_number,)))
    world.run()
    return tell(world.system, receipt.claim_id)


def premium(on: date = START) -> PolicyEntry:
    return PolicyEntry(STANDARD.policy_number, EntryKind.PREMIUM, 48_000, premium_event(START), on)


def codes(story: ClaimStory) -> list[str]:
    return [each.code for each in story.adjudication.findings] if story.adjudication else []


def test_with_its_premium_paid_a_policy_pays_straight_through(world: World) -> None:
    story = claimed(world, premium())
    assert (story.claim.state, "policy.not_covering" in codes(story)) == (ClaimState.PAID, False)


def test_with_its_premium_missing_a_person_judges(world: World) -> None:
    story = claimed(world)
    assert story.claim.state is ClaimState.IN_REVIEW
    assert story.adjudication is not None
    (finding,) = [each for each in story.adjudication.findings if each.code == "policy.not_covering"]
    assert (finding.severity, finding.message) == (Severity.DOUBT, "出险日保单 PL1 已终止（自 2025-03-04 起）")
    assert "policy.not_in_force" in [flag.code for flag in story.adjudication.route.flags]


def test_a_premium_paid_after_its_grace_does_not_cover_what_came_before(world: World) -> None:
    assert "policy.not_covering" in codes(claimed(world, premium(date(2025, 3, 4))))


@pytest.mark.parametrize("ended", [EntryKind.SURRENDER, EntryKind.RESCISSION])
def test_a_policy_that_was_given_up_before_the_loss_goes_to_a_person(world: World, ended: EntryKind) -> None:
    given_up = PolicyEntry(STANDARD.policy_number, ended, 100, "ended", date(2025, 2, 2))
    assert claimed(world, premium(), given_up).claim.state is ClaimState.IN_REVIEW


def test_a_policy_of_which_only_the_cover_is_known_pays_as_ever(world: World) -> None:
    receipt = submit(world.system, notice(files=world.files(invoice(), summary(), id_card()), insured=PersonClue(policy_number="PL1")))
    world.run()
    assert tell(world.system, receipt.claim_id).claim.state is ClaimState.PAID
