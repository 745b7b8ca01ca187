"""Limits under concurrency: two claims of one insured at the same instant never use the same deductible or limit twice."""

from concurrent.futures import ThreadPoolExecutor

from adjudicator.intake import submit
from adjudicator.story import tell
from adjudicator.worker import drain
from tests.adjudicator.world import World, id_card, invoice, notice, summary


def test_eight_claims_at_once_share_one_deductible(world: World) -> None:
    receipts = [
        submit(
            world.system,
            notice(f"APP-{number}", world.files(invoice(number=f"99000000{number:02}"), summary(), id_card(), tag=f"{number}-")),
        )
        for number in range(8)
    ]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: drain(world.system), range(8)))
    world.run()
    stories = [tell(world.system, each.claim_id) for each in receipts]
    proposed = [story.adjudication.proposed_fen for story in stories if story.adjudication]
    assert len(proposed) == 8
    assert sorted(proposed)[0] == 1_550_000  # one bears the deductible,
    assert [each for each in proposed if each > 1_550_000] == [2_550_000] * 7  # and the others none
