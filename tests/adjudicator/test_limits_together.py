"""Limits under concurrency: claims of one insured at the same instant never use the same deductible or limit twice."""

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

from adjudicator import review
from adjudicator.intake import submit
from adjudicator.reopening import Ground, reopen
from adjudicator.story import ClaimStory, tell
from adjudicator.worker import drain
from domain.errors import StaleVersionError
from domain.states import ClaimState
from storage import decisions
from storage.access import Staff
from tests.adjudicator.world import World, id_card, invoice, notice, summary

YEARLY_FEN = 200_000_000  # 年限额 of the plan
BILL_FEN = 60_000_000  # eight of these are more than twice the limit
CLAIMS = 8


def submitted(world: World, total_fen: int = 3_000_000) -> list[str]:
    return [
        submit(
            world.system,
            notice(f"APP-{number}", world.files(invoice(total_fen, number=f"99000000{number:02}"), summary(), id_card(), tag=f"{number}-")),
        ).claim_id
        for number in range(CLAIMS)
    ]


def stories(world: World, claim_ids: list[str]) -> list[ClaimStory]:
    return [tell(world.system, each) for each in claim_ids]


def approve_all_at_once(world: World, claim_ids: list[str], staff: str) -> int:
    """Let eight people approve one claim each in the same moment; gives how many approvals were accepted."""

    def approve(claim_id: str) -> bool:
        version = tell(world.system, claim_id).claim.version
        try:
            review.approve(world.system, claim_id, version, Staff(f"{staff}-{claim_id}", staff, "senior_adjuster", 10**12), "")
        except StaleVersionError:
            return False
        return True

    with ThreadPoolExecutor(CLAIMS) as pool:
        return sum(pool.map(approve, claim_ids))


def used_of_the_year(world: World) -> Fraction:
    with world.system.database.read() as tx:
        used = decisions.accumulators_of(tx, "PL1")
    return next(amount for key, amount in used.items() if key.name.endswith("年限额"))


def given_under_the_limit(world: World, claim_ids: list[str]) -> list[int]:
    """Tell what each claim was given under the responsibility that has the limit, the least first."""
    results = [
        result
        for story in stories(world, claim_ids)
        for each in (story.adjudication.policies if story.adjudication else ())
        for result in each.assessment.results
        if any(use.key.name.endswith("年限额") for use in result.uses)
    ]
    return sorted(result.amount_fen or 0 for result in results)


def test_eight_claims_at_once_share_one_deductible(world: World) -> None:
    claim_ids = submitted(world)
    with ThreadPoolExecutor(CLAIMS) as pool:
        list(pool.map(lambda _: drain(world.system), range(CLAIMS)))
    world.run()
    proposed = [story.adjudication.proposed_fen for story in stories(world, claim_ids) if story.adjudication]
    assert len(proposed) == CLAIMS
    assert sorted(proposed)[0] == 1_550_000  # one bears the deductible,
    assert [each for each in proposed if each > 1_550_000] == [2_550_000] * 7  # and the others none


def test_eight_approvals_in_one_moment_use_a_yearly_limit_to_the_fen_and_no_further(world: World) -> None:
    strict = world.with_limits(straight_through_fen=0)
    claim_ids = submitted(strict, BILL_FEN)
    strict.run()
    assert approve_all_at_once(world, claim_ids, "first") == CLAIMS  # none was turned away: the sum below tells of all eight
    world.run()
    given = given_under_the_limit(world, claim_ids)
    assert sum(given) == used_of_the_year(world) == YEARLY_FEN
    assert given[:4] == [0] * 4
    assert {story.claim.state for story in stories(world, claim_ids)} == {ClaimState.PAID}


def test_eight_claims_that_are_decided_anew_in_one_moment_keep_to_it(world: World) -> None:
    strict = world.with_limits(straight_through_fen=0)
    claim_ids = submitted(strict, BILL_FEN)
    strict.run()
    for claim_id in claim_ids[4:]:  # the later half takes nearly all of the limit
        approve_all_at_once(world, [claim_id], "first")
    for claim_id in claim_ids[:4]:
        approve_all_at_once(world, [claim_id], "first")
    world.run()
    for story in stories(world, claim_ids):
        reopen(world.system, story.claim.claim_id, story.claim.version, Staff("lin", "林", "adjuster", 0), "复核", Ground.ERROR)
    assert approve_all_at_once(world, claim_ids, "second") == CLAIMS
    world.run()
    assert sum(given_under_the_limit(world, claim_ids)) == used_of_the_year(world) == YEARLY_FEN
    told = stories(world, claim_ids)
    assert sum(each.decision.amount_fen for each in told if each.decision) == sum(each.paid_fen for each in told)
