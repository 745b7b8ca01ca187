"""One running system with its application: what every test of this room stands on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from api_http import Http
from api_papers import PlantedReader

from adjudicator.system import System
from adjudicator.worker import drain
from sandbox.portfolio import Portfolio
from storage.access import Staff

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
