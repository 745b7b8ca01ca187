"""One running system with its application: what every test of this room stands on."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api_http import Http
from api_papers import PlantedReader, TrustingBank

from adjudicator.published import PublishedBooks
from adjudicator.serving import ServingModel
from adjudicator.system import Limits, System
from adjudicator.worker import drain
from api.rate_limit import Rates
from api.settings import ApiSettings
from api.web import create_app
from ocr.inspect import inspect_file
from ocr.settings import OcrSettings
from riskmodel.model import RiskModel
from rules.routing import RoutingRules
from sandbox.portfolio import Portfolio
from storage.access import Staff
from storage.blobs import BlobStore
from storage.crypto import load_cipher
from storage.database import Database

ROOT = Path(__file__).parents[2]
PASSWORD = "correct horse battery"
SECRETS = {each: each[0] * 20 + each for each in ("wechat", "website", "counter", "agent")}
SECRETS |= {"app": "a" * 43, "hotline": "t" * 43, "hospital": "h" * 43, "other_hospital": "o" * 43}
STAFF = {
    "hotline_agent": Staff("feng", "冯坐席", "hotline_agent", 0),
    "field_agent": Staff("qian", "钱代理", "field_agent", 0),
    "adjuster": Staff("chen", "陈理赔", "adjuster", 1_000_000),
    "senior_adjuster": Staff("zhou", "周高级", "senior_adjuster", 50_000_000),
    "investigator": Staff("wu", "吴调查", "investigator", 1_000_000),
    "actuary": Staff("zheng", "郑精算", "actuary", 0),
    "operator": Staff("wang", "王运维", "operator", 0),
}


@dataclass
class House:
    """One running system with its application."""

    system: System
    reader: PlantedReader
    portfolio: Portfolio
    client: Callable[..., Http]

    def work(self) -> None:
        """Let everything happen that is due."""
        drain(self.system)


@dataclass
class Engines:
    """What is slow to load and never changes."""

    books: PublishedBooks
    routing: RoutingRules
    risk_model: RiskModel


@contextmanager
def open_house(home: Path, filled_folder: Path, engines: Engines, portfolio: Portfolio) -> Iterator[House]:
    """Open a house of one's own: a copy of the folder with everybody in it."""
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
