"""The one fixture of this room: a whole system, empty but for two insureds with their policies and two hospitals."""

from collections.abc import Callable
from pathlib import Path

import pytest

from adjudicator.published import PublishedBooks
from adjudicator.serving import ServingModel
from adjudicator.system import Limits, System
from domain.policy import Agent
from ocr.sniff import check_size, sniff_media_type
from riskmodel.model import load_model
from rules.routing import load_routing
from storage import registry
from storage.blobs import BlobStore
from storage.database import Database
from tests.adjudicator.world import DIRECT, HOSPITAL, INSURED, OTHER, PRIVATE, STANDARD, MemoryBank, World, WrittenReader, ship_untested

HOME = Path(__file__).parents[2]
PRODUCTS = (
    "anxin-inpatient", "ankang-cash", "zhifu-direct", "zhenxuan-lines", "jiahe-family", "leyi-cash", "shoushu-fracture", "xueping-student",
    "zhongji-multi", "anxing-accident", "dingshou-term", "huimin-city", "menji-outpatient", "group-topup", "baiwan-medical",
)  # fmt: skip


@pytest.fixture
def world(tmp_path: Path, database: Database, engines: Callable[..., System]) -> World:
    """Every test of this room runs on SQLite and on PostgreSQL."""
    with database.write() as tx:
        registry.save_people(tx, [INSURED, OTHER])
        registry.save_agents(tx, [Agent("A1", "赵示例", "10000000009", "示例支公司")])
        registry.save_hospitals(tx, [HOSPITAL, PRIVATE])
        registry.save_policies(tx, [STANDARD, DIRECT])
    reader, bank = WrittenReader(), MemoryBank()
    return World(engines(database, BlobStore(tmp_path / "files", database.cipher), reader, bank), reader, bank)


def look(content: bytes) -> str:
    """Look at a file as far as these tests need: its first bytes (tests/ocr opens real ones)."""
    check_size(content, 20_000_000)
    return sniff_media_type(content)


@pytest.fixture(scope="session")
def engines() -> Callable[..., System]:
    """Load routing and model once, compile books once; give a function that plugs them to one test's data."""
    books = PublishedBooks()
    routing, model = load_routing(HOME / "rules/book/routing.yaml"), load_model(HOME / "riskmodel/artefacts/cold-start")

    def plug(database: Database, blobs: BlobStore, reader: WrittenReader, bank: MemoryBank) -> System:
        limits = Limits(audit_sample_rate=0.0)
        with database.write() as tx:
            for name in PRODUCTS:
                ship_untested(tx, HOME / f"rules/book/{name}.yaml")
        return System(database, blobs, books, routing, ServingModel(model), look, reader, bank, limits, wake=lambda: None)

    return plug
