"""Idempotency-Key, entity tags and pages: what the documentation promises about calling twice, at once, and in parts."""

import io
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from api_house import House
from api_papers import picture
from test_api_claims import a_claim, the_insured

from api import repeating
from storage import answered, registry
from storage.answered import ABANDONED_MS, KEPT_MS, Call
from storage.database import Database

KEY = {"Idempotency-Key": "5b1c2f0e-one"}


def a_token_call(house: House, headers: dict[str, str], number: int = 0) -> Any:
    """The one call whose answer is another each time it is really done."""
    person = house.portfolio.persons[number]
    return house.client(secret_of="app").post("/v1/customer-tokens", json={"id_number": person.id_number}, headers=headers)


def test_the_same_call_under_the_same_key_is_answered_the_same_way(house: House) -> None:
    first, again, without = a_token_call(house, KEY), a_token_call(house, KEY), a_token_call(house, {})
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.data == first.data != without.data
    assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (None, "true")


def test_names_in_another_order_are_the_same_call(house: House) -> None:
    app, (person, *_) = house.client(secret_of="app"), house.portfolio.persons
    report = {"external_ref": "K-1", "insured": {"id_number": person.id_number}}
    first = app.post("/v1/claims", json=report, headers=KEY)
    again = app.post("/v1/claims", json=dict(reversed(report.items())), headers=KEY)
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.data == first.data


def test_another_call_under_the_same_key_is_a_conflict(house: House) -> None:
    a_token_call(house, KEY)
    answer = a_token_call(house, KEY, number=1)
    assert (answer.status_code, answer.json["type"]) == (409, "urn:mingbai:conflict.key_reused")


def test_keys_differ_by_letter_case_and_belong_to_who_calls(house: House) -> None:
    a_token_call(house, KEY)
    assert a_token_call(house, {"Idempotency-Key": KEY["Idempotency-Key"].upper()}, number=1).status_code == 200
    report = {"external_ref": "T1", "caller": {"id_number": house.portfolio.persons[0].id_number}}
    assert house.client(secret_of="hotline").post("/v1/hotline/reports", json=report, headers=KEY).status_code == 202


def test_files_are_compared_by_content_and_not_by_how_the_request_was_wrapped(house: House) -> None:
    person, app = the_insured(house), house.client(secret_of="app")
    send: Callable[[bytes], Any] = lambda content: app.post(  # noqa: E731 - one shape, three contents
        "/v1/claims", data=parts(a_claim(person), content), content_type="multipart/form-data", headers=KEY
    )
    first, again, other = send(picture(1)), send(picture(1)), send(picture(2))
    assert (first.status_code, again.data) == (202, first.data)
    assert other.status_code == 409


def test_a_part_without_a_name_is_answered_with_a_key_too(house: House) -> None:
    unnamed = (
        b'--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b\r\nContent-Disposition: form-data; name="claim"\r\n\r\n{}\r\n--b--\r\n'
    )
    answer = house.client(secret_of="app").post("/v1/claims", data=unnamed, content_type="multipart/form-data; boundary=b", headers=KEY)
    assert answer.status_code == 422


def parts(claim: object, content: bytes) -> dict[str, Any]:
    return {"claim": json.dumps(claim), "files": [(io.BytesIO(content), "a.png")]}


def test_parts_without_a_name_are_refused_as_what_they_are(house: House) -> None:
    parts = "".join(f"--b\r\nContent-Disposition: form-data{each}\r\n\r\nx\r\n" for each in ("", '; name="a"', ""))
    client = house.client(secret_of="app")
    answer = client.post("/v1/claims", data=f"{parts}--b--\r\n".encode(), content_type="multipart/form-data; boundary=b", headers=KEY)
    assert answer.status_code in (400, 422), answer.text


def test_a_refused_call_changed_nothing_and_may_be_mended_under_its_key(house: House) -> None:
    app = house.client(secret_of="app")
    assert app.post("/v1/customer-tokens", json={"id_number": "1"}, headers=KEY).status_code == 422
    assert a_token_call(house, KEY).status_code == 200


@pytest.mark.parametrize("key", ["", "two words", "键", "x" * 256])
def test_a_key_of_another_form_is_refused(house: House, key: str) -> None:
    answer = a_token_call(house, {"Idempotency-Key": key})
    assert (answer.status_code, answer.json["type"]) == (400, "urn:mingbai:input.malformed")


