"""What is to be given back on a claim, or could be set off against it: the amounts that its page offers something for."""

from dataclasses import dataclass

from adjudicator.people import WITH_PEOPLE
from adjudicator.story import ClaimStory
from storage import ledger, recoveries
from storage.database import Transaction
from storage.recoveries import ArrangedOffset, WriteOff


@dataclass(frozen=True)
class OwingView:
    """What this claim owes, a write-off that waits for its second person, and, while it is with people, what others of the insured owe."""

    owed_fen: int
    waiting: WriteOff | None
    elsewhere: tuple[tuple[str, int], ...]
    arranged: ArrangedOffset | None

    @property
    def is_something(self) -> bool:
        """Tell whether there is anything to show."""
        return bool(self.owed_fen or self.elsewhere or self.arranged)


def owing_of(tx: Transaction, story: ClaimStory) -> OwingView:
    """Find what is owed."""
    claim = story.claim
    waiting = next((each for each in recoveries.write_offs_of(tx, [claim.claim_id]) if each.booked_ms is None), None)
    owed = ledger.receivables_of(tx, claim.insured_id)
    own_fen = owed.pop(claim.claim_id, 0)
    others = tuple(owed.items()) if claim.state in WITH_PEOPLE else ()
    return OwingView(own_fen, waiting, others, recoveries.find_offset(tx, claim.claim_id, claim.round))
