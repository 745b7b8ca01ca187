"""Schemathesis calls every endpoint of the OpenAPI description as a stranger would: no 5xx, and no answer that is not declared."""

from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from api_house import SECRETS, House
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance,
]  # fmt: skip
SPARING = settings(
    max_examples=16,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CHANNELS = ("app", "wechat", "website", "counter", "agent", "hotline", "hospital", "customer")


def headers_of(house: House, role: str) -> dict[str, str]:
    if role == "customer":
        person = house.portfolio.persons[0]
        answer = house.client(secret_of="app").post("/v1/customer-tokens", json={"id_number": person.id_number})
        return {"Authorization": f"Bearer {answer.json['token']}"}
    return {"Authorization": f"Bearer {SECRETS[role]}"}


@schemathesis.serializer("application/offset+octet-stream")
def part_of_a_file(_: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


def the_schema(house: House) -> Any:
    return schemathesis.openapi.from_wsgi("/openapi.json", house.client().app)


def about_somebody_known(case: schemathesis.Case, claim_id: str, id_number: str) -> None:
    """Let a drawn call be about a claim and a person that are there: else nearly all end at the door."""
    if "claim_id" in case.path_parameters:
        case.path_parameters["claim_id"] = claim_id
    if isinstance(case.body, dict):
        known = {"insured": {"id_number": id_number}, "caller": {"id_number": id_number}, "id_number": id_number, "hospital_id": "H9901"}
        known |= {"admission_date": "2026-08-15"}  # a drawn day is mostly of the future
        known |= {"reporter": {"phone": "19900001111"}, "presenter": {"name": "李示家"}, "clerk": {"number": "G1", "branch": "示例"}}
        case.body.update({name: value for name, value in known.items() if name in case.body})
        for name in ("loss_date", "policy_numbers"):
            case.body.pop(name, None)


# What each role must have got to see, beyond refusals: else this test would watch a closed door.
REACHED = {
    "app": {
        "POST /v1/claims",
        "GET /v1/claims/{claim_id}",
        "GET /v1/claims/{claim_id}/letters",
        "POST /v1/customer-tokens",
        "POST /v1/uploads",
    },
    "wechat": {"GET /v1/claims/{claim_id}", "POST /v1/customer-tokens"},
    "website": {"GET /v1/claims/{claim_id}"},  # a drawn name fits no drawn number
    "counter": {"POST /v1/counter/claims", "GET /v1/claims/{claim_id}/letters"},
    "agent": {"GET /v1/claims/{claim_id}"},  # a drawn agent looks after nobody
    "hotline": {"POST /v1/hotline/reports", "POST /v1/hotline/callers", "GET /v1/claims/{claim_id}"},
    "hospital": {"POST /v1/hospital/eligibility"},
    "customer": {
        "GET /v1/me/policies",
        "GET /v1/me/overview",
        "GET /v1/me/history",
        "GET /v1/me/figures/{kind}",
        "GET /v1/me/claims",
        "GET /v1/me/entitlements",
        "GET /v1/me/agent",
        "GET /v1/me/cover",
        "POST /v1/me/cover",
        "GET /v1/claims/{claim_id}",
    },
}


@pytest.mark.parametrize("role", CHANNELS)
def test_whatever_is_sent_is_answered_as_declared(house: House, role: str) -> None:
    headers, person = headers_of(house, role), house.portfolio.persons[0]
    report = {"external_ref": "S-1", "insured": {"id_number": person.id_number}}
    claim_id = house.client(secret_of="app").post("/v1/claims", json=report).json["claim_id"]
    answered = set()
    for found in the_schema(house).get_all_operations():
        operation = found.ok()
        if not operation.path.startswith("/v1/"):
            continue

        @SPARING
        @given(case=operation.as_strategy(), is_known=st.sampled_from([True, True, False]))
        def call(case: schemathesis.Case, is_known: bool) -> None:
            if is_known:
                about_somebody_known(case, claim_id, person.id_number)
            answer = case.call_and_validate(headers=headers, checks=CHECKS)
            answered.add((case.operation.label, answer.status_code))
            if answer.status_code == 403:
                raise _NotTheirs

        with suppress(_NotTheirs):  # refused before anything is read: once is enough
            call()
    assert {label for label, status in answered if status < 300} >= REACHED[role]
    assert len({label for label, _ in answered}) >= 17


class _NotTheirs(Exception):  # noqa: N818 - a word to end a loop, no error
    """This role has no such action."""
