"""Schemathesis follows the description's own links: what one call answered is what the next asks about, several steps deep."""

import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from api_house import House
from hypothesis import HealthCheck, Phase, settings
from test_api_hospital import a_bill
from test_api_strangers import CHECKS, headers_of, the_schema

# By role: where a walk begins, what it may touch, and what it must have reached by links alone, with an answer of 2xx.
WALKS = {
    "app": (
        "POST /v1/claims",
        r"^/v1/claims$|^/v1/claims/{claim_id}$|^/v1/claims/{claim_id}/(letters|withdrawal)$",
        {"GET /v1/claims/{claim_id}", "GET /v1/claims/{claim_id}/letters", "POST /v1/claims/{claim_id}/withdrawal"},
    ),
    "hospital": (
        "POST /v1/hospital/settlements",
        r"^/v1/hospital/settlements$|^/v1/claims/{claim_id}$",
        {"GET /v1/claims/{claim_id}"},
    ),
}
FEW = settings(
    max_examples=20,
    stateful_step_count=6,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("role", WALKS)
def test_what_an_answer_links_to_is_answered_as_declared(house: House, role: str, tmp_path: Path) -> None:
    first, touched, wanted = WALKS[role]
    headers, person, numbers = headers_of(house, role), house.portfolio.persons[0], count()
    reached: set[str] = set()
    at_first = tmp_path / "at-first.db"
    _copy(_file(house), at_first)

    class Walk(the_schema(house).include(path_regex=touched).as_state_machine()):  # type: ignore[misc]  # made at run time
        """Calls as one channel, about somebody who is there; the claims are those that an earlier answer named."""

        def setup(self) -> None:
            """Begin every walk in the same house: limits that an earlier walk used up would lead the next one elsewhere."""
            super().setup()
            _copy(at_first, _file(house))

        def before_call(self, case: Any) -> None:
            if case.operation.label == first:
                ref = {"external_ref": f"WALK-{next(numbers)}"}
                case.body = a_bill() | ref if role == "hospital" else ref | {"insured": {"id_number": person.id_number}}
                case.media_type = "application/json"
            elif case.operation.path.endswith("/withdrawal"):
                case.body = {"reason": "改日再提交"}

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": headers}

        def validate_response(self, response: Any, case: Any, **_: Any) -> None:
            case.validate_response(response, checks=CHECKS)
            if response.status_code < 300:
                reached.add(case.operation.label)

    Walk.run(settings=FEW)
    assert {first} | wanted <= reached


def _file(house: House) -> Path:
    return Path(str(house.system.database.engine.url.database))


def _copy(from_: Path, to: Path) -> None:
    with closing(sqlite3.connect(from_)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
