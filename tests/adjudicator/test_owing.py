"""Setting off: whatever is decided and paid, a claim is owed something or owes something, and no policy is owed less than nothing."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adjudicator.owing import paid_fen, payable_by_policy, payable_fen, recoverable_fen, set_off
from domain.claim import Channel
from domain.decision import Actor
from domain.states import ClaimState
from storage import claims, ledger
from storage.database import Transaction
from storage.ledger import Account
from tests.adjudicator.world import World

FEN = st.integers(0, 10**9)
ROUNDS = st.lists(st.tuples(FEN, FEN, st.booleans()), min_size=1, max_size=5)  # under two policies; and does the bank pay it


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=ROUNDS)
def test_each_decision_pays_what_is_not_paid_yet(world: World, rounds: list[tuple[int, int, bool]]) -> None:
    with world.system.database.read() as tx:  # a look, so that nothing stays for the next example
        claim_id = _a_claim(tx)
        for round_, (first, second, is_paid) in enumerate(rounds, start=1):
            if round_ > 1:
                ledger.reverse(tx, claim_id, f"decision {round_ - 1}", f"reversal {round_ - 1}")
            for policy, fen in (("PL1", first), ("PL2", second)):
                ledger.book(tx, claim_id, policy, Account.CLAIMS_EXPENSE, Account.CLAIMS_PAYABLE, fen, f"decision {round_}")
            paid = paid_fen(tx, claim_id)
            due = set_off(tx, claim_id, f"set-off {round_}")
            assert due == max(0, first + second - paid) == payable_fen(tx, claim_id)
            assert recoverable_fen(tx, claim_id) == max(0, paid - first - second)
            assert all(fen >= 0 for fen in payable_by_policy(tx, claim_id).values())
            if is_paid:
                for policy, fen in payable_by_policy(tx, claim_id).items():
                    ledger.book(tx, claim_id, policy, Account.CLAIMS_PAYABLE, Account.BANK, fen, f"payment {round_}")


def _a_claim(tx: Transaction) -> str:
    new = claims.NewClaim(
        "C1", Channel.APP, "APP-1", "0" * 64, ClaimState.REPORTED, "P1", ("PL1", "PL2"), None, None, "", "", "", None, ""
    )  # fmt: skip
    claims.add_claim(tx, new, Actor("app", "channel"))
    return "C1"
