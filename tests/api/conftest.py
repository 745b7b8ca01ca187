"""A whole system on SQLite in a temporary folder, with the sandbox's people; only the reading of pictures and the bank are played."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from api_house import PASSWORD, ROOT, SECRETS, STAFF, House
from api_http import Http
from api_papers import PlantedReader, TrustingBank

from adjudicator.published import PublishedBooks
from adjudicator.serving import ServingModel
from adjudicator.system import Limits, System
from agent.standing import shortfall_of
from api.rate_limit import Rates
from api.settings import ApiSettings
from api.web import create_app
from ocr.inspect import inspect_file
from ocr.settings import OcrSettings
from riskmodel.model import RiskModel, load_model
from rules.routing import RoutingRules, load_routing
from sandbox.portfolio import Portfolio, build_portfolio
from storage import access, agents, registry
from storage.access import ApiClient
from storage.blobs import BlobStore
from storage.crypto import load_cipher
from storage.database import Database
from storage.migrate import upgrade
from tests.adjudicator.world import ship_untested


@dataclass
class Engines:
    """What is slow to load and never changes."""

    books: PublishedBooks
    routing: RoutingRules
    risk_model: RiskModel


@pytest.fixture(scope="session")
def engines() -> Engines:
    folder = ROOT / "rules" / "book"
    return Engines(PublishedBooks(), load_routing(folder / "routing.yaml"), load_model(ROOT / "riskmodel" / "artefacts" / "cold-start"))


@pytest.fixture(scope="session")
def portfolio() -> Portfolio:
    return build_portfolio()


@pytest.fixture(scope="session")
def filled_folder(tmp_path_factory: pytest.TempPathFactory, portfolio: Portfolio) -> Path:
    """A database with everybody in it, to be copied for each test: migrations and password hashes take their time."""
    folder = tmp_path_factory.mktemp("filled")
    database = Database(f"sqlite:///{folder / 'mingbai.db'}", load_cipher(folder / "key"))
    upgrade(database)
    with database.write() as tx:
        for path in (ROOT / "rules" / "book").glob("*.yaml"):
            if path.name != "routing.yaml":
                ship_untested(tx, path)
        registry.save_people(tx, portfolio.persons)
        registry.save_agents(tx, portfolio.agents)
        agents.save_branches(tx, portfolio.branches)
        agents.save_profiles(tx, portfolio.agent_profiles, shortfall_of(0, 0))
        registry.save_hospitals(tx, portfolio.hospitals)
        registry.save_policies(tx, portfolio.policies)
        registry.save_entitlements(tx, portfolio.entitlements)
        for staff in STAFF.values():
            access.save_staff(tx, staff, PASSWORD)
        agents.save_login(tx, STAFF["field_agent"].user_name, "A9901")
        access.save_api_client(tx, ApiClient("the-app", "app", None), SECRETS["app"])
        for channel in ("wechat", "website", "counter", "agent"):
            access.save_api_client(tx, ApiClient(f"the-{channel}", channel, None), SECRETS[channel])
        access.save_api_client(tx, ApiClient("the-desk", "hotline", None), SECRETS["hotline"])
        access.save_api_client(tx, ApiClient("his-1", "hospital", "H9901"), SECRETS["hospital"])
        access.save_api_client(tx, ApiClient("his-2", "hospital", "H9902"), SECRETS["other_hospital"])
    database.close()
    return folder


@pytest.fixture
def house(tmp_path: Path, filled_folder: Path, engines: Engines, portfolio: Portfolio) -> Iterator[House]:
    home = tmp_path / "home"
    shutil.copytree(filled_folder, home)
    cipher, reader = load_cipher(home / "key"), PlantedReader()
    database = Database(f"sqlite:///{home / 'mingbai.db'}", cipher)
    system = System(
        database=database,
        blobs=BlobStore(home / "files", cipher),
        books=engines.books,
        routing=engines.routing,
        serving=ServingModel(engines.risk_model),
        inspect=lambda content: inspect_file(content, OcrSettings()),
        reader=reader,
        bank=TrustingBank(),
        limits=Limits(audit_sample_rate=0.0, max_backlog=5, max_file_bytes=200_000, max_files=4),
        wake=lambda: None,
    )
    fast = Rates(channel=1e6, customer=1e6, staff=1e6, address=1e6)  # a test calls as fast as it can
    settings = ApiSettings("k" * 32, max_request_bytes=600_000, demo_hint="演示账号 chen", secure_cookies=False, rates=fast)
    app = create_app(system, settings)
    yield House(system, reader, portfolio, lambda **options: Http(app, PASSWORD, SECRETS, **options))
    database.close()
