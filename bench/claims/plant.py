"""A whole system for the benchmark: real books, routing and risk model, on any database, with files on disk."""

from collections.abc import Callable
from pathlib import Path

from adjudicator.published import PublishedBooks
from adjudicator.publishing import ship
from adjudicator.serving import ServingModel
from adjudicator.system import Limits, System
from bench.claims import cast
from riskmodel.model import load_model
from rules.medical_base import shipped_base
from rules.routing import load_routing
from storage import registry
from storage.blobs import BlobStore
from storage.crypto import FieldCipher
from storage.database import Database
from storage.migrate import upgrade

CIPHER = FieldCipher(bytes(range(64)))
_HOME = Path(__file__).parents[2]
_MANY = 2_000


def make_database(url: str, people: int, products: tuple[str, ...] = ("anxin-inpatient",)) -> None:
    """Make the tables, and write everybody who will claim."""
    database = Database(url, CIPHER)
    upgrade(database)
    ship(database, [_HOME / f"rules/book/{each}.yaml" for each in products], shipped_base())
    with database.write() as tx:
        registry.save_hospitals(tx, map(cast.hospital_of, range(cast.HOSPITALS)))
        registry.save_agents(tx, map(cast.agent_of, range(cast.AGENTS)))
    for first in range(0, people, _MANY):
        numbers = range(first, min(first + _MANY, people))
        with database.write() as tx:
            registry.save_people(tx, map(cast.person_of, numbers))
            registry.save_policies(tx, map(cast.policy_of, numbers))
    database.close()


def open_system(url: str, folder: Path, wake: Callable[[], None]) -> System:
    """Plug a system together; `wake` wakes its workers."""
    database, books = Database(url, CIPHER), PublishedBooks()
    with database.read() as tx:
        books.load_all(tx)
    return System(
        database=database,
        blobs=BlobStore(folder, CIPHER),
        books=books,
        routing=load_routing(_HOME / "rules/book/routing.yaml"),
        serving=ServingModel(load_model(_HOME / "riskmodel/artefacts/cold-start")),
        inspect=cast.inspect,
        reader=cast.PaperReader(),
        bank=cast.InstantBank(),
        limits=Limits(audit_sample_rate=0.0, max_backlog=10**9),
        wake=wake,
    )
