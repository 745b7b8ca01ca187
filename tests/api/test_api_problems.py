"""Every refusal is a problem document with a code, a way out and a request id; nothing of our insides leaks."""

import logging
import re

import pytest
from api_house import House
from sqlalchemy import create_engine

from api.problems import KINDS, problem_of
from domain import errors


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "code"),
    [
        ("get", "/v1/nothing", {}, 404, "not_found"),
        ("get", "/v1/claims", {}, 405, "http.method_not_allowed"),
        ("post", "/v1/claims", {"data": b"x", "content_type": "text/plain"}, 415, "http.unsupported_media_type"),
        ("post", "/v1/claims", {"data": b"", "content_type": ""}, 415, "http.unsupported_media_type"),
        ("post", "/v1/claims", {"data": b"{", "content_type": "application/json"}, 400, "input.malformed"),
        ("post", "/v1/claims", {"data": b"[1]", "content_type": "application/json"}, 400, "input.malformed"),
        ("post", "/v1/claims", {"data": b'{"a":1,"a":2}', "content_type": "application/json"}, 400, "input.malformed"),
        ("post", "/v1/claims", {"data": b'{"a":NaN}', "content_type": "application/json"}, 400, "input.malformed"),
        ("post", "/v1/claims", {"data": b'{"a":"\xff"}', "content_type": "application/json"}, 400, "input.malformed"),
        ("post", "/v1/claims", {"data": b'{"a":' + b"9" * 5000 + b"}", "content_type": "application/json"}, 400, "input.malformed"),
        ("post", "/v1/claims", {"data": b"[" * 100_000, "content_type": "application/json"}, 400, "input.malformed"),
    ],
)
def test_a_refusal_of_the_framework_is_a_problem_document_too(
    house: House, method: str, path: str, options: dict[str, object], status: int, code: str
) -> None:
    answer = getattr(house.client(secret_of="app"), method)(path, **options)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json["type"] == f"urn:mingbai:{code}"
    assert answer.json["way_out"]
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]


def test_a_wrong_method_names_the_right_ones(house: House) -> None:
    assert "POST" in house.client(secret_of="app").get("/v1/claims").headers["Allow"]


def test_an_unexpected_error_tells_a_request_id_and_nothing_else(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    person = house.portfolio.persons[0]

    def explode(*_: object, **__: object) -> None:
        raise KeyError(person.name)

    monkeypatch.setattr("api.owned.holdings_of_person", explode)
    token = house.client(secret_of="app").post("/v1/customer-tokens", json={"id_number": person.id_number}).json["token"]
    with caplog.at_level(logging.INFO):
        answer = house.client(token=token).get("/v1/me/policies", headers={"X-Request-Id": "trace-12345"})
    assert (answer.status_code, answer.json["request_id"]) == (500, "trace-12345")
    assert "KeyError" not in answer.text
    assert "KeyError" in caplog.text
    assert "trace-12345" in caplog.text
    assert person.name not in caplog.text + answer.text


def test_the_log_names_the_rule_and_never_the_query(house: House, caplog: pytest.LogCaptureFixture) -> None:
    person = house.portfolio.persons[0]
    with caplog.at_level(logging.INFO):
        house.client(secret_of="hotline").post("/v1/hotline/callers?of=" + person.id_number, json={"id_number": person.id_number})
    assert "/v1/hotline/callers" in caplog.text
    assert person.id_number not in caplog.text


def test_every_error_a_sender_can_cause_has_its_own_line_or_an_ancestors() -> None:
    ours = {
        errors.RuleBookError,
        errors.ReaderError,
        errors.ModelError,
        errors.BankError,
        errors.MessageError,
        errors.SetupError,
        errors.MingbaiError,
    }
    every = {each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.MingbaiError)}
    for kind in every - ours:
        assert any(each in KINDS for each in kind.__mro__), kind
    for kind in ours:
        assert problem_of(kind("the path /etc/key", "look there")).detail == "we could not finish this request"


def test_while_the_database_is_away_nobody_is_told_of_an_error_of_ours_but_when_to_try_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, person = house.client(secret_of="app"), house.portfolio.persons[0]
    token = app.post("/v1/customer-tokens", json={"id_number": person.id_number}).json["token"]
    with monkeypatch.context() as away:
        away.setattr(house.system.database, "engine", create_engine("sqlite:////nowhere/at/all.db"))
        asked = (app.post("/v1/claims", json={}), house.client(token=token).get("/v1/me/policies"))
        assert [(each.status_code, each.json["type"], each.headers["Retry-After"]) for each in asked] == [
            (503, "urn:mingbai:unavailable", "5")
        ] * 2
        assert (house.client().get("/readyz").status_code, house.client().get("/healthz").status_code) == (503, 200)
    assert house.client().get("/readyz").status_code == 200


