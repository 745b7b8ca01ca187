"""What holds for every endpoint and every page, looked at over all of them: pages of lists, request ids, policies, forms, masking."""

import gzip
import html
import io
import logging
import re
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest
from api_house import House
from api_http import Http, csrf_of
from chinese_words import WORKBENCH
from hypothesis import given, settings
from hypothesis import strategies as st
from test_api_claims import a_claim, send, the_insured
from test_api_customer import token_of
from test_api_letters import paid_claim

from api.endpoints import claims as claim_endpoints
from api.paging import PageQuery, page_of
from domain.errors import InputError
from storage import claims
from storage.tables import message

ACCOUNT = "9900123412341234"


def operations(house: House) -> Iterator[tuple[str, str, Any]]:
    description = house.client().get("/openapi.json").json
    for path, item in description["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


def properties(house: House, operation: Any) -> dict[str, Any]:
    schema = operation["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        schema = house.client().get("/openapi.json").json["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    found: dict[str, Any] = schema.get("properties", {})
    return found


def test_wherever_a_list_is_given_it_comes_in_pages(house: House) -> None:
    lists = set()
    for method, path, operation in operations(house):
        told = properties(house, operation)
        arrays = [name for name, each in told.items() if each.get("type") == "array"]
        if method == "get" and arrays and ("next" in told or set(told) <= set(arrays)):
            lists.add(path)
            assert {"limit", "cursor"} <= {each["name"] for each in operation["parameters"]}, path
            assert "next" in told, path
    assert {"/v1/me/policies", "/v1/me/agent", "/v1/claims/{claim_id}/letters", "/v1/webhook-deliveries"} <= lists


@given(st.lists(st.text(min_size=1, max_size=40), unique=True, max_size=30), st.integers(1, 10))
@settings(max_examples=40)
def test_pages_of_a_list_hold_everything_once(every: list[str], limit: int) -> None:
    """Names are numbers of claims and policies; forty signs of any script fit a cursor."""
    printable = [each for each in every if each.isprintable()]
    found, cursor = [], ""
    while True:
        shown, following = page_of(printable, PageQuery(limit=limit, cursor=cursor), lambda each: each)
        found += shown
        if following is None:
            break
        cursor = following
    assert found == printable


def test_a_cursor_whose_place_is_gone_is_told() -> None:
    _, cursor = page_of(["a", "b"], PageQuery(limit=1, cursor=""), str)
    with pytest.raises(InputError, match="gone"):
        page_of(["b"], PageQuery(limit=1, cursor=cursor or ""), str)


@pytest.mark.parametrize("path", ["/", "/login", "/nothing", "/v1/claims/C0", "/static/workbench.css", "/healthz", "/openapi.json"])
def test_every_answer_has_a_request_id_and_its_line_in_the_log_has_it_too(
    house: House, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        mine = house.client(staff="chen").get(path, headers={"X-Request-Id": "my-request-1"})
        theirs = house.client().get(path, headers={"X-Request-Id": "bad id\u00e9"})
    assert mine.headers["X-Request-Id"] == "my-request-1"
    assert re.fullmatch(r"R[0-9A-Z]+", theirs.headers["X-Request-Id"])
    lines = [each.getMessage() for each in caplog.records if each.name == "api.requests"]
    assert [sum(number in line for line in lines) for number in ("my-request-1", theirs.headers["X-Request-Id"])] == [1, 1]


def pages(house: House) -> Iterator[tuple[str, Any]]:
    """Every page that a senior adjuster can open, of a claim that has everything."""
    claim_id = str(send(house).json["claim_id"])
    house.work()
    browser = house.client(staff="zhou")
    rules = [each for each in browser.app.url_map.iter_rules() if "GET" in (each.methods or ()) and not each.rule.startswith("/v1")]
    for rule in rules:
        path = rule.rule.replace("<string:", "<").replace("<claim_id>", claim_id)
        if "<" not in path and not rule.endpoint.endswith("static"):
            yield path, browser.get(path, headers={"Accept": "text/html"})
    yield "problem", browser.get("/claims/C0", headers={"Accept": "text/html"})


def test_every_page_has_a_strict_policy_no_inline_code_and_a_token_in_each_form(house: House) -> None:
    seen = set()
    for path, answer in pages(house):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["X-Frame-Options"] == "DENY", path
        if answer.mimetype == "text/html":
            seen.add(path)
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", answer.text), path
            nonce = re.search(r"'nonce-([^']+)'", policy)
            assert nonce and all(f'nonce="{nonce[1]}"' in each for each in re.findall(r"<script[^>]*>", answer.text)), path
            forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", answer.text, re.DOTALL)
            assert all('name="csrf"' in each for each in forms), path
    assert len(seen) >= 6 and any(path.startswith("/claims/") for path in seen)


def test_a_page_weighs_less_than_150_kilobytes_with_its_sheet_and_all_our_scripts(house: House) -> None:
    """Gzipped, pictures and the editor's bundle apart; no page loads all of the scripts."""
    own = [each for each in (WORKBENCH / "static").iterdir() if each.suffix in (".css", ".js") and each.name != "codemirror.js"]
    beside = sum(len(gzip.compress(each.read_bytes())) for each in own)
    assert beside > 10_000
    sizes = {path: len(gzip.compress(answer.data)) + beside for path, answer in pages(house) if answer.mimetype == "text/html"}
    assert len(sizes) >= 6
    assert {path: size for path, size in sizes.items() if size >= 150_000} == {}


def test_no_form_of_any_page_is_taken_without_its_token(house: House) -> None:
    browser = house.client(staff="zhou")
    csrf_of(browser.get("/").text)
    posts = [
        each
        for each in browser.app.url_map.iter_rules()
        if "POST" in (each.methods or ()) and not each.rule.startswith(("/v1", "/oauth", "/fhir"))
    ]
    assert len(posts) >= 15
    for rule in posts:
        path = re.sub(r"<[^>]+>", "X0", rule.rule)
        for form in ({}, {"csrf": "guess"}):
            assert browser.post(path, data=form).status_code == 403, path


def test_no_cookie_is_set_that_scripts_or_other_sites_can_use(house: House) -> None:
    for path, answer in pages(house):
        for cookie in answer.headers.getlist("Set-Cookie"):
            assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Domain" not in cookie, path


def raw_values(house: House) -> dict[str, str]:
    person = the_insured(house)
    return {"ID number": person.id_number, "phone": person.phone, "account": ACCOUNT}


def found_in(text: str, values: dict[str, str]) -> list[str]:
    plain = html.unescape(text)
    return [name for name, value in values.items() if value in plain or value in plain.replace(" ", "")]


def test_no_page_letter_message_or_log_line_holds_a_number_that_names_a_person(house: House, caplog: pytest.LogCaptureFixture) -> None:
    values = raw_values(house)
    with caplog.at_level(logging.DEBUG):
        claim_id, me = paid_claim(house)
        desk = house.client(secret_of="hotline")
        looked: list[Any] = [answer for _, answer in pages_of(house, claim_id)]
        looked += [me.get(path) for path in (f"/v1/claims/{claim_id}", "/v1/me/claims", "/v1/me/policies", "/v1/me/agent")]
        looked += [desk.get(f"/v1/claims/{claim_id}"), desk.post("/v1/hotline/callers", json={"id_number": values["ID number"]})]
        letters = me.get(f"/v1/claims/{claim_id}/letters").json["letters"]
        looked += [me.get(each["html"]) for each in letters]
        wrong = house.client(secret_of="app").post("/v1/claims", json=a_claim(the_insured(house), "\u0000"))
        assert wrong.status_code == 422
    assert len(looked) >= 10 and all(answer.status_code == 200 for answer in looked)
    assert [found_in(answer.text, values) for answer in looked] == [[]] * len(looked)
    for each in letters:
        assert not each["pdf"] or found_in(text_of(me.get(each["pdf"]).data), values) == []
    with house.system.database.read() as tx:
        bodies = [f"{each.subject} {each.body}" for each in tx.connection.execute(message.select())]
    assert bodies and found_in("\n".join(bodies), values) == []
    log = "\n".join(each.getMessage() + str(each.args) + (each.exc_text or "") for each in caplog.records if each.name != "sqlalchemy")
    assert "POST /v1/claims" in log and found_in(log, values) == []


def pages_of(house: House, claim_id: str) -> Iterator[tuple[str, Any]]:
    browser = house.client(staff="zhou")
    for path in ("/", f"/claims/{claim_id}", "/events", f"/?search={the_insured(house).name}"):
        yield path, browser.get(path)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def test_what_lies_in_the_database_and_beside_it_holds_no_such_number(house: House) -> None:
    """The files of the database themselves, and every stored file, are searched for the raw bytes."""
    paid_claim(house)
    home = house.system.blobs._folder.parent
    content = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file() and path.name != "key")
    assert len(content) > 100_000
    assert [name for name, value in raw_values(house).items() if value.encode() in content] == []


@pytest.mark.parametrize("act", ["withdraw", "appeal", "give_account"])
def test_what_changed_between_the_look_and_the_change_is_found_in_the_transaction(
    house: House, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = house.client(secret_of="app")
    claim_id = app.post("/v1/claims", json=a_claim(the_insured(house))).json["claim_id"]
    tag = app.get(f"/v1/claims/{claim_id}").headers["ETag"]
    really = getattr(claim_endpoints, act)

    def after_somebody_else(*words: Any, **named: Any) -> None:
        with house.system.database.write() as tx:
            claims.note_facts(tx, claim_id)
        really(*words, **named)

    monkeypatch.setattr(claim_endpoints, act, after_somebody_else)
    path, body = {
        "withdraw": ("withdrawal", {}),
        "appeal": ("appeal", {"reason": "不同意"}),
        "give_account": ("account", {"holder": the_insured(house).name, "account_number": "9900000000000017", "bank_name": "示例银行"}),
    }[act]
    answer = app.post(f"/v1/claims/{claim_id}/{path}", json=body, headers={"If-Match": tag})
    assert (answer.status_code, answer.json["type"]) == (412, "urn:mingbai:precondition_failed")
    assert app.get(f"/v1/claims/{claim_id}").json["state"] == "REPORTED"


def test_whoever_names_no_tag_asks_for_no_check(house: House) -> None:
    app: Http = house.client(secret_of="app")
    claim_id = app.post("/v1/claims", json=a_claim(the_insured(house))).json["claim_id"]
    assert app.post(f"/v1/claims/{claim_id}/withdrawal", json={}).status_code == 200
    assert house.client(token=token_of(house, the_insured(house))).get(f"/v1/claims/{claim_id}").json["state"] == "WITHDRAWN"
