"""A whole system on SQLite in a temporary folder, with the sandbox's people; only the reading of pictures and the bank are played."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from api_house import PASSWORD, ROOT, SECRETS, STAFF, Engines, House, open_house

from adjudicator.published import PublishedBooks
from agent.standing import shortfall_of
from riskmodel.model import load_model
from rules.routing import load_routing
from sandbox.portfolio import Portfolio, build_portfolio
from storage import access, agents, registry
from storage.access import ApiClient
from storage.crypto import load_cipher
from storage.database import Database
from storage.migrate import upgrade
from tests.adjudicator.world import ship_untested


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
    with open_house(tmp_path / "home", filled_folder, engines, portfolio) as opened:
        yield opened
