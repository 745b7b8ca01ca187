"""A catastrophe (灾害事件): where, when and of what kind, and what it makes easier for those it met. It never changes an amount."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.claim import LossCause
from domain.document import DocumentClass


class EventStatus(StrEnum):
    """How far an event is."""

    PROPOSED = "proposed"  # declared by one person: nothing follows from it yet
    OPEN = "open"  # a second person approved it
    CLOSED = "closed"


@dataclass(frozen=True)
class Area:
    """Where it happened: beginnings of region codes (行政区划代码, "51" a province, "5101" a city), and hospitals by id.

    People are found by the region they live in, claims also by the hospital that treated the insured.
    """

    regions: tuple[str, ...] = ()
    hospital_ids: tuple[str, ...] = ()

    def has(self, region_code: str, hospital_id: str) -> bool:
        """Tell whether a region or a hospital is known to lie in it; an unknown one ("") is not."""
        return hospital_id in self.hospital_ids or any(region_code.startswith(each) for each in self.regions)


@dataclass(frozen=True)
class Relaxation:
    """What is not asked for: some papers of any claim, some more while the invoices sum to little."""

    papers: tuple[DocumentClass, ...] = ()
    papers_of_small: tuple[DocumentClass, ...] = ()
    small_fen: int = 0  # "little" is up to here, included

    def unasked(self, charged_fen: int | None) -> frozenset[DocumentClass]:
        """List the papers that a claim need not have; a sum that nobody knows (None) is not small."""
        is_small = charged_fen is not None and charged_fen <= self.small_fen
        return frozenset(self.papers) | (frozenset(self.papers_of_small) if is_small else frozenset())


@dataclass(frozen=True)
class CatastropheEvent:
    """One event as two people signed it; both ends of the period belong to it."""

    code: str
    name: str
    area: Area
    period_from: date
    period_to: date
    perils: tuple[LossCause, ...]
    products: tuple[str, ...]  # whose insureds are reported for; none: every product that answers a peril
    relaxed: Relaxation
    straight_through_fen: int | None  # the most that is paid without a person; None: as ever

    def is_in_period(self, day: date) -> bool:
        """Tell whether a day falls within the period."""
        return self.period_from <= day <= self.period_to

    def owns(self, region_code: str, hospital_id: str, loss_date: date | None, cause: LossCause | None) -> bool:
        """Tell whether a claim is known to belong to it: by area, day and peril. What is unknown proves nothing."""
        return self.area.has(region_code, hospital_id) and loss_date is not None and self.is_in_period(loss_date) and cause in self.perils

    def speaks_against(self, loss_date: date | None, cause: LossCause | None) -> bool:
        """Tell whether what is known of a loss says that it is none of this event."""
        return (loss_date is not None and not self.is_in_period(loss_date)) or (cause is not None and cause not in self.perils)

    def limit_fen(self, system_fen: int) -> int:
        """Give the most that is paid without a person: its own limit, never above the system's."""
        return system_fen if self.straight_through_fen is None else min(system_fen, self.straight_through_fen)


def find_owner(
    events: Collection[CatastropheEvent], region_code: str, hospital_id: str, loss_date: date | None, cause: LossCause | None
) -> CatastropheEvent | None:
    """Find the event that a claim belongs to; of several the one that was declared last, as they are listed."""
    owning = [each for each in events if each.owns(region_code, hospital_id, loss_date, cause)]
    return owning[-1] if owning else None
