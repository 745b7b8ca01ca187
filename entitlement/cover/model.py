"""What cover is worked out with: the assumptions for whoever told nothing, the catalogue, and how small a group may be."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from entitlement.cover import assumptions, catalogue
from entitlement.cover.assumptions import Defaults
from entitlement.cover.books import CoverBooks
from entitlement.cover.catalogue import Offer
from entitlement.cover.peers import LEAST_PEOPLE


@dataclass(frozen=True)
class CoverModel:
    """Assumptions, catalogue and bounds of one insurer, with the books as cover asks them."""

    defaults: Defaults
    catalogue: tuple[Offer, ...]
    least_people: int = LEAST_PEOPLE
    books: CoverBooks = field(default_factory=CoverBooks)


@cache
def shipped_model() -> CoverModel:
    """Give the model that comes with this version, read once; its books are prepared once for all who take it."""
    return load_model()


def load_model(assumed: Path = assumptions.SHIPPED, offers: Path = catalogue.SHIPPED, least_people: int = LEAST_PEOPLE) -> CoverModel:
    """Read the files of a model.

    Raises:
        SetupError: one of them cannot be read, or says what it cannot say.
    """
    return CoverModel(assumptions.load_assumptions(assumed), catalogue.load_catalogue(offers), least_people)
