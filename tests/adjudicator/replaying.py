"""Works a stored decision out again, as `rules replay` does, and lists where it differs."""

from rules.replay import Snapshot, differences, replay
from storage import history
from storage.history import DecidedClaim
from tests.adjudicator.world import World


def differences_of(world: World, claim: DecidedClaim) -> list[str]:
    books = {book.sha256: book for book in world.system.books.values()}
    snapshots = []
    for each in claim.policies:
        cost = each.shared_cost
        shared = None if cost is None else (cost.charged_fen, cost.paid_by_others_fen)
        snapshots.append(Snapshot(each.policy_number, each.assessment.plan, each.book_hash, each.elements, each.used or {}, shared))
    return differences(tuple(each.assessment for each in claim.policies), replay(snapshots, books))


def replay_differences(world: World, claim_id: str) -> list[str]:
    with world.system.database.read() as tx:
        claim = history.find_decided(tx, claim_id)
    assert claim is not None
    return differences_of(world, claim)