@pytest.mark.parametrize("header", ["Basic abc", "Bearer", "Bearer nonsense", "nonsense"])
def test_a_credential_we_do_not_know_is_not_logged_in(house: House, header: str) -> None:
    answer = house.client().get("/v1/me/claims", headers={"Authorization": header})
    assert answer.status_code == 401


def test_the_description_names_every_api_endpoint_and_its_problems(house: House) -> None:
    description = house.client().get("/openapi.json").json
    assert description["openapi"].startswith("3.1")
    rules = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", each.rule) for each in house.client().app.url_map.iter_rules()}
    assert {path for path in description["paths"] if path.startswith("/v1/")} == {rule for rule in rules if rule.startswith("/v1/")}
    content = description["paths"]["/v1/claims"]["post"]["responses"]["409"]["content"]
    assert set(content) == {"application/problem+json"}


def test_the_service_tells_that_it_is_alive_ready_and_how_much_waits(house: House) -> None:
    anybody = house.client()
    assert anybody.get("/healthz").json == {"status": "ok"}
    assert anybody.get("/readyz").status_code == 200
    house.client(secret_of="hotline").post(
        "/v1/hotline/reports",
        json={"external_ref": "T1", "caller": {"id_number": house.portfolio.persons[0].id_number}, "loss_date": "2026-08-01"},
    )
    figures = anybody.get("/metrics").text
    assert 'mingbai_claims{state="REPORTED"} 1.0' in figures
    assert "mingbai_tasks_open 0.0" in figures
    assert "mingbai_task_oldest_age_seconds" in figures


def test_the_reference_page_names_every_endpoint_and_field_and_loads_nothing_from_elsewhere(house: House) -> None:
    page = house.client().get("/reference").text
    for path, item in house.client().get("/openapi.json").json["paths"].items():
        for method in item:
            assert f'id="{method.upper()}{path}"' in page
    assert "insured.id_number" in page
    assert "payee.account_number" in page
    assert "&lt;br" not in page
    assert not re.findall(r"(?:src|href)=[\"']https?:", page)


def test_every_post_declares_what_an_idempotency_key_and_a_large_body_may_bring(house: House) -> None:
    paths = house.client().get("/openapi.json").json["paths"]
    posts = {path: item["post"]["responses"].keys() for path, item in paths.items() if "post" in item and path.startswith("/v1/")}
    assert {path: {"400", "409", "413"} - declared for path, declared in posts.items() if not {"400", "409", "413"} <= declared} == {}


def test_what_holds_everywhere_is_declared_everywhere(house: House) -> None:
    paths = house.client().get("/openapi.json").json["paths"]
    for path, item in paths.items():
        for method, operation in item.items():
            headers = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "header"}
            assert ("Idempotency-Key" in headers) is (method == "post" and path.startswith("/v1/")), path
            assert ("If-Match" in headers) is ("412" in operation["responses"]), path
            assert operation["responses"]["429"]["headers"]["Retry-After"]["required"], path
            assert all("X-Request-Id" in each["headers"] for each in operation["responses"].values()), path


def test_an_answer_that_names_a_claim_links_to_all_that_can_be_asked_about_it(house: House) -> None:
    paths = house.client().get("/openapi.json").json["paths"]
    about = {item[method]["operationId"] for path, item in paths.items() for method in item if path.endswith("{claim_id}")}
    for path in ("/v1/claims", "/v1/hotline/reports", "/v1/hospital/settlements"):
        answered = paths[path]["post"]["responses"]["200"]["links"]
        assert about <= answered.keys()
        assert all(each["parameters"]["claim_id"] == "$response.body#/claim_id" for each in answered.values())


def test_what_is_missing_has_no_value_and_what_is_no_text_is_named_in_the_words_of_json(house: House) -> None:
    body = {"external_ref": "APP-1", "loss_date": {"day": 1}, "narrative": None, "uploads": "U1"}
    told = house.client(secret_of="app").post("/v1/claims", json=body).json["errors"]
    shown = {each["field"]: each["value"] for each in told}
    assert (shown["/insured"], shown["/loss_date"], shown["/narrative"]) == ("", "object", "null")