def test_eight_calls_at_one_moment_are_done_once(house: House) -> None:
    answers: list[Any] = []
    begin = threading.Barrier(8)

    def call() -> None:
        begin.wait()
        answers.append(a_token_call(house, KEY))

    threads = [threading.Thread(target=call) for _ in range(8)]
    [each.start() for each in threads]
    [each.join() for each in threads]
    done = [each for each in answers if each.status_code == 200]
    waiting = [each for each in answers if each.status_code == 409]
    assert len(done) + len(waiting) == 8
    assert len({each.data for each in done}) == 1
    assert {(each.json["type"], each.headers["Retry-After"]) for each in waiting} <= {("urn:mingbai:conflict.in_progress", "1")}
    assert a_token_call(house, KEY).data == done[0].data


def test_an_answer_that_was_lost_on_the_way_is_there_after_a_restart(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between the work and the keeping of its answer: the key stays taken, and is done anew once it is abandoned."""
    with monkeypatch.context() as patched:
        patched.setattr(repeating.answered, "finish", lambda *_: None)
        assert a_token_call(house, KEY).status_code == 200
    assert a_token_call(house, KEY).json["type"] == "urn:mingbai:conflict.in_progress"
    house.system.database._ahead_ms = lambda: ABANDONED_MS + 1_000
    assert a_token_call(house, KEY).status_code == 200


def test_answers_are_forgotten_after_a_day(database: Database) -> None:
    call, ahead = Call("app:demo", "k", "hash"), 0
    database._ahead_ms = lambda: ahead
    with database.write() as tx:
        assert answered.begin(tx, call) is None
        answered.finish(tx, call, 200, "答".encode())
    for ahead, known in ((KEPT_MS - 60_000, True), (KEPT_MS + 1, False)):  # noqa: B007 - the clock reads it
        with database.write() as tx:
            found = answered.begin(tx, call)
        assert (found is not None and found.body == "答".encode()) is known


def test_two_transactions_find_each_other(database: Database) -> None:
    call = Call("app:demo", "k", "hash")
    with database.write() as tx:
        assert answered.begin(tx, call) is None
    with database.write() as tx:
        assert (known := answered.begin(tx, call)) is not None
        assert known.status is None
        answered.give_up(tx, call)
    with database.write() as tx:
        assert answered.begin(tx, replace(call, request_hash="another")) is None


def test_what_is_still_the_same_is_not_sent_again(house: House) -> None:
    app = house.client(secret_of="app")
    claim_id = app.post("/v1/claims", json=a_claim(the_insured(house))).json["claim_id"]
    first = app.get(f"/v1/claims/{claim_id}")
    again = app.get(f"/v1/claims/{claim_id}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_change_based_on_something_older_is_refused(house: House) -> None:
    app = house.client(secret_of="app")
    claim_id = app.post("/v1/claims", json=a_claim(the_insured(house))).json["claim_id"]
    path = f"/v1/claims/{claim_id}/withdrawal"
    stale = app.post(path, json={}, headers={"If-Match": '"of-another-day"'})
    assert (stale.status_code, stale.json["type"]) == (412, "urn:mingbai:precondition_failed")
    tag = app.get(f"/v1/claims/{claim_id}").headers["ETag"]
    assert app.post(path, json={}, headers={"If-Match": tag}).json["state"] == "WITHDRAWN"


@pytest.mark.parametrize("what", ["policies", "claims"])
@pytest.mark.parametrize("limit", [1, 2, 7, 8])
def test_pages_hold_everything_once_and_in_order(house: House, what: str, limit: int) -> None:
    person = the_insured(house)
    app = house.client(secret_of="app")
    with house.system.database.write() as tx:
        (mine, *_) = registry.policies_of(tx, person.person_id)
        more = [replace(mine, policy_number=f"P99-{number}", family_id="") for number in range(6)]
        registry.save_policies(tx, more)
    for number in range(7):
        app.post("/v1/claims", json={"external_ref": f"R{number}", "insured": {"id_number": person.id_number}})
    me = house.client(token=app.post("/v1/customer-tokens", json={"id_number": person.id_number}).json["token"])
    whole = me.get(f"/v1/me/{what}").json
    assert whole["next"] is None
    found, cursor = [], ""
    while cursor is not None:
        page = me.get(f"/v1/me/{what}", query_string={"limit": limit, "cursor": cursor}).json
        assert 1 <= len(page[what]) <= limit
        found += page[what]
        cursor = page["next"]
    assert found == whole[what]
    assert len(found) >= 7


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "cursor=%21%21", "cursor=WzFd", "cursor=bnVsbA", "cursor=W3RydWUsImEiXQ"]
)
def test_a_page_that_cannot_be_is_refused(house: House, query: str) -> None:
    token = a_token_call(house, {}).json["token"]
    answer = house.client(token=token).get(f"/v1/me/claims?{query}")
    assert (answer.status_code, answer.json["type"]) == (422, "urn:mingbai:input.invalid")
