"""Works a stored decision out again, as `rules replay` does, and lists where it differs."""

from adjudicator.published import PublishedBooks
from adjudicator.replaying import replay_decision
from storage import history
from storage.history import DecidedClaim
from tests.adjudicator.world import World


def differences_of(world: World, claim: DecidedClaim) -> list[str]:
    """Compile everything anew, as another process would."""
    with world.system.database.read() as tx:
        return replay_decision(tx, PublishedBooks(), claim)


def replay_differences(world: World, claim_id: str) -> list[str]:
    with world.system.database.read() as tx:
        claim = history.find_decided(tx, claim_id)
    assert claim is not None
    return differences_of(world, claim)
