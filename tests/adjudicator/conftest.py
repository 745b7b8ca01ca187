"""The one fixture of this room: a whole system, empty but for two insureds with their policies and two hospitals."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from adjudicator.system import Limits, System
from domain.policy import Agent
from ocr.sniff import check_size, sniff_media_type
from riskmodel.model import load_model
from rules.loader import load_book
from rules.routing import load_routing
from storage import registry
from storage.blobs import BlobStore
from storage.crypto import FieldCipher
from storage.database import Database
from storage.migrate import upgrade
from tests.adjudicator.world import DIRECT, HOSPITAL, INSURED, OTHER, PRIVATE, STANDARD, MemoryBank, World, WrittenReader

HOME = Path(__file__).parents[2]


@pytest.fixture
def world(tmp_path: Path, engines: Callable[[System], System]) -> Iterator[World]:
    cipher = FieldCipher(bytes(range(64)))
    database = Database(f"sqlite:///{tmp_path}/claims.db", cipher)
    upgrade(database)
    with database.write() as tx:
        registry.save_people(tx, [INSURED, OTHER])
        registry.save_agents(tx, [Agent("A1", "赵示例", "10000000009", "示例支公司")])
        registry.save_hospitals(tx, [HOSPITAL, PRIVATE])
        registry.save_policies(tx, [STANDARD, DIRECT])
    reader, bank = WrittenReader(), MemoryBank()
    yield World(engines(database, BlobStore(tmp_path / "files", cipher), reader, bank), reader, bank)
    database.close()


def look(content: bytes) -> str:
    """Look at a file as far as these tests need: its first bytes (tests/ocr opens real ones)."""
    check_size(content, 20_000_000)
    return sniff_media_type(content)


@pytest.fixture(scope="session")
def engines() -> Callable[..., System]:
    """Load books, routing and model once; give a function that plugs them to one test's data."""
    books = {name: load_book(HOME / f"rules/book/{name}.yaml") for name in ("anxin-inpatient", "ankang-cash", "zhifu-direct")}
    routing, model = load_routing(HOME / "rules/book/routing.yaml"), load_model(HOME / "riskmodel/artefacts/cold-start")

    def plug(database: Database, blobs: BlobStore, reader: WrittenReader, bank: MemoryBank) -> System:
        limits = Limits(audit_sample_rate=0.0)
        return System(database, blobs, books, routing, model, look, reader, bank, limits, wake=lambda: None)

    return plug
